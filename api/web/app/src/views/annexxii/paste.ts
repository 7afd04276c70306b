import { readWhole } from '#/language/numbers';
import { measures, rowKey, sumOf, type Cell, type Counts, type Measure, type Row } from './measures';
import { isComputed, tableOf, withCell } from './table';

/** readSheet splits what a spreadsheet put on the clipboard into rows of cells. */
export function readSheet(text: string): string[][] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return lines.map((line) => line.split('\t').map((cell) => cell.trim()));
}

/** One cell that a paste changes. */
export interface Change {
  row: Row;
  measure: Measure;
  before: Cell | undefined;
  after: number | undefined;
}

/** What a paste would do: nothing is changed until somebody says so. */
export interface Paste {
  changes: Change[];
  /** Texts that are no whole numbers: their cells stay as they are. */
  refused: { row: Row; measure: Measure; text: string }[];
  /** Rows and columns that found no place. */
  rowsOver: number;
  columnsOver: number;
  /** The typed rows as they would be. */
  typed: Row[];
  /** Row 3 before and after. */
  before: Counts;
  after: Counts;
}

/** planPaste fills to the right and down from a cell, over the rows that can be typed in. */
export function planPaste(typed: readonly Row[], from: { row: Row; measure: Measure }, sheet: readonly string[][]): Paste {
  const table = tableOf(typed);
  const open = table.filter((r) => !isComputed(r));
  const down = open.slice(open.findIndex((r) => rowKey(r) === rowKey(from.row)));
  const right = measures.slice(measures.indexOf(from.measure));
  const plan: Paste = {
    changes: [],
    refused: [],
    rowsOver: Math.max(0, sheet.length - down.length),
    columnsOver: Math.max(0, ...sheet.map((cells) => cells.length - right.length)),
    typed: [...typed],
    before: total(table),
    after: {},
  };
  sheet.slice(0, down.length).forEach((cells, i) => {
    cells.slice(0, right.length).forEach((text, j) => put(plan, down[i]!, right[j]!, text));
  });
  plan.after = total(tableOf(plan.typed));
  return plan;
}

function put(plan: Paste, row: Row, measure: Measure, text: string): void {
  const blank = text === '' || /^[-–—]$/.test(text);
  const after = blank ? undefined : readWhole(text);
  if (!blank && after === undefined) {
    plan.refused.push({ row, measure, text });
    return;
  }
  if (row[measure] === after) return;
  plan.changes.push({ row, measure, before: row[measure], after });
  plan.typed = withCell(plan.typed, row, measure, after);
}

const total = (table: readonly Row[]): Counts => sumOf(table.filter((r) => r.block === '3'));
