import { byCode, countOf, measures, splits, sumOf, victimMeasures, type Measure, type Row, type Split } from './measures';

// Table I as somebody fills it in: rows 1.1, 1.2, 1.3 and 2 are typed, rows 1 and 3 never are.

/** tableOf is the whole table of the rows that were typed, in the order of the form: row 1 is the
 *  sum of the causes, row 3 that of rows 1 and 2. */
export function tableOf(typed: readonly Row[]): Row[] {
  const causes = typed.filter((r) => r.block === '1.1');
  const one: Row = { block: '1', ...sumOf(causes) };
  const two: Row = typed.find((r) => r.block === '2') ?? { block: '2' };
  return [one, ...splits.flatMap((block) => typed.filter((r) => r.block === block)), two, { block: '3', ...sumOf([one, two]) }];
}

export const isComputed = (row: Row): boolean => row.block === '1' || row.block === '3';

/** typedOf takes out of a table what is computed: how a report on file becomes one to type in. */
export function typedOf(rows: readonly Row[]): Row[] {
  const order = (r: Row) => [...splits, '2'].indexOf(r.block);
  return rows.filter((r) => !isComputed(r)).sort((a, b) => order(a) - order(b) || byCode(a.code ?? '', b.code ?? ''));
}

/** withRow adds a row of a code, unless it is there. */
export function withRow(typed: readonly Row[], block: Split, code: string): Row[] {
  if (typed.some((r) => r.block === block && r.code === code)) return [...typed];
  return typedOf([...typed, { block, code }]);
}

export const withoutRow = (typed: readonly Row[], gone: Row): Row[] => typed.filter((r) => r.block !== gone.block || r.code !== gone.code);

/** withCell sets one cell; undefined blanks it. */
export function withCell(typed: readonly Row[], at: Pick<Row, 'block' | 'code'>, measure: Measure, cell: Row[Measure]): Row[] {
  const set = (row: Row): Row => {
    const next = { ...row, [measure]: cell };
    if (cell === undefined) delete next[measure];
    return next;
  };
  if (at.block === '2' && !typed.some((r) => r.block === '2')) return typedOf([...typed, set({ block: '2' })]);
  return typed.map((r) => (r.block === at.block && r.code === at.code ? set(r) : r));
}

/** How far the rows of a block have come to what row 1 says. */
export interface Tally {
  block: Split;
  /** The column that is told of: the first that does not agree, else the leading one. */
  measure: Measure;
  have: number;
  of: number;
  /** More than 0: so many are left; less: so many too many; 0: every column agrees. */
  left: number;
}

/** tallyOf holds a block against row 1. Occupations count victims: an accident may have several. */
export function tallyOf(table: readonly Row[], block: Split): Tally {
  const one = table.find((r) => r.block === '1');
  const have = sumOf(table.filter((r) => r.block === block));
  const columns = block === '1.3' ? victimMeasures : measures;
  const measure = columns.find((m) => countOf(have, m) !== countOf(one, m)) ?? columns[0]!;
  return { block, measure, have: countOf(have, measure), of: countOf(one, measure), left: countOf(one, measure) - countOf(have, measure) };
}

/** Where a cell and the declarations do not say the same. */
export interface Unlike {
  row: Row;
  measure: Measure;
  declared: number;
  stated: number;
}

/** unlikeDeclared lists cells that count fewer than was declared one by one, which cannot be right,
 *  and then those that count more, as they may: slight accidents need no declaration. */
export function unlikeDeclared(table: readonly Row[], declared: readonly Row[]): { fewer: Unlike[]; more: Unlike[] } {
  const all: Unlike[] = [];
  for (const row of declared) {
    const stated = table.find((r) => r.block === row.block && (r.code ?? '') === (row.code ?? ''));
    for (const measure of measures) {
      if (countOf(row, measure) === 0 || countOf(row, measure) === countOf(stated, measure)) continue;
      all.push({ row: stated ?? { block: row.block, code: row.code }, measure, declared: countOf(row, measure), stated: countOf(stated, measure) });
    }
  }
  const told = all.filter((u) => !isEcho(u, all));
  return { fewer: told.filter((u) => u.stated < u.declared), more: told.filter((u) => u.stated > u.declared) };
}

/** A sum is unlike because a row of it is: the row is told of. */
function isEcho(of: Unlike, all: readonly Unlike[]): boolean {
  const parts = of.row.block === '3' ? ['1', '2'] : of.row.block === '1' ? ['1.1'] : [];
  return all.some((u) => parts.includes(u.row.block) && u.measure === of.measure);
}

/** How many cells of rows that are used were left blank: they count as 0. */
export const blanksOf = (typed: readonly Row[]): number =>
  typed.filter((r) => measures.some((m) => r[m] !== undefined)).reduce((n, r) => n + measures.filter((m) => r[m] === undefined).length, 0);
