import { expect, test } from 'vitest';
import type { Node } from '#/forms/tree';
import { applicable, labelOf, settle } from './applicable';

const nodes = ['type', 'tax_code', 'commune', 'authority', 'name'].map((member) => ({ is: 'group', member, pointer: member, meaning: { vi: '', en: '' }, required: false, children: [] }) satisfies Node);

test('a unit shows what its type is named by', () => {
  const shown = (value: unknown) => applicable(nodes, value).map((n) => n.member);
  expect(shown({ type: 'establishment' })).toEqual(['type', 'tax_code', 'name']);
  expect(shown({ type: 'authority' })).toEqual(['type', 'authority', 'name']);
  expect(shown(undefined)).toEqual(['type', 'name']);
});

test('a chosen type takes out what is not for it', () => {
  const changes = settle('/content/reporter/type', 'commune');
  expect(changes[0]).toEqual(['/content/reporter/type', 'commune']);
  expect(changes.map(([at]) => at)).toContain('/content/reporter/tax_code');
  expect(changes.map(([at]) => at)).not.toContain('/content/reporter/commune');
});

test('a meaning is a name and what helps', () => {
  expect(labelOf('Số hiệu địa điểm; 0 là nơi đăng ký')).toEqual({ label: 'Số hiệu địa điểm', help: '0 là nơi đăng ký' });
  expect(labelOf('Tên')).toEqual({ label: 'Tên' });
});
