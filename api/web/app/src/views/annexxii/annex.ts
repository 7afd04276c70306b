import type { Finding, Schemas } from '#/api/client';
import type { Draft } from '#/drafts/draft';
import { arithmeticFindings, fillIn, type Rule } from '#/rules/arithmetic';
import { gapsOf, matrixOf, rowOf, type Accident } from './matrix';
import { measures, type Cell, type Row } from './measures';
import { isComputed, tableOf, typedOf } from './table';
import texts from './messages';

export const kind = 'annex_xii';

export const costs = ['cost_medical', 'cost_wages', 'cost_compensation'] as const;
export const damages = ['days_off', ...costs, 'property'] as const;
export type DamageField = (typeof damages)[number];

/** What declared accidents say of the period, as it was when the draft was begun. */
export interface Declared {
  rows: Row[];
  cells: Schemas['DraftCell'][];
  cases: Schemas['DraftCase'][];
}

/** The form as somebody left it: the report's content is computed from it and never typed. */
export interface Annex {
  answer: 'yes' | 'no';
  /** by accident, or by table; there is no way from the table back to accidents. */
  mode: 'accidents' | 'table';
  /** The head: every member but table I and II. */
  head: Record<string, unknown>;
  accidents: Accident[];
  /** What was typed into the table: rows 1.1, 1.2, 1.3 and 2. */
  typed: Row[];
  damage: Partial<Record<DamageField, Cell>>;
  declared?: Declared;
  /** Period of the earlier report that the head was taken from. */
  headFrom?: string;
}

/** rowsOf is table I of the form. */
export function rowsOf(annex: Annex): Row[] {
  if (annex.answer === 'no') return [];
  return annex.mode === 'accidents' ? matrixOf(annex.accidents) : tableOf(annex.typed);
}

/** contentOf is the report that the form stands for. */
export function contentOf(annex: Annex): Record<string, unknown> {
  if (annex.answer === 'no') return { ...annex.head, nil: true };
  const damage = damageOf(annex);
  return { ...annex.head, nil: false, rows: rowsOf(annex), ...(Object.keys(damage).length > 0 ? { damage } : {}) };
}

/** Table II with its total, which is computed. */
function damageOf(annex: Annex): Record<string, Cell> {
  const cost = costTotal(annex);
  return { ...annex.damage, ...(cost > 0 ? { cost_total: cost } : {}) };
}

export const costTotal = (annex: Annex): number => costs.reduce((sum, c) => sum + (typeof annex.damage[c] === 'number' ? annex.damage[c] : 0), 0);

/** headOf takes from a report what is not table I or II. */
export function headOf(content: Record<string, unknown>): Record<string, unknown> {
  const { nil, rows, damage, ...head } = content;
  void [nil, rows, damage];
  return head;
}

/** annexOf opens a report on file, to be amended: its table is what it is, accidents it has none. */
export function annexOf(content: Record<string, unknown>): Annex {
  const rows = Array.isArray(content.rows) ? (content.rows as Row[]) : [];
  const damage = { ...(content.damage as Record<string, Cell> | undefined) };
  delete damage.cost_total;
  return { answer: rows.some((r) => measures.some((m) => r[m])) ? 'yes' : 'no', mode: 'table', head: headOf(content), accidents: [], typed: typedOf(rows), damage };
}

/** toTable turns accidents into the table they make; codes that were not chosen are left out. */
export function toTable(annex: Annex): Annex {
  return { ...annex, mode: 'table', typed: typedOf(matrixOf(annex.accidents)).filter((r) => r.block === '2' || r.code) };
}

/** What the form is of. */
export interface Reporter {
  taxCode: string;
  site: string;
  name: string;
}

export function reporterOf(head: Record<string, unknown>): Reporter {
  const r = (head.reporter ?? {}) as Record<string, unknown>;
  const said = (member: string) => (typeof r[member] === 'string' ? r[member] : '');
  return { taxCode: said('tax_code'), site: said('site') || '0', name: said('name') };
}

/** localFindings is what is said of the form at once: the arithmetic, what is no whole number, and
 *  what is not chosen yet. */
export function localFindings(annex: Annex, rules: readonly Rule[]): Finding[] {
  const content = contentOf(annex);
  return [...notWhole(content), ...(annex.answer === 'yes' && annex.mode === 'accidents' ? missing(annex, rules) : []), ...arithmeticFindings(rules, { kind, content })];
}

/** Numbers of the form that hold a text. */
function notWhole(content: Record<string, unknown>): Finding[] {
  const found: Finding[] = [];
  const look = (pointer: string, members: readonly string[], of: unknown) => {
    for (const member of members) {
      if (typeof (of as Record<string, unknown> | undefined)?.[member] === 'string') found.push({ code: 'ENV-003', severity: 'error', pointer: `${pointer}/${member}`, message: texts.wholeOnly.en, message_vi: texts.wholeOnly.vi });
    }
  };
  look('/content', ['payroll_million_vnd', 'hours_worked'], content);
  look('/content/workers', ['total', 'women'], content.workers);
  look('/content/damage', damages, content.damage);
  ((content.rows ?? []) as Row[]).forEach((row, i) => look(`/content/rows/${i}`, measures, row));
  return found;
}

/** What is not chosen yet: codes by the platform's own rule, at the row without one; what the
 *  platform cannot miss, because the matrix has no place for it, at the accident. */
function missing(annex: Annex, rules: readonly Rule[]): Finding[] {
  const rows = rowsOf(annex);
  const rule = rules.find((r) => r.code === 'AXII-002');
  const found: Finding[] = [];
  for (const block of ['1.1', '1.2', '1.3'] as const) {
    const at = rowOf(rows, block, '');
    if (at < 0 || !rule) continue;
    found.push({ code: rule.code, severity: rule.severity, pointer: `/content/rows/${at}/code`, message: fillIn(rule.message, [block]), message_vi: fillIn(rule.message_vi, [block]), legal_ref: rule.legal_ref });
  }
  annex.accidents.forEach((accident, i) => {
    const gaps = gapsOf(accident);
    for (const gap of ['sex', 'severity'] as const) {
      if (!gaps.includes(gap)) continue;
      const text = gap === 'sex' ? texts.sexMissing : texts.severityMissing;
      found.push({ code: 'ENV-001', severity: 'error', pointer: `/accidents/${i}/${gap}`, message: text.en.replace('{n}', String(i + 1)), message_vi: text.vi.replace('{n}', String(i + 1)) });
    }
  });
  return found;
}

/** allFindings joins what is told here with what the platform tells: each once, in the same words. */
export function allFindings(local: readonly Finding[], platform: readonly Finding[], rules: readonly Rule[], rows: readonly Row[]): Finding[] {
  const here = new Set(local.map((f) => `${f.code} ${f.pointer}`));
  const arithmetic = new Set(rules.filter((r) => r.arithmetic).map((r) => r.code));
  return withoutEchoes([...local, ...platform.filter((f) => !arithmetic.has(f.code) && !here.has(`${f.code} ${f.pointer}`))], rows);
}

/** What a sum says only because a row of it says the very same goes with that row. */
function withoutEchoes(findings: Finding[], rows: readonly Row[]): Finding[] {
  const place = (f: Finding) => {
    const at = /^\/content\/rows\/(\d+)\/(\w+)$/.exec(f.pointer ?? '');
    const row = at ? rows[Number(at[1])] : undefined;
    return row && at ? { row, rule: `${f.code} ${at[2]}` } : undefined;
  };
  const typed = new Set(findings.map(place).flatMap((p) => (p && !isComputed(p.row) ? [p.rule] : [])));
  return findings.filter((f) => {
    const at = place(f);
    return !at || !isComputed(at.row) || !typed.has(at.rule);
  });
}

/** withAnnex puts the form into its draft. */
export function withAnnex(draft: Draft, annex: Annex): Draft {
  return { ...draft, state: 'draft', view: annex, content: contentOf(annex), findings: undefined };
}

/** stepOf is the step of the form that shows a place of the report. */
export function stepOf(annex: Annex, pointer: string, narrow: boolean): string {
  const accident = /^\/accidents\/(\d+)/.exec(pointer);
  if (accident) return `accident-${accident[1]}`;
  const row = /^\/content\/rows\/(\d+)/.exec(pointer);
  if (row) return rowStep(annex, Number(row[1]), narrow);
  if (pointer === '/content/rows') return annex.mode === 'accidents' ? 'accidents' : 'table';
  if (pointer.startsWith('/content/damage')) return 'damage';
  if (pointer === '/content/nil') return annex.answer === 'yes' ? (annex.mode === 'accidents' ? 'accidents' : 'table') : 'head';
  if (pointer.startsWith('/content')) return 'head';
  return 'check';
}

function rowStep(annex: Annex, index: number, narrow: boolean): string {
  if (annex.mode === 'table') {
    const row = rowsOf(annex)[index];
    return narrow && row && row.block !== '1' && row.block !== '3' ? `row-${index}` : 'table';
  }
  const row = rowsOf(annex)[index];
  const at = annex.accidents.findIndex((a) => row && !a.commuting && standsIn(a, row));
  return at < 0 ? 'accidents' : `accident-${at}`;
}

function standsIn(accident: Accident, row: Row): boolean {
  const code = row.code ?? '';
  if (row.block === '1.1') return accident.cause === code;
  if (row.block === '1.2') return accident.factor === code;
  return row.block === '1.3' && accident.victims.some((v) => v.occupation.trim() === code);
}
