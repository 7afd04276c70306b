import type { Schemas } from '#/api/client';
import type { Words } from '#/language/words';
import { places, trends as texts } from '#/opening/messages';
import type { Dimension } from './question';

// How a figure is written, and how it went; nothing here counts.

export type Value = Schemas['IndicatorValue'];

/** What every kind of value has: of a series, of a chart, of a funnel. */
export interface Figure {
  period: string;
  month?: number | null;
  area: Schemas['IndicatorArea'];
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  value_reason: Schemas['IndicatorReason'] | null;
  unit: Schemas['IndicatorText'];
  as_of: string | null;
  status: string;
  interval?: Schemas['IndicatorInterval'] | null;
  interval_reason?: Schemas['IndicatorReason'] | null;
  coverage?: Schemas['IndicatorCoverage'];
}

/** Names of former provinces were used again, and say that they are former. */
export function areaName(words: Words, area: Schemas['IndicatorArea']): string {
  const name = words.name(area.name);
  return area.list === '63' && area.level === 'province' ? words.text(places.former, { name }) : name;
}

/** Counts are whole; a rate has three significant digits, a large one a single decimal. */
export function amount(words: Words, n: number, count: boolean): string {
  if (count) return words.whole(n);
  const size = Math.abs(n);
  return words.decimal(n, size >= 10 || size === 0 ? 1 : size >= 1 ? 2 : 3);
}

/** valueText is the value, or – where there is none. */
export function valueText(words: Words, f: Figure, withUnit = false): string {
  if (f.value === null) return '–';
  const text = amount(words, f.value, f.denominator === null);
  const unit = words.name(f.unit);
  if (unit === '%') return `${text}%`;
  return withUnit ? `${text} ${unit}` : text;
}

/** limitsText is an interval as a–b. */
export function limitsText(words: Words, f: Figure): string {
  const i = f.interval;
  if (!i) return '–';
  const limit = (n: number | null) => (n === null ? '∞' : amount(words, n, f.denominator === null));
  return `${limit(i.lower)}–${limit(i.upper)}`;
}

export function intervalText(words: Words, f: Figure): string {
  return f.interval ? words.text(texts.interval95, { limits: limitsText(words, f) }) : '';
}

/** changeText says how a value moved from another and whether chance alone may have moved it. */
export function changeText(words: Words, v: Value): string {
  const c = v.compared;
  if (!c) return '';
  if (c.change_pct === null) return words.text(texts.noChange, { reason: words.name(c.change_reason ?? c.value_reason ?? v.value_reason) });
  const values = {
    way: c.change_pct < 0 ? 'down' : c.change_pct > 0 ? 'up' : 'same',
    change: `${words.decimal(Math.abs(c.change_pct), 1)}%`,
    interval: c.ratio_interval ? ratioText(words, c.ratio_interval) : '',
    noise: c.within_noise === null ? 'unknown' : c.within_noise ? 'within' : 'beyond',
  };
  return words.text(texts.change, values);
}

/** ratioText writes the interval of a ratio as that of a change in percent. */
export function ratioText(words: Words, i: NonNullable<Schemas['IndicatorInterval']>): string {
  const change = (ratio: number | null) => (ratio === null ? '∞' : `${words.signed((ratio - 1) * 100)}%`);
  return words.text(texts.changeInterval, { lower: change(i.lower), upper: change(i.upper) });
}

/** wholeAnswer says how the whole went from the first period to the last. */
export function wholeAnswer(words: Words, by: Dimension | undefined, series: Schemas['IndicatorSeries'] | undefined): string[] {
  const values = series?.values ?? [];
  const first = values[0];
  const last = values.at(-1);
  if (!first || !last || series === undefined) return [];
  const who = areaName(words, last.area);
  if (by === 'month' && values.length > 0 && last.month) return [];
  if (last.value === null) return [words.text(texts.noValue, { who, period: last.period, reason: words.name(last.value_reason) })];
  if (first === last) {
    const change = last.compared ? ` ${last.compared.period} → ${last.period}: ${changeText(words, last)}` : '';
    return [words.text(texts.only, { who, value: valueText(words, last, true), interval: intervalText(words, last), period: last.period }) + change];
  }
  return [words.text(texts.fromTo, { who, first: valueText(words, first), from: first.period, last: valueText(words, last, true), to: last.period, change: changeText(words, last) })];
}
