import { queryOptions } from '@tanstack/react-query';
import { answer, api, ApiProblem, type Schemas } from '#/api/client';
import { unitKey } from './groups';

/** Everything that a unit of /v1/access/me owes, and what it has done of it; null if the register does not hold it. */
export const owedQuestion = (unit: string) =>
  queryOptions({
    queryKey: ['obligations', unit],
    queryFn: async ({ signal }): Promise<Schemas['ObligationList'] | null> => {
      try {
        // It may be had as CSV, too; JSON is what is asked for here.
        return (await answer(api.GET('/v1/obligations', { params: { query: { unit: unitKey(unit), limit: 1000 } }, signal }))) as Schemas['ObligationList'];
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
  });
