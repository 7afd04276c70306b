import { describe, expect, it } from 'vitest';
import { bar, scaleOf, usedDays, type Clock } from './clock';

const clock = (over: Partial<Clock>): Clock => ({ state: 'running', start: '2025-01-01', due: '2025-01-31', limit_days: 30, extension_days: 0, days_left: 10, ...over });

describe('the clock of an investigation', () => {
  it('counts the days that have gone', () => {
    expect(usedDays(clock({}))).toEqual({ used: 20, all: 30 });
    expect(usedDays(clock({ extension_days: 30, days_left: -5 }))).toEqual({ used: 65, all: 60 });
  });
  it('shows what lies beyond the limit apart', () => {
    expect(bar(clock({ days_left: -15 }), 60)).toEqual({ within: 50, beyond: 25, limit: 50 });
    expect(bar(clock({}), 40)).toEqual({ within: 50, beyond: 0, limit: 75 });
  });
  it('keeps the limit in sight however long the clock ran', () => {
    expect(scaleOf(clock({ days_left: -1000 }))).toBe(90);
    expect(bar(clock({ days_left: -1000 }), 120)).toEqual({ within: 25, beyond: 75, limit: 25 });
    expect(scaleOf(clock({}))).toBe(37.5);
  });
});
