import { expect, test } from 'vitest';
import { finder, shown, type Rule } from './catalogue';

const rule = (code: string, more: Partial<Rule> = {}): Rule => ({ acknowledge: false, code, severity: 'error', status: 'V', legal_ref: 'Law 84/2015/QH13', message_vi: 'Số nữ nhiều hơn tổng số.', message: 'More women than workers.', ...more });
const rules = [
  rule('ENV-001', { message_vi: 'Thiếu loại báo cáo.', message: 'The kind is missing.' }),
  rule('AXII-022', { kind: 'annex_xii' }),
  rule('AXII-023', { kind: 'annex_xii', severity: 'warning', status: 'UNVERIFIED', message_vi: 'Địa điểm ở Đà Nẵng.', message: 'A place.' }),
];
const codes = (wanted: Parameters<ReturnType<typeof finder>>[0]) => finder(rules)(wanted).flatMap((g) => g.rules.map((r) => r.code));

test('rules stand by kind, those without one by their code', () => {
  expect(finder(rules)({}).map((g) => [g.id, g.rules.length])).toEqual([['ENV', 1], ['annex_xii', 2]]);
});

test('search takes words without marks, in either language, and codes', () => {
  expect(codes({ q: 'da nang' })).toEqual(['AXII-023']);
  expect(codes({ q: 'so nu TONG' })).toEqual(['AXII-022']);
  expect(codes({ q: 'women more' })).toEqual(['AXII-022']);
  expect(codes({ q: 'axii-02' })).toEqual(['AXII-022', 'AXII-023']);
  expect(codes({ q: '84/2015' })).toHaveLength(3);
  expect(codes({ q: 'women nothing' })).toEqual([]);
});

test('filters narrow each other', () => {
  expect(codes({ kind: 'annex_xii', severity: 'error' })).toEqual(['AXII-022']);
  expect(codes({ unverified: 1 })).toEqual(['AXII-023']);
  expect(codes({ kind: 'ENV', unverified: 1 })).toEqual([]);
});

test('what a message is filled with is left open', () => {
  expect(shown('Số nữ (%d) nhiều hơn “%s”.')).toBe('Số nữ (…) nhiều hơn ….');
});
