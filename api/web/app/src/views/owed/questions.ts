import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '#/api/client';
import { unitKey } from './groups';

/** Everything that a unit of /v1/access/me owes, and what it has done of it. */
export const owedQuestion = (unit: string) =>
  queryOptions({
    queryKey: ['obligations', unit],
    // It may be had as CSV, too; JSON is what is asked for here.
    queryFn: async ({ signal }) => (await answer(api.GET('/v1/obligations', { params: { query: { unit: unitKey(unit), limit: 1000 } }, signal }))) as Schemas['ObligationList'],
  });
