import type { Schemas } from '#/api/client';

// A question is what the address holds, with everything that it leaves open filled in.

export type Form = 'series' | 'chart' | 'funnel' | 'ranking' | 'movers' | 'map';
export type Geography = '34' | '63' | 'reported';
export type Dimension = 'province' | 'region' | 'vsic' | 'employment' | 'month' | 'cause' | 'factor' | 'sex' | 'age_group' | 'size_class';

/** What the address may say. */
export interface Search {
  measure?: string;
  by?: string;
  from?: number;
  to?: number;
  geo?: Geography;
  area?: string;
  form?: Form | 'table';
  view?: 'live' | 'closed';
  as_of?: string;
  period?: 'year' | 'H1' | 'H2';
  line?: string;
  table?: 1;
  wall?: 1;
}

export interface Question {
  measure: string;
  by?: Dimension;
  from: number;
  to: number;
  geo: Geography;
  /** list:code; nothing for the nation */
  area?: string;
  form: Form;
  view?: 'live' | 'closed';
  asOf?: string;
  period: 'year' | 'H1' | 'H2';
  line?: string;
  table: boolean;
  /** the last closed year */
  last: number;
}

export type Definition = Schemas['IndicatorDefinition'];

const years = 10;

/** Forms that compare provinces ask for one year, whatever the first one is. */
export const oneYear = (form: Form): boolean => form === 'ranking' || form === 'funnel' || form === 'map';

/** The years that are closed. */
export const closedYears = (closings: Schemas['ClosingList']['closings']): number[] => closings.map((c) => Number(c.period)).filter((y) => Number.isInteger(y));

/** The last year that is closed, or the one before this one where none is. */
export const lastOf = (closed: number[]): number => Math.max(...closed, 0) || new Date().getFullYear() - 1;

/** ask fills in what an address leaves open; what the measure cannot be split by is dropped. */
export function ask(search: Search, measures: Definition[], lastYear: number): Question | undefined {
  const measure = search.measure === undefined ? (measures.find((m) => m.id === 'N4') ?? measures[0]) : measures.find((m) => m.id === search.measure);
  if (!measure) return undefined;
  const to = search.to ?? Math.max(lastYear, search.from ?? 0);
  const from = search.from ?? to - years + 1;
  const by = measure.dimensions.find((d) => d === search.by) as Dimension | undefined;
  return {
    measure: measure.id,
    by,
    from: Math.min(from, to),
    to: Math.max(from, to),
    geo: search.geo ?? '34',
    area: search.area === 'VN' ? undefined : search.area,
    form: search.form === undefined || search.form === 'table' ? 'series' : search.form,
    view: search.as_of ? 'live' : search.view,
    asOf: search.as_of,
    period: search.period ?? 'year',
    line: search.line,
    table: search.table === 1 || search.form === 'table',
    last: lastYear,
  };
}

/** The parameters that every address of an indicator knows. */
export function parameters(q: Question) {
  return {
    from: q.from,
    to: q.to,
    period: q.period === 'year' ? ('Y' as const) : q.period,
    geography: q.geo,
    area: q.area,
    view: q.view,
    as_of: q.asOf,
  };
}

export const movesBy = (q: Question): Dimension => q.by ?? (q.area ? 'vsic' : 'province');

/** successor moves an area to another list of provinces: of several former units the one of the same
 *  code stands for the new one, and the others are named. */
export function moveArea(area: string, geo: Geography, provinces: Schemas['Code'][]): { area: string; others: Schemas['Code'][] } {
  const [list, code] = area.split(':');
  if (geo === 'reported' || list === geo) return { area, others: [] };
  if (geo === '34') {
    const former = provinces.find((p) => p.list === '63' && p.code === code);
    // A former unit names its successor as an area: 34:31.
    return { area: former?.parent ?? `34:${code}`, others: [] };
  }
  const parts = provinces.filter((p) => p.list === '63' && p.parent === area);
  const chosen = parts.find((p) => p.code === code) ?? parts[0];
  return { area: `63:${chosen?.code ?? code}`, others: parts.filter((p) => p !== chosen) };
}
