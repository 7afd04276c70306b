import { describe, expect, it } from 'vitest';
import { arithmeticFindings, type Rule } from '#/rules/arithmetic';
import fixture from '#/rules/rules.fixture.json';
import { countsOf, gapsOf, matrixOf, rowOf, type Accident, type Victim } from './matrix';
import { countOf, measures, sumOf, victimMeasures } from './measures';

const victim = (of: Partial<Victim> = {}): Victim => ({ occupation: '7111', sex: 'male', severity: 'minor', outside: false, ...of });
const accident = (of: Partial<Accident> = {}): Accident => ({ id: 'a', cause: '3', factor: '7', commuting: false, victims: [victim()], ...of });

/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function anyAccidents(seed: number): Accident[] {
  const next = numbers(seed);
  const one = <T,>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!;
  return Array.from({ length: Math.floor(next() * 9) }, (_, i) => ({
    id: String(i),
    cause: one(['1', '2', '7', '9', '']),
    factor: one(['1', '10', '12', '']),
    commuting: next() < 0.25,
    victims: Array.from({ length: 1 + Math.floor(next() * 4) }, () => ({
      occupation: one(['7111', '8160', '9329', '']),
      sex: one(['male', 'female', undefined] as const),
      severity: one(['dead', 'serious', 'minor', undefined] as const),
      outside: next() < 0.3,
    })),
  }));
}

describe('matrixOf', () => {
  it('adds up for any accidents: 1.1 = 1.2 = row 1, the victims of 1.3 as well, 3 = 1 + 2', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const accidents = anyAccidents(seed);
      const rows = matrixOf(accidents);
      const of = (block: string) => sumOf(rows.filter((r) => r.block === block));
      expect(of('1.1'), `seed ${seed}`).toEqual(of('1'));
      expect(of('1.2'), `seed ${seed}`).toEqual(of('1'));
      for (const m of victimMeasures) expect(countOf(of('1.3'), m), `seed ${seed} ${m}`).toBe(countOf(of('1'), m));
      expect(of('3'), `seed ${seed}`).toEqual(sumOf([of('1'), of('2')]));
      expect(of('3'), `seed ${seed}`).toEqual(sumOf(accidents.map(countsOf)));
    }
  });

  it('breaks no arithmetic rule of the platform for any accidents', () => {
    const rules = (fixture.rules as unknown as Rule[]).filter((r) => r.severity === 'error');
    for (let seed = 1; seed <= 60; seed++) {
      const content = { workers: { total: 500, women: 100 }, rows: matrixOf(anyAccidents(seed)) };
      expect(arithmeticFindings(rules, { kind: 'annex_xii', content }), `seed ${seed}`).toEqual([]);
    }
  });

  it('counts an accident under each occupation of its victims, with those victims only', () => {
    const rows = matrixOf([accident({ victims: [victim({ occupation: '8160', severity: 'dead' }), victim({ occupation: '8160', sex: 'female' }), victim({ outside: true })] })]);
    expect(rows.filter((r) => r.block === '1.3')).toEqual([
      { block: '1.3', code: '7111', accidents: 1, victims: 1, victims_outside: 1 },
      { block: '1.3', code: '8160', accidents: 1, accidents_fatal: 1, accidents_multi: 1, victims: 2, women: 1, deaths: 1 },
    ]);
  });

  it('puts accidents on the way into row 2 and into no cause', () => {
    const rows = matrixOf([accident({ commuting: true })]);
    expect(rows.map((r) => r.block)).toEqual(['1', '2', '3']);
    expect(countOf(rows[0], 'accidents')).toBe(0);
  });

  it('orders codes as numbers and keeps a row without a code for what is not chosen', () => {
    const rows = matrixOf([accident({ factor: '10' }), accident({ factor: '2' }), accident({ factor: '' })]);
    expect(rows.filter((r) => r.block === '1.2').map((r) => r.code)).toEqual([undefined, '2', '10']);
    expect(rowOf(rows, '1.2', '')).toBe(rows.findIndex((r) => r.block === '1.2' && !r.code));
  });

  it('has rows 1 and 3 when there is nothing', () => {
    expect(matrixOf([])).toEqual([{ block: '1' }, { block: '3' }]);
    expect(measures.length).toBe(11);
  });
});

describe('gapsOf', () => {
  it('names what is not chosen; on the way there is no cause to choose', () => {
    const open = accident({ cause: '', factor: '', victims: [{ occupation: ' ', outside: false }] });
    expect(gapsOf(open)).toEqual(['cause', 'factor', 'occupation', 'sex', 'severity']);
    expect(gapsOf({ ...open, commuting: true })).toEqual(['sex', 'severity']);
    expect(gapsOf(accident())).toEqual([]);
  });
});
