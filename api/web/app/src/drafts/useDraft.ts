import { useCallback, useEffect, useRef, useState } from 'react';
import type { Draft } from './draft';
import { getDraft, listDrafts, saveDraft, watchDrafts } from './store';

/** useDraft holds one draft: what is set is kept on this device, at once on the page and shortly
 *  after on the disk; and whatever waits is written when the view is left. It is read once: what
 *  becomes of it after it was submitted, submitDraft tells, and {@link useDrafts} follows. */
export function useDraft(id: string | undefined): { draft: Draft | undefined; loaded: boolean; set: (next: Draft) => void; flush: () => Promise<void> } {
  const [held, setHeld] = useState<{ id?: string; draft?: Draft }>({});
  const pending = useRef<Draft | undefined>(undefined);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => {
    let current = true;
    if (id === undefined) return;
    // Typing may have begun while it was read.
    void getDraft(id).then((draft) => current && setHeld((before) => (before.id === id && pending.current ? before : { id, draft })));
    return () => {
      current = false;
    };
  }, [id]);
  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    const due = pending.current;
    pending.current = undefined;
    if (due) await saveDraft(due);
  }, []);
  const set = useCallback(
    (next: Draft) => {
      const at = { ...next, changedAt: Date.now() };
      setHeld({ id: at.id, draft: at });
      pending.current = at;
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void flush(), 300);
    },
    [flush],
  );
  useEffect(() => {
    const hide = () => void flush();
    addEventListener('pagehide', hide);
    document.addEventListener('visibilitychange', hide);
    return () => {
      removeEventListener('pagehide', hide);
      document.removeEventListener('visibilitychange', hide);
      void flush();
    };
  }, [flush]);
  const loaded = id !== undefined && held.id === id;
  return { draft: loaded ? held.draft : undefined, loaded, set, flush };
}

/** useDrafts lists the drafts of one person and follows their changes. */
export function useDrafts(owner: string | undefined): Draft[] | undefined {
  const [listed, setListed] = useState<{ owner: string; drafts: Draft[] }>();
  useEffect(() => {
    if (owner === undefined) return;
    let current = true;
    const load = () => void listDrafts(owner).then((drafts) => current && setListed({ owner, drafts }));
    load();
    const stop = watchDrafts(load);
    return () => {
      current = false;
      stop();
    };
  }, [owner]);
  return listed && listed.owner === owner ? listed.drafts : undefined;
}
