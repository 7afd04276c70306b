import { describe, expect, it } from 'vitest';
import type { Finding } from '#/api/client';
import type { Rule } from '#/rules/arithmetic';
import fixture from '#/rules/rules.fixture.json';
import { allFindings, annexOf, contentOf, localFindings, rowsOf, stepOf, toTable, type Annex } from './annex';
import type { Accident } from './matrix';

const rules = fixture.rules as unknown as Rule[];
const head = { reporter: { type: 'establishment', tax_code: '0100109106' }, period: '2025', workers: { total: 100, women: 10 } };
const accident: Accident = { id: 'a', cause: '3', factor: '7', commuting: false, victims: [{ occupation: '7111', sex: 'female', severity: 'minor', outside: false }] };
const annex = (of: Partial<Annex>): Annex => ({ answer: 'yes', mode: 'table', head, accidents: [], typed: [], damage: {}, ...of });
const finding = (code: string, pointer: string): Finding => ({ code, severity: 'error', pointer, message: code, message_vi: code });

describe('contentOf', () => {
  it('of a nil report is the head alone, whatever was typed before', () => {
    expect(contentOf(annex({ answer: 'no', typed: [{ block: '1.1', code: '3', accidents: 1 }], damage: { days_off: 3 } }))).toEqual({ ...head, nil: true });
  });

  it('computes the total of the costs and never takes one that was typed', () => {
    const content = contentOf(annex({ damage: { cost_medical: 10, cost_wages: 5, days_off: 2 } }));
    expect(content.damage).toEqual({ cost_medical: 10, cost_wages: 5, days_off: 2, cost_total: 15 });
  });
});

describe('annexOf', () => {
  it('opens what is on file so that it would be filed as it is', () => {
    const { content } = fixture.report;
    expect(contentOf(annexOf(content))).toEqual({ ...content, nil: false });
  });

  it('opens a nil report as one', () => {
    expect(annexOf({ ...head, nil: true }).answer).toBe('no');
  });
});

describe('toTable', () => {
  it('keeps the numbers of the accidents', () => {
    const by = annex({ mode: 'accidents', accidents: [accident, { ...accident, id: 'b', commuting: true }] });
    const table = rowsOf(toTable(by));
    expect(table).toEqual(rowsOf(by));
  });
});

describe('localFindings', () => {
  it('says what is no whole number, at its cell', () => {
    const found = localFindings(annex({ typed: [{ block: '1.1', code: '3', women: 'vài' }], head: { ...head, payroll_million_vnd: '1,5' } }), rules);
    expect(found.map((f) => `${f.code} ${f.pointer}`)).toEqual(['ENV-003 /content/payroll_million_vnd', 'ENV-003 /content/rows/1/women']);
  });

  it('says which accident lacks what no row can show', () => {
    const found = localFindings(annex({ mode: 'accidents', accidents: [accident, { ...accident, victims: [{ occupation: '7111', outside: false }] }] }), rules);
    expect(found.map((f) => f.pointer)).toEqual(['/accidents/1/sex', '/accidents/1/severity']);
    expect(found[0]?.message_vi).toContain('Vụ 2');
  });
});

describe('allFindings', () => {
  it('takes the arithmetic from here, the rest from the platform, and each once', () => {
    const all = allFindings([finding('ENV-003', '/a')], [finding('ENV-003', '/a'), finding('AXII-031', '/content/rows/0/victims'), finding('AXII-005', '/content/rows/1/code')], rules, []);
    expect(all.map((f) => f.code)).toEqual(['ENV-003', 'AXII-005']);
  });

  it('leaves out what a sum says only because one of its rows says it', () => {
    const rows = rowsOf(annex({ typed: [{ block: '1.1', code: '3', accidents: 1, victims: 1, women: 2 }] }));
    const found = allFindings(localFindings(annex({ typed: [{ block: '1.1', code: '3', accidents: 1, victims: 1, women: 2 }] }), rules), [], rules, rows);
    expect(found.filter((f) => f.code === 'AXII-017').map((f) => f.pointer)).toEqual(['/content/rows/1/women']);
  });
});

describe('stepOf', () => {
  const table = annex({ typed: [{ block: '1.1', code: '3' }] });
  const by = annex({ mode: 'accidents', accidents: [{ ...accident, cause: '1' }, accident] });
  it.each([
    [table, '/content/rows/1/women', false, 'table'],
    [table, '/content/rows/1/women', true, 'row-1'],
    [table, '/content/rows/0/women', true, 'table'],
    [by, '/content/rows/2/code', true, 'accident-1'],
    [by, '/accidents/1/sex', true, 'accident-1'],
    [by, '/content/nil', true, 'accidents'],
    [table, '/content/damage/cost_total', false, 'damage'],
    [table, '/content/workers/women', false, 'head'],
    [table, '/reason', false, 'check'],
  ])('leads to the step that shows a place (%#)', (of, pointer, narrow, step) => {
    expect(stepOf(of, pointer, narrow)).toBe(step);
  });
});
