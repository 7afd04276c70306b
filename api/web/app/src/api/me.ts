import { useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from './client';

export type Myself = Schemas['Myself'];

/** What may be asked for is decided by the API; the page only does not offer what would be refused. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: ({ signal }) => answer(api.GET('/v1/access/me', { signal })), staleTime: 60_000 });
}

export type Action = keyof NonNullable<Myself['may']>;

/** Whether somebody may do something at all. */
export const may = (me: Myself | undefined, action: string): boolean => (me?.may?.[action] ?? '-') !== '-';
