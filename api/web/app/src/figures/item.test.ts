import { describe, expect, it } from 'vitest';
import { bounds, byGap, gap, headlines, lowerIsBetter, needed, targetValue, type Item } from './item';

/** An item of which only what a test is about is given. */
function item(part: Partial<Item> & { now?: number | null; before?: number | null } = {}): Item {
  const figure = (year: number, value: number | null) => ({
    year, value, numerator: value, numerator_reason: null, denominator: null, denominator_reason: null, value_reason: null, as_of: null, status: 'final' as const,
  });
  const coverage = { value: null, numerator: null, denominator: null, reason: null, kind: '', timeliness: { value: null, numerator: null, denominator: null, reason: null } };
  const text = { vi: '', en: '' };
  const { now = 9, before = 12, ...rest } = part;
  return {
    target: { id: 'T', plan: 'P', name: text }, area: { level: 'province', list: '34', code: '01', name: text }, year: 2025, rule: 'yearly_change',
    definition: { id: 'd', version: 1, indicator: 'N4', measure: 'accidents', basis: 'count', headline: true, text }, factor: 1, unit: text,
    current: figure(2025, now), previous: figure(2024, before), change_pct: null, threshold: { num: 96, den: 100, text }, path: null, distance: null,
    limit: { count: 11, bound: 'at_most', text }, verdict: 'met', reason: null, within_noise: null, ratio_interval: null, ratio_interval_reason: null, coverage, previous_coverage: coverage,
    coverage_changed: null, coverage_changed_reason: null, fall_with_coverage: null, provisional: false, retrospective: false,
    ...rest,
  };
}

const path = (value: number) => ({ kind: 'yearly' as const, base_year: 2024, mean_change_pct: null, steps: [{ year: 2025, actual: null, path: value, kept: null, reason: null }] });

describe('needed', () => {
  it('is the limit of the API where there is one', () => {
    expect(needed(item())).toEqual({ bound: 'at_most', count: 11 });
  });
  it('comes from the path while the year has no report: less is rounded down, more is rounded up', () => {
    const without = { limit: null, now: null, verdict: 'not_assessable' as const };
    expect(needed(item({ ...without, path: path(11.52) }))).toEqual({ bound: 'at_most', count: 11 });
    expect(needed(item({ ...without, path: path(108.15), threshold: { num: 105, den: 100, text: { vi: '', en: '' } } }))).toEqual({ bound: 'at_least', count: 109 });
  });
  it('is unknown of a rate and without a year before', () => {
    expect(needed(item({ limit: null, factor: 100_000, path: path(2.5) }))).toBeUndefined();
    expect(needed(item({ limit: null }))).toBeUndefined();
  });
});

describe('gap', () => {
  it('is positive where the target is missed, in either direction', () => {
    expect(gap(item({ now: 22 }))).toBe(1);
    expect(gap(item({ now: 9 }))).toBeLessThan(0);
    const more = { limit: { count: 100, bound: 'at_least' as const, text: { vi: '', en: '' } } };
    expect(gap(item({ ...more, now: 90 }))).toBeCloseTo(0.1);
  });
  it('is endless above a target of zero, and none at it', () => {
    const zero = { limit: { count: 0, bound: 'at_most' as const, text: { vi: '', en: '' } } };
    expect(gap(item({ ...zero, now: 0 }))).toBe(0);
    expect(gap(item({ ...zero, now: 2 }))).toBe(Infinity);
  });
  it('orders the farthest first and the unassessed last', () => {
    const far = item({ now: 30, verdict: 'not_met' });
    const near = item({ now: 12, verdict: 'not_met' });
    const none = item({ now: null, verdict: 'not_assessable' });
    expect([none, near, far].sort(byGap)).toEqual([far, near, none]);
  });
});

it('holds a share against its level', () => {
  const level = item({ rule: 'level', factor: 100, threshold: { num: 80, den: 100, text: { vi: '', en: '' } }, limit: null });
  expect(targetValue(level)).toBe(80);
  expect(lowerIsBetter(level)).toBe(false);
});

it('scales the interval of the ratio to the unit of the figure', () => {
  expect(bounds(item({ before: 100, ratio_interval: { lower: 0.5, upper: 1.5, level: 0.95, method: 'conditional_clopper_pearson' } }))).toEqual({ lower: 50, upper: 150 });
  expect(bounds(item({ ratio_interval: { lower: 0.5, upper: null, level: 0.95, method: 'conditional_clopper_pearson' } }))).toBeUndefined();
});

it('takes one item a target and area', () => {
  const mean = item();
  const compounded = item({ definition: { ...mean.definition, headline: false } });
  expect(headlines([mean, compounded, item()])).toEqual([mean]);
});
