import { expect, it } from 'vitest';
import type { Myself } from '#/api/may';
import { homeArea, mayWatch } from './entitled';

const somebody = (part: Partial<Myself>): Myself => ({ id: '', role: 'public', demonstration: false, nation: false, provinces: [], sections: [], units: [], unit_count: 0, may: {}, ...part });
const officer = somebody({ role: 'labour_officer', may: { read_live: 'area' }, provinces: [{ list: '34', code: '24' }, { list: '63', code: '27' }] });

it('lets an officer watch his province, former parts included, and nothing else', () => {
  expect(['34:24', '63:27', '34:01', 'VN'].map((a) => mayWatch(officer, a))).toEqual([true, true, false, false]);
  expect(homeArea(officer)).toBe('34:24');
});

it('lets who has the nation watch everything, and the public nothing', () => {
  const ministry = somebody({ nation: true, may: { read_live: 'all' } });
  expect([mayWatch(ministry, 'VN'), mayWatch(ministry, '34:01')]).toEqual([true, true]);
  expect([mayWatch(somebody({}), 'VN'), mayWatch(undefined, 'VN')]).toEqual([false, false]);
  expect(homeArea(somebody({}))).toBe('VN');
});
