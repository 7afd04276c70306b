import { expect, test } from 'vitest';
import { addressOf, filesAs } from './kinds';

const role = (reporters: string[], domain: 'labour' | 'health' | '*' = '*') => ({ role: 'x', name_vi: '', name_en: '', reporters, domain, purpose: false });
const kind = (domains: string[]) => ({ kind: 'x', domains, status: 'V' as const, source: '' });

test('a role files what its types of reporter make', () => {
  expect(filesAs(role(['establishment']), 'annex_xii', kind(['labour']))).toEqual([{ type: 'establishment', authority: undefined }]);
  expect(filesAs(role(['establishment']), 'clinic_report', kind(['health']))).toEqual([]);
  expect(filesAs(role(['authority:labour'], 'labour'), 'case_link', kind(['labour']))).toEqual([{ type: 'authority', authority: 'labour' }]);
  expect(filesAs(undefined, 'annex_xii', undefined)).toEqual([]);
});

test('an authority does not file what is not of its branch', () => {
  expect(filesAs(role(['authority:labour'], 'labour'), 'health_summary', kind(['health']))).toEqual([]);
});

test('who files for anybody is asked for whom', () => {
  expect(filesAs(role(['*']), 'accident_declaration', kind(['labour']))).toEqual([{ type: 'establishment' }, { type: 'commune' }]);
});

test('two kinds have a view of their own', () => {
  expect(['accident_declaration', 'annex_xii', 'osh_report'].map(addressOf)).toEqual(['/new/accident', '/new/annex-xii', '/new/osh_report']);
});
