import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { may, signedIn } from '#/api/may';
import { useMe } from '#/api/me';
import { nextSending, sendWaiting } from './sender';
import { listDrafts, removeOld, watchDrafts } from './store';

/** Sender sends what waits: when the page opens, when the network returns, when the page is looked
 *  at again, and after a pause. It stands once in the frame and shows nothing. */
export function Sender() {
  const me = useMe();
  const questions = useQueryClient();
  const owner = signedIn(me.data)?.id;
  useEffect(() => {
    void removeOld(Date.now());
  }, []);
  const files = may(me.data, 'file') ? me.data?.role : undefined;
  useEffect(() => {
    if (files && 'serviceWorker' in navigator) void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage({ formsOf: files }));
  }, [files]);
  useEffect(() => {
    if (owner === undefined) return;
    let over = false;
    let timer: number | undefined;
    let waiting = new Set<string>();
    const plan = async () => {
      const drafts = await listDrafts(owner);
      if (over) return;
      // What others show of reports and duties is no longer so once one was filed.
      if (drafts.some((d) => d.state === 'filed' && waiting.has(d.id))) void questions.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'codelist' });
      if (drafts.some((d) => d.hold === 'session')) void questions.invalidateQueries({ queryKey: ['me'] });
      waiting = new Set(drafts.filter((d) => d.state === 'waiting').map((d) => d.id));
      const next = await nextSending(owner);
      clearTimeout(timer);
      if (!over && next !== undefined) timer = window.setTimeout(() => void sendWaiting(owner, false), Math.max(next - Date.now(), 1000));
    };
    const sign = () => void sendWaiting(owner, true);
    const seen = () => {
      if (document.visibilityState === 'visible') sign();
    };
    sign();
    void plan();
    const stop = watchDrafts(() => void plan());
    addEventListener('online', sign);
    document.addEventListener('visibilitychange', seen);
    return () => {
      over = true;
      clearTimeout(timer);
      stop();
      removeEventListener('online', sign);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [owner, questions]);
  return null;
}
