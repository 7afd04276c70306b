import { QueryClient } from '@tanstack/react-query';
import { ApiProblem, Offline } from './client';

/** Answers are asked for again when a view opens; a refusal is not tried again, a silence twice. */
export function newQuestions(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        networkMode: 'always',
        retry: (failed, error) => failed < 2 && (error instanceof Offline || (error instanceof ApiProblem && error.status >= 500)),
        retryDelay: (failed, error) => (error instanceof ApiProblem && error.retryAfter ? error.retryAfter * 1000 : 500 * 2 ** failed),
      },
    },
  });
}
