import { ApiProblem, Offline, type Problem } from '#/api/client';
import { envelopeOf, type Acceptance, type Draft } from './draft';
import { getDraft, listDrafts, saveDraft } from './store';

/** submitDraft freezes what is to be sent and sends it: filed, returned with findings, or waiting. */
export async function submitDraft(draft: Draft): Promise<Draft> {
  const now = Date.now();
  await saveDraft({ ...draft, state: 'waiting', body: JSON.stringify(envelopeOf(draft)), findings: undefined, submittedAt: now, changedAt: now });
  await sendOne(draft.id);
  return (await getDraft(draft.id)) ?? draft;
}

/** sendWaiting sends what waits of one person, one report after the other, in one tab only. */
export async function sendWaiting(owner: string): Promise<void> {
  for (const draft of await listDrafts(owner)) {
    if (draft.state === 'waiting') await sendOne(draft.id);
  }
}

async function sendOne(id: string): Promise<void> {
  // One sender of a browser: two tabs never send the same at the same time.
  await navigator.locks.request('atvsld-sender', async () => {
    const draft = await getDraft(id);
    if (!draft || draft.state !== 'waiting' || draft.body === undefined) return;
    const after = await send(draft);
    if (after) await saveDraft({ ...after, changedAt: Date.now() });
  });
}

/** send returns the draft as it stands after a clear answer, undefined while there is none. */
async function send(draft: Draft): Promise<Draft | undefined> {
  let answered: Response;
  try {
    answered = await fetch('/v1/reports', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': draft.key },
      body: draft.body!,
      credentials: 'same-origin',
    });
  } catch {
    return undefined; // no network: it goes on waiting
  }
  if (answered.status === 202) return { ...draft, state: 'filed', receipt: (await answered.json()) as Acceptance };
  if (answered.status === 401 || answered.status === 408 || answered.status === 429 || answered.status >= 500) return undefined;
  const problem = (await answered.json().catch(() => undefined)) as Problem | undefined;
  return { ...draft, state: 'returned', body: undefined, findings: problem?.errors ?? [] };
}

/** dryRun checks a draft by every rule of the platform and files nothing. Returns what was found. */
export async function dryRun(draft: Draft, signal?: AbortSignal): Promise<Problem['errors']> {
  let answered: Response;
  try {
    answered = await fetch('/v1/reports?dry_run=true', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': draft.key },
      body: JSON.stringify(envelopeOf(draft)),
      credentials: 'same-origin',
      signal,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Offline('no answer', { cause });
  }
  const body: unknown = await answered.json().catch(() => undefined);
  if (answered.ok) return ((body as { warnings?: Problem['errors'] }).warnings ?? []) as Problem['errors'];
  if (answered.status === 422 || answered.status === 409 || answered.status === 412) return (body as Problem).errors ?? [];
  throw new ApiProblem(answered.status, body as Problem | undefined);
}
