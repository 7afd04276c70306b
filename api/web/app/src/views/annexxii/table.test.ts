import { describe, expect, it } from 'vitest';
import type { Row } from './measures';
import { blanksOf, tableOf, tallyOf, typedOf, unlikeDeclared, withCell, withoutRow, withRow } from './table';

const typed: Row[] = [
  { block: '1.1', code: '3', accidents: 2, victims: 3, women: 1 },
  { block: '1.1', code: '7', accidents: 1, victims: 1 },
  { block: '1.2', code: '7', accidents: 2, victims: 3 },
  { block: '1.3', code: '7111', accidents: 2, victims: 4, women: 1 },
  { block: '2', accidents: 1, victims: 1 },
];

describe('tableOf', () => {
  it('computes row 1 of the causes and row 3 of rows 1 and 2', () => {
    const table = tableOf(typed);
    expect(table[0]).toEqual({ block: '1', accidents: 3, victims: 4, women: 1 });
    expect(table.at(-1)).toEqual({ block: '3', accidents: 4, victims: 5, women: 1 });
  });

  it('has row 2 also when nothing was typed into it', () => {
    expect(tableOf([]).map((r) => r.block)).toEqual(['1', '2', '3']);
  });

  it('leads back to what was typed', () => {
    expect(typedOf(tableOf(typed))).toEqual(typed);
  });

  it('does not count what is no number', () => {
    expect(tableOf([{ block: '1.1', code: '3', accidents: '1,5', victims: 2 }])[0]).toEqual({ block: '1', victims: 2 });
  });
});

describe('rows and cells', () => {
  it('adds a row in the order of the form, once', () => {
    const next = withRow(withRow(typed, '1.1', '10'), '1.1', '5');
    expect(next.filter((r) => r.block === '1.1').map((r) => r.code)).toEqual(['3', '5', '7', '10']);
    expect(withRow(next, '1.1', '5')).toEqual(next);
    expect(withoutRow(next, { block: '1.1', code: '5' }).filter((r) => r.block === '1.1').map((r) => r.code)).toEqual(['3', '7', '10']);
  });

  it('sets and blanks a cell, and makes row 2 when it is first typed into', () => {
    expect(withCell(typed, typed[0]!, 'women', undefined)[0]).toEqual({ block: '1.1', code: '3', accidents: 2, victims: 3 });
    expect(withCell([], { block: '2' }, 'victims', 4)).toEqual([{ block: '2', victims: 4 }]);
  });

  it('counts blanks of rows that are used', () => {
    expect(blanksOf([{ block: '1.1', code: '3', accidents: 1, victims: 1 }, { block: '1.1', code: '4' }])).toBe(9);
  });
});

describe('tallyOf', () => {
  it('tells what is left of the leading column first', () => {
    expect(tallyOf(tableOf(typed), '1.2')).toEqual({ block: '1.2', measure: 'accidents', have: 2, of: 3, left: 1 });
  });

  it('counts victims of occupations, not accidents, and agrees where every column does', () => {
    expect(tallyOf(tableOf(typed), '1.3')).toEqual({ block: '1.3', measure: 'victims', have: 4, of: 4, left: 0 });
  });

  it('names the column that does not agree where the leading one does', () => {
    const table = tableOf(withCell(withCell(typed, typed[2]!, 'accidents', 3), typed[2]!, 'victims', 4));
    expect(tallyOf(table, '1.2')).toMatchObject({ measure: 'women', have: 0, of: 1, left: 1 });
  });
});

describe('unlikeDeclared', () => {
  it('tells fewer than declared from more than declared', () => {
    const declared: Row[] = [{ block: '1.1', code: '3', accidents: 1, victims: 4 }, { block: '1.1', code: '9', accidents: 1 }];
    const { fewer, more } = unlikeDeclared(tableOf(typed), declared);
    expect(fewer.map((u) => [u.row.code, u.measure, u.stated, u.declared])).toEqual([['3', 'victims', 3, 4], ['9', 'accidents', 0, 1]]);
    expect(more.map((u) => [u.row.code, u.measure, u.stated, u.declared])).toEqual([['3', 'accidents', 2, 1]]);
  });

  it('tells of a sum only where none of its rows is told of', () => {
    const of = (declared: Row[]) => unlikeDeclared(tableOf(typed), declared).fewer.map((u) => u.row.block);
    expect(of([{ block: '1', victims: 6 }, { block: '1.1', code: '3', victims: 5 }, { block: '3', victims: 7 }])).toEqual(['1.1']);
    expect(of([{ block: '1', victims: 6 }, { block: '3', victims: 7 }])).toEqual(['1']);
  });
});
