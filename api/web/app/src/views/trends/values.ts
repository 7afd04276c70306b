import type { Schemas } from '#/api/client';
import type { Words } from '#/language/words';
import figures from '#/figures/messages';
import texts from './messages';
import type { Dimension } from './question';
import { areaName, type Figure, type Value } from './said';

// What a value is called; nothing here counts.

/** A value with the name of what it is of. */
export interface Point {
  member: string;
  label: string;
  figure: Figure;
  /** Whether the reports behind it can be told from others by year and area alone. */
  whole: boolean;
}

/** capital begins a text that stands alone. */
export const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1);

/** A part of a split, or the whole: what one line shows. */
export interface Line {
  member: string;
  label: string;
  points: (Point & { id: string })[];
}

/** memberOf is the part of a split that a value is of. */
export function memberOf(by: Dimension | undefined, v: Value): string {
  switch (by) {
    case undefined:
    case 'month':
      return '';
    case 'province':
    case 'region':
      return `${v.area.list}:${v.area.code}`;
    case 'vsic':
      return `${v.vsic?.version ?? ''}:${v.vsic?.code ?? ''}`;
    case 'factor':
      return v.injury_factor ?? '';
    default:
      return v[by] ?? '';
  }
}

export interface Names {
  causes: Schemas['Code'][];
  factors: Schemas['Code'][];
  sizes: Schemas['Code'][];
}

/** nameOf names the part of a split that a value is of. */
export function nameOf(words: Words, by: Dimension | undefined, v: Value, names: Names): string {
  const unknown = words.text(texts.unknown);
  const coded = (codes: Schemas['Code'][], code: string | undefined) => {
    if (!code) return unknown;
    // The list is on its way: a bare code would read as a number.
    return codes.length === 0 ? '…' : words.name(codes.find((c) => c.code === code)) || code;
  };
  switch (by) {
    case 'vsic':
      return v.vsic?.code ? `${v.vsic.code} · ${words.name(v.vsic.name)}` : unknown;
    case 'cause':
      return coded(names.causes, v.cause);
    case 'factor':
      return coded(names.factors, v.injury_factor);
    case 'size_class':
      return coded(names.sizes, v.size_class);
    case 'sex':
      return words.text(texts.sexes[v.sex as keyof typeof texts.sexes] ?? texts.unknown);
    case 'age_group':
      return v.age_group ? words.text(texts.age, { age: v.age_group.replace('-', '–') }) : unknown;
    case 'employment':
      return words.text(v.employment === 'no_contract' ? texts.noContract : texts.contract);
    default:
      return areaName(words, v.area);
  }
}

/** periodName writes 2025, 2025H1 or, of a month, 3/2025. */
export function periodName(words: Words, v: { period: string; month?: number | null }): string {
  if (v.month) return `${v.month}/${v.period.slice(0, 4)}`;
  const half = /^(\d{4})H([12])$/.exec(v.period);
  return half ? words.text(texts.half, { half: half[2], year: half[1] }) : v.period;
}

type Coverage = Schemas['IndicatorCoverage'];

/** shareText is a coverage as 6,2% (123/1.980), or – where it is not known. */
export function shareText(words: Words, c: Coverage | undefined): string {
  if (!c || c.value === null || c.numerator === null || c.denominator === null) return '–';
  return `${words.percent(c.value)} (${words.whole(c.numerator)}/${words.whole(c.denominator)})`;
}

export function coverageText(words: Words, c: Coverage | undefined): string {
  if (!c || c.value === null || c.numerator === null || c.denominator === null) return words.text(figures.coverageUnknown);
  return words.text(figures.coverage, { share: words.percent(c.value), reported: words.whole(c.numerator), due: words.whole(c.denominator) });
}

/** linesOf puts values into lines over all periods of the answer; a period without one is a gap. */
export function linesOf(words: Words, by: Dimension | undefined, values: Value[], names: Names): { lines: Line[]; periods: string[] } {
  const at = (v: Value) => periodName(words, v);
  const order = [...values].sort((a, b) => a.period.localeCompare(b.period) || (a.month ?? 0) - (b.month ?? 0));
  const periods = [...new Set(order.map(at))];
  const members = new Map<string, Map<string, Value>>();
  for (const v of values) {
    const member = memberOf(by, v);
    const line = members.get(member) ?? new Map<string, Value>();
    members.set(member, line.set(at(v), v));
  }
  const lines = [...members].map(([member, line]) => {
    const some = line.values().next().value as Value;
    const label = nameOf(words, by, some, names);
    const points = periods.map((period) => ({ id: `${member}@${period}`, member, label, whole: by === undefined || by === 'province', figure: line.get(period) ?? gap(some, period) }));
    return { member, label, points };
  });
  return { lines, periods };
}

const gap = (like: Value, period: string): Figure => ({ ...like, period, numerator: null, denominator: null, value: null, value_reason: null, interval: null, coverage: undefined });

/** pointsOf finds every point of lines by its id. */
export const pointsOf = (lines: Line[]): Map<string, Point> => new Map(lines.flatMap((l) => l.points.map((p) => [p.id, p] as const)));
