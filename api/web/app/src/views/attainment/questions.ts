import { useQuery } from '@tanstack/react-query';
import { answer, api } from '#/api/client';
import type { Geography } from '#/figures/geography';

/** How often live figures are asked for again while somebody looks, in milliseconds. */
const again = 15_000;

export interface Asked {
  plan: string;
  area: string;
  year: number | undefined;
  geography: Geography;
  view: 'live' | 'closed';
}

/** The targets of a plan for one area. */
export function useBoard({ plan, area, year, geography, view }: Asked, enabled: boolean) {
  return useQuery({
    queryKey: ['attainment', view, 'board', plan, area, geography, year],
    queryFn: ({ signal }) => answer(api.GET('/v1/attainment', { params: { query: { plan: [plan], area: [area], year, geography, view } }, signal })),
    enabled,
    refetchInterval: view === 'live' ? again : false,
    placeholderData: (before) => before,
  });
}

/**
 * One target for every province, under the definition that it is told by first. Whoever has provinces of his own is
 * told those live and the others as closed when no view is named.
 */
export function useProvinces(asked: { target: string; definition: string; year: number; geography: Geography; view: 'live' | 'closed' | undefined }, refresh: boolean) {
  const { target, definition, year, geography, view } = asked;
  return useQuery({
    // Whatever holds live figures is named so: the live stream has it asked again.
    queryKey: ['attainment', refresh ? 'live' : 'closed', 'provinces', view, target, definition, geography, year],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/attainment', { params: { query: { target: [target], definition: definition === 'none' ? undefined : [definition], year, geography, view } }, signal })),
    refetchInterval: refresh ? again : false,
  });
}

/** The plans and their targets. */
export function usePlans() {
  return useQuery({ queryKey: ['targets'], queryFn: ({ signal }) => answer(api.GET('/v1/targets', { signal })), staleTime: 300_000 });
}
