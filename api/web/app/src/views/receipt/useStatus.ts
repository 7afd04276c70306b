import { useQuery } from '@tanstack/react-query';
import { answer, api } from '#/api/client';

/** How long the API may wait with its answer for the report to be stored, and the pause between
 *  two questions, in milliseconds, until it is. */
const prefer = 'wait=10';
const pause = 2000;

/** useStatus asks how a filed revision stands, until it is stored. presented: the whole receipt in
 *  base64url, which is believed at once, or its number, which is known once it is stored. */
export function useStatus(report: string, presented: { Receipt: string } | { tracking: string }) {
  return useQuery({
    queryKey: ['status', report, presented],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/v1/reports/{id}', {
          params: {
            path: { id: report },
            query: 'tracking' in presented ? { tracking: presented.tracking } : {},
            header: { Prefer: prefer, ...('Receipt' in presented ? { Receipt: presented.Receipt } : {}) },
          },
          signal,
        }),
      ),
    refetchInterval: (query) => (query.state.data?.state === 'received' ? pause : false),
  });
}

export type Status = NonNullable<ReturnType<typeof useStatus>['data']>;
