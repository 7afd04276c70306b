import { QueryClient } from '@tanstack/react-query';
import { ApiProblem, Offline } from './client';

/** How often somebody asks again before he is told that there is no answer. */
const tries = 3;

/** Answers are asked for again when a view opens; a refusal is not tried again, a silence and a
 *  platform that asks for a pause are. */
export function newQuestions(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        networkMode: 'always',
        retry: (failed, error) => failed < tries && passes(error),
        retryDelay: (failed, error) => (error instanceof ApiProblem && error.retryAfter ? error.retryAfter * 1000 : 500 * 2 ** failed),
      },
    },
  });
}

/** Whether the same question may be answered later. */
const passes = (error: unknown): boolean => error instanceof Offline || (error instanceof ApiProblem && (error.status === 429 || error.status >= 500));
