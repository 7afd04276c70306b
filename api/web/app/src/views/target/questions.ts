import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '#/api/client';
import type { Myself } from '#/api/may';
import { homeArea, mayWatch } from '#/figures/entitled';
import { geographyOf, type Geography } from '#/figures/geography';
import type { attainment } from '#/search';

export interface Asked {
  area: string;
  year: number | undefined;
  base: number;
  geography: Geography;
  view: 'live' | 'closed';
}

/** How many years the path goes back when nobody names a base year. */
const back = 9;

/** What an address asks when somebody opens it: of his own area if it names none, live if he may watch. */
export function asks(search: ReturnType<typeof attainment>, me: Myself | undefined): Asked {
  const area = search.area ?? homeArea(me);
  return {
    area, year: search.year, base: search.base ?? (search.year ?? new Date().getFullYear() - 1) - back,
    geography: geographyOf(search.geo, area), view: mayWatch(me, area) && search.view !== 'closed' ? 'live' : 'closed',
  };
}

export const targetQuestion = (id: string, { area, year, base, geography, view }: Asked) =>
  queryOptions({
    queryKey: ['attainment', view, 'target', id, area, geography, year, base],
    queryFn: ({ signal }) => answer(api.GET('/v1/attainment', { params: { query: { target: [id], area: [area], year, base, geography, view } }, signal })),
  });

/** One target for one area, under every definition and on every path. */
export function useTarget(id: string, asked: Asked, enabled: boolean) {
  return useQuery({ ...targetQuestion(id, asked), enabled, refetchInterval: asked.view === 'live' ? 15_000 : false, placeholderData: (before) => before });
}

/** What the figure of a year is made of. */
export function useExplanation(indicator: string, { area, geography, view }: Asked, year: number) {
  return useQuery({
    queryKey: ['explain', indicator, area, geography, view, year],
    queryFn: ({ signal }) => answer(api.GET('/v1/indicators/{id}/explain', { params: { path: { id: indicator }, query: { area, year, geography, view } }, signal })),
  });
}

export type Code = NonNullable<Schemas['IndicatorLeftOut']>['code'] | 'counted';

/** The group of reports that an address of an explanation names. */
export interface Group {
  role: 'numerator' | 'denominator';
  code: Exclude<Code, 'not_listed'>;
}

/** groupOf reads an address of an explanation: the page asks with its own client, never by an address that came in an answer. */
export function groupOf(address: string): Group | undefined {
  const query = new URL(address, location.origin).searchParams;
  const role = query.get('role') === 'denominator' ? 'denominator' : 'numerator';
  const code = query.get('code');
  return code && code !== 'not_listed' ? { role, code: code as Group['code'] } : undefined;
}

/** A page of the reports of a group. */
export function useReports(indicator: string, { area, geography, view }: Asked, year: number, group: Group, cursor: string | undefined) {
  return useQuery({
    queryKey: ['explained', indicator, area, geography, view, year, group, cursor],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/indicators/{id}/explain/reports', { params: { path: { id: indicator }, query: { area, year, geography, view, ...group, cursor, limit: 20 } }, signal })),
  });
}
