import { useQuery } from '@tanstack/react-query';
import { answer, api, ApiProblem, type Schemas } from './client';

export type Boundaries = Schemas['Boundaries'];

/** The boundaries of provinces that the operator supplied; null if there are none, and tiles do. */
export function useBoundaries(list: '34' | '63') {
  return useQuery({
    queryKey: ['boundaries', list],
    queryFn: async ({ signal }): Promise<Boundaries | null> => {
      try {
        return await answer(api.GET('/v1/boundaries/{list}', { params: { path: { list } }, signal }));
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });
}
