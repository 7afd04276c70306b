import { useEffect, useState } from 'react';
import type { Finding } from '#/api/client';
import type { Draft } from '#/drafts/draft';
import { dryRun } from '#/drafts/sender';

/** How long nobody has to type before the platform is asked, in milliseconds. */
const pause = 800;

/** What the platform's own checks say of a draft as it stands. */
export interface Checks {
  findings: Finding[];
  /** The findings are of an earlier state: it is being asked, or there is no network. */
  stale: boolean;
  /** Why there is no answer, if there is none. */
  error: unknown;
}

/** useChecks has the platform check a draft, by every rule, each time that typing pauses. Nothing is filed. */
export function useChecks(draft: Draft | undefined): Checks {
  const [answered, setAnswered] = useState<{ asked?: string; findings: Finding[]; error?: unknown }>({ findings: [] });
  const asked = draft === undefined ? undefined : JSON.stringify([draft.kind, draft.revision, draft.content, draft.reason, draft.acknowledged, draft.withdrawn]);
  useEffect(() => {
    if (draft === undefined) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      dryRun(draft, stop.signal)
        .then((findings) => setAnswered({ asked, findings: findings ?? [] }))
        .catch((error: unknown) => {
          if (!stop.signal.aborted) setAnswered((before) => ({ ...before, error }));
        });
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // The draft changes identity with every stroke; what is asked of it is its text.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked]);
  return { findings: answered.findings, stale: answered.asked !== asked, error: answered.error };
}

/** blocks tells whether a finding keeps a report from being filed. */
export function blocks(f: Finding, acknowledged: string[] = []): boolean {
  return f.severity === 'error' || (f.acknowledge === true && !acknowledged.includes(f.code));
}
