import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '#/api/client';
import { geographyOf, type Geography } from '#/figures/geography';
import type { home } from '#/search';

/** The Directive's targets and the definition that each is told by first. */
export const directive = [
  { target: 'D31-1', definition: 'fatal_accidents_count' },
  { target: 'D31-2', definition: 'examined_persons' },
  { target: 'D31-3', definition: 'monitored_sites' },
] as const;
export type DirectiveTarget = (typeof directive)[number]['target'];

export interface Asked {
  area: string;
  geography: '34' | '63';
  year: number | undefined;
}

/** What an address asks. */
export function asks(search: ReturnType<typeof home>): Asked {
  const area = search.area ?? 'VN';
  return { area, geography: geographyOf(search.geo, area) === '63' ? '63' : '34', year: search.year };
}

/** One area under all definitions: little, and all that the first screen says. The public sees closed figures, whoever asks. */
export const areaQuestion = ({ area, geography, year }: Asked) =>
  queryOptions({
    queryKey: ['attainment', 'closed', area, geography, year],
    queryFn: ({ signal }) => answer(api.GET('/v1/attainment', { params: { query: { area: [area], geography, year, view: 'closed' } }, signal })),
    staleTime: 60_000,
  });

export const useArea = (asked: Asked) => useQuery({ ...areaQuestion(asked), placeholderData: keepPreviousData });

/** Every province under one definition. */
export function useProvinces(target: DirectiveTarget, geography: Geography, year: number | undefined) {
  const { definition } = directive.find((d) => d.target === target)!;
  return useQuery({
    queryKey: ['attainment', 'closed', 'provinces', target, geography, year],
    queryFn: ({ signal }) => answer(api.GET('/v1/attainment', { params: { query: { target: [target], definition: [definition], geography, year, view: 'closed' } }, signal })),
    staleTime: 60_000,
  });
}
