import { expect, test } from 'vitest';
import { source } from './sources';

test('laws are cited in Vietnamese as they are written', () => {
  expect(source('vi', 'Law 84/2015/QH13 Art. 36(1); Decree 39/2016/ND-CP Art. 24(1), Annex XII footnote 5')).toBe('Luật 84/2015/QH13 Điều 36 khoản 1; Nghị định 39/2016/NĐ-CP Điều 24 khoản 1, Phụ lục XII chú thích 5');
  expect(source('vi', 'Law 84/2015/QH13 Art. 34(1)(d)')).toBe('Luật 84/2015/QH13 Điều 34 khoản 1 điểm d');
  expect(source('vi', 'Decision 19/2025/QD-TTg')).toBe('Quyết định 19/2025/QĐ-TTg');
  expect(source('vi', "arithmetic; The platform's rules of filing")).toBe('Phép tính; quy tắc nộp của hệ thống');
  expect(source('vi', 'RFC 8259 (JSON)')).toBe('RFC 8259 (JSON)');
});

test('English stays as it is', () => {
  expect(source('en', 'Law 84/2015/QH13 Art. 36(1)')).toBe('Law 84/2015/QH13 Art. 36(1)');
});
