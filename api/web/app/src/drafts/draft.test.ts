import { describe, expect, it } from 'vitest';
import { envelopeOf, newDraft, uuidV7 } from './draft';

describe('uuidV7', () => {
  it('has the form of RFC 9562', () => {
    for (let i = 0; i < 100; i++) expect(uuidV7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('begins with the milliseconds since 1970', () => {
    // The example of RFC 9562, appendix A.6.
    expect(uuidV7(1645557742000).slice(0, 13)).toBe('017f22e2-79b0');
    expect(uuidV7(0).slice(0, 13)).toBe('00000000-0000');
    expect(uuidV7(2 ** 48 - 1).slice(0, 13)).toBe('ffffffff-ffff');
  });

  it('sorts by time and never comes twice', () => {
    const made = Array.from({ length: 1000 }, (_, i) => uuidV7(1_800_000_000_000 + i));
    expect([...made].sort()).toEqual(made);
    expect(new Set(Array.from({ length: 1000 }, () => uuidV7(5))).size).toBe(1000);
  });
});

describe('the envelope', () => {
  const draft = newDraft({ kind: 'annex_xii', address: '/', owner: 'o', content: { period: '2026' } });

  it('holds what is said and no more', () => {
    expect(envelopeOf(draft)).toEqual({ kind: 'annex_xii', revision: 1, content: { period: '2026' } });
    expect(envelopeOf({ ...draft, reportId: 'r', revision: 2, reason: 'sai số', acknowledged: ['AXII-1'] })).toEqual({
      kind: 'annex_xii', report_id: 'r', revision: 2, reason: 'sai số', acknowledge: ['AXII-1'], content: { period: '2026' },
    });
  });

  it('has no content when it withdraws', () => {
    expect(envelopeOf({ ...draft, reportId: 'r', revision: 3, reason: 'nhầm', withdrawn: true })).toEqual({ kind: 'annex_xii', report_id: 'r', revision: 3, reason: 'nhầm', withdrawn: true });
  });
});
