import { describe, expect, it } from 'vitest';
import { afterAnswer, isDue } from './answer';
import { newDraft, type Draft } from './draft';

const now = 1_800_000_000_000;
const waiting = (more: Partial<Draft> = {}): Draft => ({
  ...newDraft({ kind: 'annex_xii', address: '/new/annex-xii', owner: 'somebody', content: { period: '2026H1' } }),
  state: 'waiting', body: '{"kind":"annex_xii"}', submittedAt: now, ...more,
});
const receipt = { tracking_number: 'TN-1', proof: { jws: 'x' }, report_id: 'r', revision: 1 };

describe('after an answer', () => {
  it('files with a receipt only, and keeps nothing of what was typed', () => {
    const after = afterAnswer(waiting({ hold: 'network', tries: 3, sendAfter: now + 9 }), { status: 202, body: receipt }, now);
    expect(after).toMatchObject({ state: 'filed', receipt, content: {}, changedAt: now });
    expect([after.body, after.hold, after.tries, after.sendAfter]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each([
    ['no answer', undefined, 'network'],
    ['signed out', { status: 401, body: {} }, 'session'],
    ['too many', { status: 429, body: {} }, 'busy'],
    ['timeout', { status: 408, body: {} }, 'busy'],
    ['busy', { status: 503, body: {} }, 'busy'],
    ['a proxy that is lost', { status: 502, body: undefined }, 'busy'],
    ['a portal that answers everything', { status: 200, body: '<html>' }, 'busy'],
    ['a receipt that is none', { status: 202, body: {} }, 'busy'],
  ] as const)('goes on waiting with the same bytes and key: %s', (_, answer, hold) => {
    const before = waiting();
    const after = afterAnswer(before, answer, now);
    expect(after).toEqual({ ...before, hold, tries: 1, sendAfter: now + 2000 });
  });

  it('waits longer each time, five minutes at most', () => {
    const pauses: number[] = [];
    let draft = waiting();
    for (let i = 0; i < 10; i++) {
      draft = afterAnswer(draft, undefined, now);
      pauses.push((draft.sendAfter! - now) / 1000);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('waits as long as it is told to', () => {
    expect(afterAnswer(waiting(), { status: 503, body: {}, retryAfter: 30 }, now).sendAfter).toBe(now + 30_000);
    expect(afterAnswer(waiting(), { status: 429, body: {}, retryAfter: 900 }, now).sendAfter).toBe(now + 900_000);
  });

  it.each([400, 403, 409, 412, 413, 415, 422])('returns it with what was found: %i', (status) => {
    const before = waiting({ hold: 'network' });
    const errors = [{ code: 'AXII-022', severity: 'error', pointer: '/content/rows/0/women', message: 'm', message_vi: 'v' }];
    const after = afterAnswer(before, { status, body: { errors, current_revision: 4 } }, now);
    expect(after).toMatchObject({ state: 'returned', findings: errors, refusal: { status, currentRevision: 4 }, content: before.content });
    expect(after.body).toBeUndefined();
    expect(after.hold).toBeUndefined();
    expect(after.key).not.toBe(before.key);
  });
});

describe('a revision that does not follow', () => {
  const stale = (current_revision: number) => ({ status: 412, body: { errors: [], current_revision }, retryAfter: 2 });

  it('may follow one that was taken a moment ago: it is tried three times more', () => {
    let draft = waiting({ revision: 3 });
    for (let i = 0; i < 3; i++) {
      draft = afterAnswer(draft, stale(1), now);
      expect(draft).toMatchObject({ state: 'waiting', hold: 'busy', sendAfter: now + 2000 });
    }
    expect(afterAnswer(draft, stale(1), now).state).toBe('returned');
  });

  it('is returned at once if another came first', () => {
    expect(afterAnswer(waiting({ revision: 3 }), stale(3), now)).toMatchObject({ state: 'returned', refusal: { status: 412, currentRevision: 3 } });
  });
});

describe('whether it is due', () => {
  it('is sent at once, and not before its pause is over', () => {
    expect(isDue(waiting(), now, false)).toBe(true);
    expect(isDue(waiting({ hold: 'network', sendAfter: now + 1 }), now, false)).toBe(false);
    expect(isDue(waiting({ hold: 'network', sendAfter: now }), now, false)).toBe(true);
  });

  it('is tried at any sign of the network or of its owner, but not against a request to wait', () => {
    expect(isDue(waiting({ hold: 'network', sendAfter: now + 1 }), now, true)).toBe(true);
    expect(isDue(waiting({ hold: 'session', sendAfter: now + 1 }), now, true)).toBe(true);
    expect(isDue(waiting({ hold: 'busy', sendAfter: now + 1 }), now, true)).toBe(false);
  });

  it.each(['draft', 'filed', 'returned'] as const)('is never sent as %s', (state) => {
    expect(isDue(waiting({ state }), now, true)).toBe(false);
  });
});
