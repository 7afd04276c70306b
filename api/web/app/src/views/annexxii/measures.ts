// Table I of Annex XII: its blocks of rows and its eleven columns.

export const measures = [
  'accidents',
  'accidents_fatal',
  'accidents_multi',
  'victims',
  'victims_outside',
  'women',
  'women_outside',
  'deaths',
  'deaths_outside',
  'serious',
  'serious_outside',
] as const;
export type Measure = (typeof measures)[number];

/** What counts persons: an accident may stand under several occupations, a victim under one only. */
export const victimMeasures = measures.slice(3);

export type Block = '1' | '1.1' | '1.2' | '1.3' | '2' | '3';
/** Blocks of which each row has a code: causes, injury factors, occupations. */
export const splits = ['1.1', '1.2', '1.3'] as const;
export type Split = (typeof splits)[number];

/** A number, or what somebody typed that is none: it is kept, and said to be wrong. */
export type Cell = number | string;

export type Row = { block: Block; code?: string } & Partial<Record<Measure, Cell>>;
export type Counts = Partial<Record<Measure, number>>;

/** What a row counts; blank is 0, and so is what is no number. */
export const countOf = (row: Row | Counts | undefined, measure: Measure): number => {
  const cell = row?.[measure];
  return typeof cell === 'number' ? cell : 0;
};

/** sumOf adds rows up; what comes to 0 is left blank. */
export function sumOf(rows: readonly (Row | Counts)[]): Counts {
  const sum: Counts = {};
  for (const measure of measures) {
    const n = rows.reduce((s, r) => s + countOf(r, measure), 0);
    if (n > 0) sum[measure] = n;
  }
  return sum;
}

/** Codes in the order of the form: by number where they are numbers, else as text. */
export const byCode = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

export const rowKey = (row: Pick<Row, 'block' | 'code'>): string => `${row.block} ${row.code ?? ''}`;
