import { ApiProblem, Offline, type Finding, type Problem } from '#/api/client';
import { afterAnswer, isDue, type Answer } from './answer';
import { envelopeOf, type Draft } from './draft';
import { advanceDraft, getDraft, listDrafts, saveDraft } from './store';

/** No answer within this time is none: the same is sent again. In milliseconds. */
const patience = 60_000;

/** submitDraft freezes what is to be sent and sends it: filed, returned with findings, or waiting. */
export async function submitDraft(draft: Draft): Promise<Draft> {
  const now = Date.now();
  const body = JSON.stringify(envelopeOf(draft));
  // One that was submitted before stays as it was, and is only tried again.
  await saveDraft({ ...draft, state: 'waiting', body, findings: undefined, refusal: undefined, submittedAt: now, changedAt: now });
  await sendOne(draft.id, true);
  return (await getDraft(draft.id)) ?? draft;
}

/** sendWaiting sends what waits of one person, in the order in which it was submitted. sign: there
 *  is reason to think that the network or the person is back. */
export async function sendWaiting(owner: string, sign: boolean): Promise<void> {
  const waiting = await listDrafts(owner, 'waiting');
  waiting.sort((a, b) => (a.submittedAt ?? 0) - (b.submittedAt ?? 0));
  for (const draft of waiting) await sendOne(draft.id, sign);
}

/** nextSending is when the next of one person's waiting reports may be tried, undefined if none waits. */
export async function nextSending(owner: string): Promise<number | undefined> {
  const times = (await listDrafts(owner, 'waiting')).map((draft) => draft.sendAfter ?? Date.now());
  return times.length > 0 ? Math.min(...times) : undefined;
}

async function sendOne(id: string, sign: boolean): Promise<void> {
  // One sender of a browser: two tabs never send the same at the same time.
  await navigator.locks.request('atvsld-sender', async () => {
    const draft = await getDraft(id);
    if (!draft || draft.body === undefined || !isDue(draft, Date.now(), sign)) return;
    await advanceDraft(afterAnswer(draft, await send(draft), Date.now()));
  });
}

async function send(draft: Draft): Promise<Answer | undefined> {
  try {
    // Somebody else may have signed in since, in another tab: it is never filed in his name.
    const me = await ask('/v1/access/me');
    if (me.status !== 200) return me;
    if ((me.body as { id?: string }).id !== draft.owner) return { status: 401, body: undefined };
    return await ask('/v1/reports', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': draft.key },
      body: draft.body!,
    });
  } catch {
    return undefined;
  }
}

async function ask(address: string, init?: RequestInit): Promise<Answer> {
  const answered = await fetch(address, { ...init, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(patience) });
  const wait = Number(answered.headers.get('Retry-After'));
  const body: unknown = await answered.json().catch(() => undefined);
  return { status: answered.status, body, retryAfter: wait > 0 ? wait : undefined };
}

/** dryRun checks a draft by every rule of the platform and files nothing. Returns what was found. */
export async function dryRun(draft: Draft, signal?: AbortSignal): Promise<Finding[]> {
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
  if (answered.ok) return (body as { warnings?: Finding[] }).warnings ?? [];
  if (answered.status === 422 || answered.status === 409 || answered.status === 412) return (body as Problem).errors ?? [];
  throw new ApiProblem(answered.status, body as Problem | undefined);
}
