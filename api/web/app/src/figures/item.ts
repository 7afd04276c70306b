import type { Schemas } from '#/api/client';

/** One target in one area under one definition, as the API assesses it. */
export type Item = Schemas['IndicatorItem'];

/** Whether the target asks for less (accidents) or for more (examinations). */
export function lowerIsBetter(item: Item): boolean {
  if (item.limit) return item.limit.bound === 'at_most';
  return item.rule !== 'level' && item.threshold !== null && item.threshold.num < item.threshold.den;
}

const isCount = (item: Item): boolean => item.factor === 1;

/** The step of the path for the year that is assessed. */
const stepNow = (item: Item) => item.path?.steps.find((s) => s.year === item.year);

/** What the figure is held against, in its own unit; null if there is nothing to hold it against. */
export function targetValue(item: Item): number | null {
  if (item.rule === 'level') return item.threshold ? (item.threshold.num / item.threshold.den) * item.factor : null;
  if (isCount(item)) return needed(item)?.count ?? null;
  return stepNow(item)?.path ?? null;
}

export interface Needed {
  bound: 'at_most' | 'at_least';
  count: number;
}

/**
 * needed is the count that meets the target. While a year has no report the API has no limit for it, but the
 * path from the year before: a count that may not exceed 598.08 may not exceed 598.
 */
export function needed(item: Item): Needed | undefined {
  if (item.limit) return { bound: item.limit.bound, count: item.limit.count };
  const path = stepNow(item)?.path;
  if (!isCount(item) || path === null || path === undefined) return undefined;
  return lowerIsBetter(item) ? { bound: 'at_most', count: Math.floor(path) } : { bound: 'at_least', count: Math.ceil(path) };
}

/** gap is how far a figure lies beyond its target, as a share of it: positive where the target is missed. */
export function gap(item: Item): number | null {
  const target = targetValue(item);
  const value = item.current.value;
  if (target === null || value === null) return null;
  const beyond = lowerIsBetter(item) ? value - target : target - value;
  if (target === 0) return beyond === 0 ? 0 : Infinity * Math.sign(beyond);
  return beyond / target;
}

/** byGap puts the farthest from the target first, and what cannot be assessed last. */
export function byGap(a: Item, b: Item): number {
  const [x, y] = [assessed(a) ? gap(a) : null, assessed(b) ? gap(b) : null];
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  if (x === y) return (b.current.value ?? 0) - (a.current.value ?? 0);
  return y > x ? 1 : -1;
}

const assessed = (item: Item): boolean => item.verdict === 'met' || item.verdict === 'not_met';

/** The bounds between which chance alone leaves the figure, in its own unit: those of the ratio, times the year before. */
export function bounds(item: Item): { lower: number; upper: number } | undefined {
  const { ratio_interval: ratio, previous } = item;
  if (!ratio || ratio.upper === null || previous.value === null) return undefined;
  return { lower: ratio.lower * previous.value, upper: ratio.upper * previous.value };
}

/** Counts so small that a percentage of them misleads: the count leads. */
export const few = (item: Item): boolean => (item.current.numerator ?? 0) < 20 || (item.previous.numerator ?? 0) < 20;

/** An area as addresses name it: VN, or list:code. */
export const areaKey = (area: Schemas['IndicatorArea']): string => (area.level === 'nation' ? 'VN' : `${area.list}:${area.code}`);

/** The items by which the targets of a plan are told first: one a target, under its first definition and path. */
export function headlines(items: Item[]): Item[] {
  const seen = new Set<string>();
  return items.filter((i) => {
    const key = `${i.target.id} ${areaKey(i.area)}`;
    if (!i.definition.headline || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
