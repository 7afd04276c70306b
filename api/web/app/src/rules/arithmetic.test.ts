import { describe, expect, it } from 'vitest';
import { withValue } from '#/forms/fields';
import { arithmeticFindings, fillIn, type Rule, type Submission } from './arithmetic';
import fixture from './rules.fixture.json';

// The fixture is cut from GET /v1/rules: every arithmetic rule of Annex XII and of workers, with
// its example, and the report that the examples change.
const rules = fixture.rules as unknown as Rule[];
const report = fixture.report as Submission;

type Change = { pointer: string; value?: string };

function changed(changes: readonly Change[] | null | undefined): Submission {
  let next: unknown = report;
  for (const c of changes ?? []) next = withValue(next, c.pointer, c.value === undefined ? undefined : JSON.parse(c.value));
  return next as Submission;
}

const codesOf = (submission: Submission) => arithmeticFindings(rules, submission).map((f) => `${f.code} ${f.pointer}`);

describe('arithmeticFindings', () => {
  it('finds nothing in a report that is right', () => {
    expect(codesOf(report)).toEqual([]);
  });

  for (const rule of rules) {
    const example = rule.example;
    if (!example || example.kind !== 'annex_xii') continue;
    it(`${rule.code}: its example breaks it at its place, and the other one does not`, () => {
      expect(codesOf(changed(example.breaks))).toContain(`${rule.code} ${example.pointer}`);
      expect(codesOf(changed(example.holds)).filter((c) => c.startsWith(rule.code))).toEqual([]);
    });
  }

  it('says what the platform says', () => {
    const [found] = arithmeticFindings(rules, changed([{ pointer: '/content/rows/3/women', value: '0' }]));
    expect(found).toMatchObject({
      code: 'AXII-032',
      severity: 'error',
      pointer: '/content/rows/0/women',
      message_vi: 'Số nữ bị nạn của dòng 1 (1) khác tổng các dòng yếu tố gây chấn thương 1.2 (0).',
      message: 'Women of row 1 (1) is not the sum of the injury factors 1.2 (0).',
    });
  });

  it('is silent about what is no whole number, and goes on with the rest', () => {
    const found = codesOf(changed([{ pointer: '/content/rows/5/women', value: '"nhiều"' }, { pointer: '/content/rows/5/deaths', value: '9' }]));
    expect(found).not.toContain('AXII-017 /content/rows/5/women');
    expect(found).toContain('AXII-015 /content/rows/5/deaths');
  });

  it('is exact beyond what a floating number holds', () => {
    const big = String(Number.MAX_SAFE_INTEGER);
    const found = arithmeticFindings(rules, changed([{ pointer: '/content/damage/cost_medical', value: big }, { pointer: '/content/damage/cost_wages', value: big }]));
    expect(found.find((f) => f.code === 'AXII-040')?.message).toContain('18014398509761982');
  });

  it('leaves rules of other kinds alone', () => {
    expect(arithmeticFindings(rules, { ...changed([{ pointer: '/content/rows/5/deaths', value: '9' }]), kind: 'osh_report' })).toEqual([]);
  });
});

describe('fillIn', () => {
  it('fills placeholders in turn, and those without an argument with nothing', () => {
    expect(fillIn('%s: %d > %d', ['a', '1'])).toBe('a: 1 > ');
  });
});
