import { expect, test } from 'vitest';
import { anchorOf, finder, matcher, type Field } from './catalogue';

const field = (pointer: string, more: Partial<Field> = {}): Field => ({
  pointer, meaning_vi: 'Số nữ', meaning: 'Women', type: 'number', required: true, private: false, computed: false, columns: [], source: 'x', status: 'V', ...more,
});
const fields = [field('/kind'), field('/content/rows/*/women', { kind: 'annex_xii' }), field('/content/factor/code', { kind: 'annex_xii', meaning_vi: 'Yếu tố gây chấn thương', meaning: 'Injury factor', code_lists: ['factors'], status: 'UNVERIFIED' })];
const found = (wanted: Parameters<ReturnType<typeof finder>>[0]) => finder(fields)(wanted).flatMap((g) => g.fields.map((f) => f.pointer));

test('fields stand by kind, those of all reports first', () => {
  expect(finder(fields)({}).map((g) => [g.id, g.fields.length])).toEqual([['every', 1], ['annex_xii', 2]]);
});

test('search takes meanings without marks, pointers and code lists', () => {
  expect(found({ q: 'yeu to chan thuong' })).toEqual(['/content/factor/code']);
  expect(found({ q: 'rows women' })).toEqual(['/content/rows/*/women']);
  expect(found({ q: 'factors' })).toEqual(['/content/factor/code']);
  expect(found({ unverified: 1, kind: 'annex_xii' })).toEqual(['/content/factor/code']);
});

test('every field has an anchor of its own', () => {
  expect(fields.map(anchorOf)).toEqual(['every.kind', 'annex_xii.content.rows.*.women', 'annex_xii.content.factor.code']);
});

test('nothing looked for is everything', () => {
  expect(matcher(undefined)('x')).toBe(true);
  expect(matcher('  ')('x')).toBe(true);
});
