import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';

/** What the platform tells of its live figures. */
export interface Live {
  /** The moment that they stand for; undefined until it is known. */
  asOf?: string;
}

/** When figures are asked for after the store has changed, in milliseconds: the platform reads them
 *  again beside the questions, so that the first answer may still be the one before. */
const looks = [1_200, 5_000];

/** How long to wait before listening again after a refusal, in milliseconds. */
const patience = { first: 5_000, most: 60_000 };

/** settling asks after each change, and no more often however often there is one. */
export function settling(ask: () => void): { moved: () => void; stop: () => void } {
  let timers: ReturnType<typeof setTimeout>[] = [];
  let again = false;
  const begin = () => {
    again = false;
    timers = looks.map((wait, i) =>
      setTimeout(() => {
        ask();
        if (i < looks.length - 1) return;
        timers = [];
        if (again) begin();
      }, wait),
    );
  };
  return {
    moved: () => {
      if (timers.length === 0) begin();
      else again = true;
    },
    stop: () => {
      timers.forEach(clearTimeout);
      timers = [];
    },
  };
}

// One stream of a page, however many of its parts listen.
const listeners = new Set<() => void>();
let live: Live = {};
let close: (() => void) | undefined;

function listen(questions: QueryClient, tell: () => void): () => void {
  listeners.add(tell);
  close ??= follow(questions);
  return () => {
    listeners.delete(tell);
    if (listeners.size > 0) return;
    close?.();
    close = undefined;
  };
}

/** follow listens while somebody can see the page. */
function follow(questions: QueryClient): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = patience.first;
  const figures = settling(() => void questions.invalidateQueries({ predicate: (q) => q.queryKey.includes('live') }));
  const shut = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const open = () => {
    shut();
    source = new EventSource('/v1/live');
    source.addEventListener('state', (event) => {
      wait = patience.first;
      const asOf = (JSON.parse(event.data as string) as { as_of: string | null }).as_of ?? undefined;
      // What the views show is as old as they are: only a change makes them ask again.
      if (live.asOf !== undefined && live.asOf !== asOf) figures.moved();
      live = { asOf };
      listeners.forEach((tell) => tell());
    });
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      // Refused: by a session that has ended, or by too many who listen.
      void questions.invalidateQueries({ queryKey: ['me'] });
      timer = setTimeout(open, wait);
      wait = Math.min(2 * wait, patience.most);
    });
  };
  const look = () => (document.visibilityState === 'visible' ? open() : shut());
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    shut();
    figures.stop();
  };
}

/** useLive tells up to when live figures are, and has questions whose key holds 'live' asked again
 *  when they have changed. */
export function useLive(enabled: boolean): Live {
  const questions = useQueryClient();
  const subscribe = useCallback((tell: () => void) => (enabled ? listen(questions, tell) : () => undefined), [enabled, questions]);
  const told = useSyncExternalStore(subscribe, () => live);
  return enabled ? told : {};
}
