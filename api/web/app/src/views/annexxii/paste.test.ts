import { describe, expect, it } from 'vitest';
import type { Row } from './measures';
import { planPaste, readSheet } from './paste';

const typed: Row[] = [
  { block: '1.1', code: '3', accidents: 1, victims: 1 },
  { block: '1.1', code: '7' },
  { block: '1.2', code: '7' },
];
const from = { row: typed[0]!, measure: 'accidents' } as const;

describe('readSheet', () => {
  it('reads rows and columns, whatever ends the lines, without the line at the end', () => {
    expect(readSheet('1\t2\r\n3\t\r\n')).toEqual([['1', '2'], ['3', '']]);
  });
});

describe('planPaste', () => {
  it('fills right and down and compares row 3 before and after', () => {
    const plan = planPaste(typed, from, [['2', '', '', '1.234'], ['1', '', '', '1']]);
    expect(plan.typed.slice(0, 2)).toEqual([{ block: '1.1', code: '3', accidents: 2, victims: 1234 }, { block: '1.1', code: '7', accidents: 1, victims: 1 }]);
    expect(plan.before).toEqual({ accidents: 1, victims: 1 });
    expect(plan.after).toEqual({ accidents: 3, victims: 1235 });
    expect(plan.changes.length).toBe(4);
  });

  it('changes nothing of what it was given', () => {
    const before = JSON.stringify(typed);
    planPaste(typed, from, [['9']]);
    expect(JSON.stringify(typed)).toBe(before);
  });

  it('refuses what is no whole number and leaves the cell as it is', () => {
    const plan = planPaste(typed, from, [['1,5', 'x']]);
    expect(plan.changes).toEqual([]);
    expect(plan.refused.map((r) => r.text)).toEqual(['1,5', 'x']);
  });

  it('blanks with an empty cell or a dash', () => {
    expect(planPaste(typed, from, [['-']]).typed[0]).toEqual({ block: '1.1', code: '3', victims: 1 });
  });

  it('goes on to row 2, never into rows that are computed, and tells what found no place', () => {
    const plan = planPaste(typed, { row: typed[2]!, measure: 'serious' }, [['1', '2', '3'], ['4'], ['5']]);
    expect(plan.typed.find((r) => r.block === '1.2')).toMatchObject({ serious: 1, serious_outside: 2 });
    expect(plan.typed.find((r) => r.block === '2')).toEqual({ block: '2', serious: 4 });
    expect([plan.rowsOver, plan.columnsOver]).toEqual([1, 1]);
  });
});
