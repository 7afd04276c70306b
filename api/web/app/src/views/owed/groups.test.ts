import { describe, expect, it } from 'vitest';
import { dayAfter, dayIn, daysBetween, grouped, lastDay, unitKey, type Obligation } from './groups';

const one = (state: string, period: string, due_by?: string) => ({ state, period, due_by, obligation: 'annex_xii_half' }) as unknown as Obligation;

describe('what is owed', () => {
  it('is overdue once the time is over, and due once its period is', () => {
    const groups = grouped(
      [one('due', '2026', '2027-01-09'), one('missing', '2026H1', '2026-07-04'), one('extended', '2025', '2026-12-20'), one('undated', '2025'), one('undated', '2026'), one('filed', '2025H1', '2025-07-04'), one('elsewhere', '2025')],
      '2026-11-30',
    );
    expect(Object.fromEntries(Object.entries(groups).map(([name, of]) => [name, (of as Obligation[]).map((o) => o.period)]))).toEqual({
      overdue: ['2026H1'], due: ['2025', '2025'], coming: ['2026', '2026'], done: ['2025H1'], elsewhere: ['2025'],
    });
  });

  it('begins with the nearest day, and ends with what has none', () => {
    const { due } = grouped([one('undated', '2024'), one('due', '2025', '2026-03-01'), one('due', '2025H1', '2026-02-01')], '2026-01-15');
    expect(due.map((o) => o.due_by)).toEqual(['2026-02-01', '2026-03-01', undefined]);
  });

  it('is due from the day after its period', () => {
    expect(grouped([one('due', '2026H1', '2026-07-04')], '2026-06-30').due).toEqual([]);
    expect(grouped([one('due', '2026H1', '2026-07-04')], '2026-07-01').due).toHaveLength(1);
  });
});

describe('days', () => {
  it('are counted over months and years', () => {
    expect(daysBetween('2026-07-04', '2026-07-07')).toBe(3);
    expect(daysBetween('2026-12-31', '2027-01-01')).toBe(1);
    expect(daysBetween('2026-07-07', '2026-07-04')).toBe(-3);
    expect(dayAfter('2026-12-31')).toBe('2027-01-01');
    expect(dayAfter('2028-02-28')).toBe('2028-02-29');
    expect([lastDay('2026'), lastDay('2026H1')]).toEqual(['2026-12-31', '2026-06-30']);
  });

  it('are those of Viet Nam', () => {
    expect(dayIn('2026-11-30T16:59:59Z')).toBe('2026-11-30');
    expect(dayIn('2026-11-30T17:00:00Z')).toBe('2026-12-01');
  });
});

it('names units as the register does', () => {
  expect(['0100109106', '0100109106-001', '0100109106/kho-2', 'hb:abc', 'commune:00004', 'commune:00004@2025-07-01', 'authority:labour@34:01'].map(unitKey)).toEqual([
    '0100109106/0', '0100109106-001/0', '0100109106/kho-2', 'hb:abc/0', 'commune:00004@2025-07-01', 'commune:00004@2025-07-01', 'authority:labour@34:01',
  ]);
});
