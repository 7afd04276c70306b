import type { Problem } from '#/api/client';
import type { Acceptance, Draft, Hold } from './draft';

/** What came back when a report was sent: undefined if nothing did. */
export interface Answer {
  status: number;
  body: unknown;
  /** Seconds, of the header Retry-After. */
  retryAfter?: number;
}

const second = 1000;
const longestPause = 5 * 60 * second;

// Whoever answers so has not decided: the very same is sent again.
const undecided = new Set([408, 425, 429]);

/** afterAnswer is how a waiting draft stands once it was sent. Pure. */
export function afterAnswer(draft: Draft, answer: Answer | undefined, now: number): Draft {
  if (answer === undefined) return held(draft, 'network', now);
  if (answer.status === 202 && isAcceptance(answer.body)) return filed(draft, answer.body, now);
  if (answer.status === 401) return held(draft, 'session', now);
  // An answer that is none of the API's, as of a portal that wants a log-in, decides nothing either.
  if (answer.status < 400 || answer.status >= 500 || undecided.has(answer.status)) return held(draft, 'busy', now, answer.retryAfter);
  if (mayFollowSoon(draft, answer)) return held(draft, 'busy', now, answer.retryAfter);
  return returned(draft, answer, now);
}

// The revision before may have been taken a moment ago, where this gateway does not see it yet.
function mayFollowSoon(draft: Draft, { status, body, retryAfter }: Answer): boolean {
  const newest = (body as Partial<Problem> | undefined)?.current_revision ?? 0;
  return status === 412 && retryAfter !== undefined && draft.revision > newest + 1 && (draft.tries ?? 0) < 3;
}

function held(draft: Draft, hold: Hold, now: number, retryAfter?: number): Draft {
  const tries = (draft.tries ?? 0) + 1;
  const pause = retryAfter === undefined ? Math.min(2 ** tries * second, longestPause) : retryAfter * second;
  return { ...draft, hold, tries, sendAfter: now + pause };
}

// What was typed is on file now, and is not kept here a second time.
function filed(draft: Draft, receipt: Acceptance, now: number): Draft {
  return { ...sent(draft, now), state: 'filed', content: {}, view: undefined, receipt };
}

// Nothing was filed under the key, and what is sent next is another report.
function returned(draft: Draft, answer: Answer, now: number): Draft {
  const problem = answer.body as Partial<Problem> | undefined;
  return {
    ...sent(draft, now),
    state: 'returned',
    key: crypto.randomUUID(),
    findings: problem?.errors ?? [],
    refusal: { status: answer.status, currentRevision: problem?.current_revision },
  };
}

function sent(draft: Draft, now: number): Draft {
  return { ...draft, body: undefined, hold: undefined, tries: undefined, sendAfter: undefined, changedAt: now };
}

function isAcceptance(body: unknown): body is Acceptance {
  return typeof body === 'object' && body !== null && 'tracking_number' in body && 'proof' in body;
}

/** isDue tells whether a waiting draft may be sent. What waits for the network or for its owner is
 *  tried as soon as there is a sign of either; who asked for a pause is given it. Pure. */
export function isDue(draft: Draft, now: number, sign: boolean): boolean {
  if (draft.state !== 'waiting') return false;
  if (now >= (draft.sendAfter ?? 0)) return true;
  return sign && draft.hold !== 'busy';
}
