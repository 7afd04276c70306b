import { expect, it } from 'vitest';
import type { Acceptance } from '#/drafts/draft';
import { base64url, signedOf, verifyAddress } from './signed';

const accepted = {
  tracking_number: 'TN-WS185', report_id: 'r', revision: 1, kind: 'annex_xii', received_at: '2026-11-30T21:24:38.725+07:00', sha256: 'ab', status_url: '/v1/reports/r',
  proof: { jws: 'e30.e30.x', index: 0, path: [] }, replayed: false, warnings: [], demonstration: true,
} as unknown as Acceptance;

it('takes away what was not signed and nothing else', () => {
  expect(Object.keys(signedOf(accepted))).toEqual(['tracking_number', 'report_id', 'revision', 'kind', 'received_at', 'sha256', 'status_url', 'proof']);
});

it('writes base64url that is read back whole, marks included', () => {
  const value = { name: 'Đã nhận báo cáo ÿÿÿ>>>???' };
  const written = base64url(value);
  expect(written).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(JSON.parse(Buffer.from(written, 'base64url').toString())).toEqual(value);
});

it('leads to the check of this receipt', () => {
  const url = new URL(verifyAddress(accepted, 'https://nop.example.vn'));
  expect(url.pathname).toBe('/verify');
  expect(JSON.parse(Buffer.from(url.searchParams.get('receipt')!, 'base64url').toString())).toEqual(signedOf(accepted));
});
