import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api, ApiProblem, Offline, type Schemas } from '#/api/client';
import { pageLength } from './asked';

export type State = Schemas['ObligationCount']['state'];
export const states: State[] = ['missing', 'late', 'extended', 'due', 'undated', 'filed', 'replaced', 'exempt', 'elsewhere'];

/** The reasons that somebody may have to look at who has not reported; the API knows more. */
export const purposes = ['operation', 'inspection', 'statistics'] as const;
export type Purpose = (typeof purposes)[number];

export interface Asked {
  province: string;
  period: string;
  kind: string | undefined;
  state: State[];
  cursor: string | undefined;
  purpose: Purpose;
}

const queryOf = ({ province, period, kind, state, cursor }: Asked) => ({ province, period, kind: kind ? [kind] : undefined, state: state.length > 0 ? state : undefined, cursor });

/** A page of who owes what, and how many are in which state. */
export function useObligations(asked: Asked, enabled: boolean) {
  return useQuery({
    queryKey: ['obligations', asked],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/obligations', { params: { query: { ...queryOf(asked), limit: pageLength }, header: { 'Access-Purpose': asked.purpose } }, signal })),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** The whole list as one CSV file, asked for a thousand rows at a time. */
export async function downloadList(asked: Asked): Promise<Blob> {
  const parts: string[] = [];
  let cursor: string | undefined;
  do {
    const { data, response } = await api
      .GET('/v1/obligations', { params: { query: { ...queryOf(asked), cursor, limit: 1000 }, header: { 'Access-Purpose': asked.purpose } }, headers: { Accept: 'text/csv' }, parseAs: 'text' })
      .catch((cause: unknown) => {
        throw new Offline('no answer', { cause });
      });
    if (!response.ok || typeof data !== 'string') throw new ApiProblem(response.status, undefined);
    // Each page has the header; the file has it once.
    parts.push(parts.length === 0 ? data : data.slice(data.indexOf('\n') + 1));
    cursor = nextCursor(response.headers.get('Link'));
  } while (cursor);
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

/** nextCursor is where the next page begins, from a header Link (RFC 8288). */
export function nextCursor(link: string | null): string | undefined {
  const address = link?.match(/<([^>]+)>;\s*rel="next"/)?.[1];
  return address ? (new URL(address, 'http://any').searchParams.get('cursor') ?? undefined) : undefined;
}
