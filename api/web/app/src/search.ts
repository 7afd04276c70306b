// What the addresses of the views hold. Whatever is not understood is left out, never guessed.

type Raw = Record<string, unknown>;

const year = (v: unknown): number | undefined => {
  const n = Number(v);
  return Number.isInteger(n) && n >= 1990 && n <= 2100 ? n : undefined;
};
const word = (v: unknown, most = 80): string | undefined => (typeof v === 'string' || typeof v === 'number' ? String(v).slice(0, most) || undefined : undefined);
const one =
  <T extends string>(...of: T[]) =>
  (v: unknown): T | undefined =>
    of.find((o) => o === String(v));
const revision = (v: unknown): number | undefined => {
  const n = Number(v);
  return Number.isInteger(n) && n >= 1 && n <= 32767 ? n : undefined;
};
const wall = (v: unknown): 1 | undefined => (Number(v) === 1 ? 1 : undefined);
const geography = one('34', '63', 'reported');
const view = one('live', 'closed');

/** An area as the API names it: VN, or list:code as in 34:01. */
const area = (v: unknown): string | undefined => (typeof v === 'string' && /^(VN|(34|63):\d{2})$/.test(v) ? v : undefined);

export const home = (s: Raw) => ({ year: year(s.year), geo: geography(s.geo), area: area(s.area), wall: wall(s.wall) });
export const verify = (s: Raw) => ({ receipt: word(s.receipt, 20_000) });
const list = (s: Raw) => ({ q: word(s.q, 200), kind: word(s.kind) });
export const rules = (s: Raw) => ({ ...list(s), severity: one('error', 'warning', 'hint')(s.severity), unverified: one('1')(s.unverified) && (1 as const) });
export const dictionary = (s: Raw) => ({ ...list(s), unverified: one('1')(s.unverified) && (1 as const) });
export const form = (s: Raw) => ({ draft: word(s.draft), period: word(s.period, 6), unit: word(s.unit), report: word(s.report), step: word(s.step, 20) });
export const owed = (s: Raw) => ({ unit: word(s.unit) });
export const receipt = (s: Raw) => ({ report: word(s.report) });
export const reports = (s: Raw) => ({ kind: word(s.kind), period: word(s.period, 6), province: area(s.province), unit: word(s.unit), withdrawn: one('1')(s.withdrawn), cursor: word(s.cursor, 400) });
export const history = (s: Raw) => ({ from: revision(s.from), to: revision(s.to) });
export const attainment = (s: Raw) => ({
  plan: word(s.plan), year: year(s.year), base: year(s.base), geo: geography(s.geo), area: area(s.area), view: view(s.view), target: word(s.target), wall: wall(s.wall),
});
export const missing = (s: Raw) => ({ province: area(s.province), period: word(s.period, 6), kind: word(s.kind), state: word(s.state, 120), cursor: word(s.cursor, 400) });
export const trends = (s: Raw) => ({
  measure: word(s.measure), by: word(s.by), from: year(s.from), to: year(s.to), geo: geography(s.geo), area: area(s.area), form: one('series', 'chart', 'funnel', 'ranking', 'movers', 'map', 'table')(s.form),
  view: view(s.view), as_of: word(s.as_of, 40), period: one('year', 'H1', 'H2')(s.period), line: word(s.line, 40), table: wall(s.table), wall: wall(s.wall),
});
export const records = (s: Raw) => ({
  province: area(s.province), year: year(s.year), state: word(s.state, 80), cursor: word(s.cursor, 400), measure: word(s.measure), code: word(s.code), geo: geography(s.geo), period: one('H1', 'H2')(s.period), view: view(s.view),
});
