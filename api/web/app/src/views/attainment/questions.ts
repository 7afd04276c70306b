import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '#/api/client';
import type { Myself } from '#/api/may';
import { homeArea, mayWatch } from '#/figures/entitled';
import { geographyOf, type Geography } from '#/figures/geography';
import type { attainment } from '#/search';

/** How often live figures are asked for again while somebody looks, in milliseconds. */
const again = 15_000;

export interface Asked {
  plan: string;
  area: string;
  year: number | undefined;
  geography: Geography;
  view: 'live' | 'closed';
}

/** What an address asks when somebody opens it: of his own area if it names none, live if he may watch. */
export function asks(search: ReturnType<typeof attainment>, me: Myself | undefined): Asked {
  const area = search.area ?? homeArea(me);
  return {
    plan: search.plan ?? 'D31', area, year: search.year, geography: geographyOf(search.geo, area), view: mayWatch(me, area) && search.view !== 'closed' ? 'live' : 'closed',
  };
}

export const boardQuestion = ({ plan, area, year, geography, view }: Asked) =>
  queryOptions({
    queryKey: ['attainment', view, 'board', plan, area, geography, year],
    queryFn: ({ signal }) => answer(api.GET('/v1/attainment', { params: { query: { plan: [plan], area: [area], year, geography, view } }, signal })),
  });

/** The targets of a plan for one area. */
export function useBoard(asked: Asked, enabled: boolean) {
  return useQuery({ ...boardQuestion(asked), enabled, refetchInterval: asked.view === 'live' ? again : false, placeholderData: (before) => before });
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
