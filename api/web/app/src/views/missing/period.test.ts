import { describe, expect, it } from 'vitest';
import { daysOver, duePeriod, periods } from './period';

describe('duePeriod', () => {
  it('is the year before until the first half is due, on 5 July', () => {
    expect(duePeriod(new Date(2026, 0, 12))).toBe('2025');
    expect(duePeriod(new Date(2026, 6, 4))).toBe('2025');
    expect(duePeriod(new Date(2026, 6, 5))).toBe('2026H1');
    expect(duePeriod(new Date(2026, 10, 30))).toBe('2026H1');
  });
  it('is among the periods that are offered', () => {
    expect(periods(new Date(2026, 10, 30))).toContain('2026H1');
    expect(periods(new Date(2026, 0, 1))).toContain('2025');
  });
});

it('counts days by the calendar of Viet Nam', () => {
  expect(daysOver('2026-07-04', '2026-07-04T23:30:00+07:00')).toBe(0);
  expect(daysOver('2026-07-04', '2026-07-04T17:30:00Z')).toBe(1);
  expect(daysOver('2026-07-04', '2026-07-07T09:00:00+07:00')).toBe(3);
});
