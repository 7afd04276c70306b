import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, ApiProblem, Offline, type Schemas } from '#/api/client';
import { useCodeList } from '#/api/codelists';
import type { Names } from './values';
import { movesBy, parameters, type Question } from './question';

// What the API is asked, and where the same answer is to be had as a file.

export const catalogueQuestion = queryOptions({ queryKey: ['indicators'], queryFn: ({ signal }) => answer(api.GET('/v1/indicators', { signal })), staleTime: Infinity });
export const closingsQuestion = queryOptions({ queryKey: ['closings'], queryFn: ({ signal }) => answer(api.GET('/v1/closings', { signal })), staleTime: 300_000 });

const often = (q: Question) => (q.view === 'live' && !q.asOf ? 60_000 : false);

/** The API answers with text where a file is asked for, and never here. */
function parsed<T>(got: T | string): T {
  if (typeof got === 'string') throw new Error('an answer in another format');
  return got;
}

/** Members of lists that parts of a split are named by. */
export function useNames(): Names {
  const causes = useCodeList('causes').data?.codes ?? [];
  const factors = useCodeList('factors').data?.codes ?? [];
  const sizes = useCodeList('worker-classes').data?.codes ?? [];
  // Codes of the list of 1996 were used again since.
  return { causes: causes.filter((c) => c.list === 'annex_xii'), factors: factors.filter((c) => c.list !== 'circular_23_1996'), sizes };
}

export const seriesQuery = (q: Question) => ({
  ...parameters(q),
  by: q.by && [q.by],
  compare: q.from < q.to ? ('base' as const) : ('previous' as const),
  base_year: q.from < q.to ? q.from : undefined,
});

export function seriesQuestion(q: Question) {
  const query = seriesQuery(q);
  return queryOptions({
    queryKey: ['series', q.measure, query],
    queryFn: async ({ signal }) => parsed(await answer(api.GET('/v1/indicators/{id}/series', { params: { path: { id: q.measure }, query }, signal }))),
  });
}

export const useSeries = (q: Question, enabled = true) => useQuery({ ...seriesQuestion(q), refetchInterval: often(q), enabled });

/** Provinces of one year, ranked, each beside the year before. Whoever sees some provinces live ranks closed figures. */
export const rankingQuery = (q: Question) => ({ ...parameters({ ...q, area: undefined }), from: q.to, by: ['province' as const], rank: true, compare: 'previous' as const });

export function useRanking(q: Question) {
  const query = rankingQuery(q);
  return useQuery({
    queryKey: ['ranking', q.measure, query],
    queryFn: async ({ signal }) => parsed(await answer(api.GET('/v1/indicators/{id}/series', { params: { path: { id: q.measure }, query }, signal }))),
  });
}

export const chartQuery = (q: Question) => ({ ...parameters(q), by: q.by && [q.by] });

export function useControl(q: Question) {
  const query = chartQuery(q);
  return useQuery({
    queryKey: ['chart', q.measure, query],
    queryFn: async ({ signal }) => parsed(await answer(api.GET('/v1/indicators/{id}/chart', { params: { path: { id: q.measure }, query }, signal }))),
  });
}

/** The funnel knows no area and no moment: it compares all provinces as they stand. */
export function funnelQuery(q: Question) {
  const { period, geography, view } = parameters(q);
  return { from: q.to, to: q.to, period, geography, view };
}

export function useFunnel(q: Question) {
  const query = funnelQuery(q);
  return useQuery({
    queryKey: ['funnel', q.measure, query],
    queryFn: async ({ signal }) => parsed(await answer(api.GET('/v1/indicators/{id}/funnel', { params: { path: { id: q.measure }, query }, signal }))),
  });
}

export const moversQuery = (q: Question) => ({ ...parameters(q), from: q.from === q.to ? q.to - 1 : q.from, by: [movesBy(q)] });

export function useMovers(q: Question) {
  const query = moversQuery(q);
  return useQuery({
    queryKey: ['movers', q.measure, query],
    queryFn: async ({ signal }) => parsed(await answer(api.GET('/v1/indicators/{id}/movers', { params: { path: { id: q.measure }, query }, signal }))),
  });
}

/** What one value is made of, for who may be told. */
export function useExplanation(id: string, query: { year: number; period: 'Y' | 'H1' | 'H2'; geography: Question['geo']; area?: string }, enabled: boolean) {
  return useQuery({
    queryKey: ['explain', id, query],
    queryFn: ({ signal }) => answer(api.GET('/v1/indicators/{id}/explain', { params: { path: { id }, query: { ...query, view: 'live' } }, signal })),
    enabled,
    retry: false,
  });
}

export type Explanation = Schemas['IndicatorExplanation'];

/** fileAddress is where the very question is answered. */
export function fileAddress(id: string, what: 'series' | 'chart' | 'funnel' | 'movers', query: Record<string, string | number | boolean | string[] | undefined>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, Array.isArray(value) ? value.join(',') : String(value));
  return `/v1/indicators/${encodeURIComponent(id)}/${what}?${asked}`;
}

/** fetchFile asks for an answer as a file of a kind. */
export async function fetchFile(address: string, kind: string): Promise<Blob> {
  const got = await fetch(address, { headers: { Accept: kind }, credentials: 'same-origin' }).catch((cause: unknown) => {
    throw new Offline('no answer', { cause });
  });
  if (!got.ok) throw new ApiProblem(got.status, undefined);
  return got.blob();
}
