import { expect, test } from 'vitest';
import type { Finding } from '#/api/client';
import { nearest, placed } from './findings';

const shown = new Map([
  ['/content/place/province', { vi: 'Tỉnh', en: 'Province' }],
  ['/content/victims', { vi: 'Người bị nạn', en: 'Victims' }],
  ['/content/victims/*/name', { vi: 'Họ và tên', en: 'Full name' }],
]);

const finding = (code: string, pointer: string): Finding => ({ code, pointer, severity: 'error', message: `${code} said`, message_vi: `${code} nói`, legal_ref: '' });

test('a finding stands at the nearest place that the form shows', () => {
  expect(nearest('/content/place/province/list', shown)).toBe('/content/place/province');
  expect(nearest('/content/victims/3/name', shown)).toBe('/content/victims/3/name');
  expect(nearest('/content/victims/3/age', shown)).toBe('/content/victims');
  expect(nearest('/kind', shown)).toBe('');
});

test('what is missing is called by its name in the form, once', () => {
  const found = placed([finding('ENV-001', '/content/place/province/list'), finding('ENV-001', '/content/place/province/code'), finding('ENV-001', '/content/victims/1/name'), finding('ACC-003', '/content/victims/0/name')], shown);
  expect(found).toMatchObject([
    { pointer: '/content/place/province', message_vi: 'Chưa có: Tỉnh.', message: 'Missing: Province.' },
    { pointer: '/content/victims/1/name', message_vi: 'Chưa có: Họ và tên (Người bị nạn 2).', message: 'Missing: Full name (Victims, no. 2).' },
    { pointer: '/content/victims/0/name', message: 'ACC-003 said' },
  ]);
});
