import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, Offline } from './client';
import { signedIn, type Myself } from './may';

// Who was signed in when there last was a network, so that a form opens without one. Gone with the
// session.
const lastKept = 'atvsld-me';
const endedKept = 'atvsld-session-ended';

export const whoAmI = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => askMe(signal), staleTime: 60_000 });

/** What may be asked for is decided by the API; the page only does not offer what would be refused. */
export const useMe = () => useQuery(whoAmI);

async function askMe(signal: AbortSignal): Promise<Myself> {
  try {
    return keep(await answer(api.GET('/v1/access/me', { signal })));
  } catch (error) {
    const last = localStorage.getItem(lastKept);
    if (error instanceof Offline && last) return JSON.parse(last) as Myself;
    throw error;
  }
}

function keep(me: Myself): Myself {
  if (signedIn(me)) {
    localStorage.setItem(lastKept, JSON.stringify(me));
    localStorage.removeItem(endedKept);
  } else if (localStorage.getItem(lastKept)) {
    localStorage.removeItem(lastKept);
    localStorage.setItem(endedKept, '1');
  }
  return me;
}

/** sessionEnded tells whether the last session here ended by itself, and not because its holder left. */
export const sessionEnded = (): boolean => localStorage.getItem(endedKept) !== null;

/** forgetMe is for who signs out. */
export function forgetMe(): void {
  localStorage.removeItem(lastKept);
  localStorage.removeItem(endedKept);
}
