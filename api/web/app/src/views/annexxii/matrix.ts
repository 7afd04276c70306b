import { byCode, splits, sumOf, type Block, type Counts, type Row, type Split } from './measures';

/** One accident as it is typed: nobody is named. */
export interface Accident {
  id: string;
  /** Of accidents that were declared: when. */
  occurredAt?: string;
  cause: string;
  factor: string;
  /** On the way, with an allowance under Art. 39(2): row 2. */
  commuting: boolean;
  victims: Victim[];
}

export interface Victim {
  occupation: string;
  sex?: 'male' | 'female';
  severity?: 'dead' | 'serious' | 'minor';
  /** Not under the management of the reporting unit. */
  outside: boolean;
}

/** matrixOf computes table I. An accident whose cause is not chosen yet stands in a row without a
 *  code, so that sums are right and the platform's own rule says what is missing. */
export function matrixOf(accidents: readonly Accident[]): Row[] {
  const here = accidents.filter((a) => !a.commuting);
  const onTheWay = accidents.filter((a) => a.commuting);
  const rows: Row[] = [{ block: '1', ...sumOf(here.map(countsOf)) }];
  for (const block of splits) rows.push(...splitRows(block, here));
  if (onTheWay.length > 0) rows.push({ block: '2', ...sumOf(onTheWay.map(countsOf)) });
  rows.push({ block: '3', ...sumOf(accidents.map(countsOf)) });
  return rows;
}

/** Rows of a block, one for each code; of an accident a row counts the victims that it is about. */
function splitRows(block: Split, accidents: readonly Accident[]): Row[] {
  const byEach = new Map<string, Counts[]>();
  for (const accident of accidents) {
    for (const code of codesOf(block, accident)) {
      const victims = block === '1.3' ? accident.victims.filter((v) => v.occupation.trim() === code) : accident.victims;
      byEach.set(code, [...(byEach.get(code) ?? []), countsOf({ ...accident, victims })]);
    }
  }
  return [...byEach].sort(([a], [b]) => byCode(a, b)).map(([code, counts]) => ({ block, ...(code ? { code } : {}), ...sumOf(counts) }));
}

/** Codes under which an accident stands in a block. */
export function codesOf(block: Split, accident: Accident): string[] {
  if (block === '1.1') return [accident.cause];
  if (block === '1.2') return [accident.factor];
  return [...new Set(accident.victims.map((v) => v.occupation.trim()))];
}

/** What one accident counts. */
export function countsOf(accident: Pick<Accident, 'victims'>): Counts {
  const { victims } = accident;
  const women = victims.filter((v) => v.sex === 'female');
  const dead = victims.filter((v) => v.severity === 'dead');
  const serious = victims.filter((v) => v.severity === 'serious');
  const outside = (of: Victim[]) => of.filter((v) => v.outside).length;
  return {
    accidents: 1,
    accidents_fatal: dead.length > 0 ? 1 : 0,
    accidents_multi: victims.length > 1 ? 1 : 0,
    victims: victims.length,
    victims_outside: outside(victims),
    women: women.length,
    women_outside: outside(women),
    deaths: dead.length,
    deaths_outside: outside(dead),
    serious: serious.length,
    serious_outside: outside(serious),
  };
}

/** What is not chosen yet of an accident; nothing keeps it from being saved. */
export type Gap = 'cause' | 'factor' | 'occupation' | 'sex' | 'severity';

export function gapsOf(accident: Accident): Gap[] {
  const gaps: Gap[] = [];
  if (!accident.commuting) {
    if (!accident.cause) gaps.push('cause');
    if (!accident.factor) gaps.push('factor');
    if (accident.victims.some((v) => !v.occupation.trim())) gaps.push('occupation');
  }
  if (accident.victims.some((v) => !v.sex)) gaps.push('sex');
  if (accident.victims.some((v) => !v.severity)) gaps.push('severity');
  return gaps;
}

/** rowOf is the index in table I of the row that a choice of an accident leads to, -1 for none. */
export function rowOf(rows: readonly Row[], block: Block, code: string): number {
  return rows.findIndex((r) => r.block === block && (r.code ?? '') === code);
}
