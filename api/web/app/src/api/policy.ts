import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';

/** Who may do what, and what every role and kind is called. It changes with a release only. */
export const policyQuestion = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => answer(api.GET('/v1/access/policy', { signal })),
  staleTime: Infinity,
});
