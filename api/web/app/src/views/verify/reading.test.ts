import { expect, test } from 'vitest';
import { address, read } from './reading';

const receipt = { tracking_number: 'TN-NR2XR-WF76Z-94W9Y-SFAWW', report_id: 'f6a38569-e747-5425-9011-012a4994e5c6', kind: 'annex_xii', proof: { jws: 'a.b.c', index: 0, path: [] } };
const code = Buffer.from(JSON.stringify(receipt)).toString('base64url');

test('the file of a receipt and the whole answer to a filing are the same receipt', () => {
  expect(read(JSON.stringify(receipt))).toEqual({ receipt: code });
  expect(read(`\n${JSON.stringify({ ...receipt, replayed: false, warnings: [{ message_vi: 'Cần xem lại' }], demonstration: true }, null, 2)}`)).toEqual({ receipt: code });
});

test('the link of a QR code and what stands in it', () => {
  expect(read(`https://nop.example.vn/verify?receipt=${code}`)).toEqual({ receipt: code });
  expect(read(`/verify?lang=en&receipt=${code}#x`)).toEqual({ receipt: code });
  expect(read(`${code}==`)).toEqual({ receipt: code });
});

test('number and id as they stand on paper', () => {
  const found = { number: 'TN-NR2XR-WF76Z-94W9Y-SFAWW', report: receipt.report_id };
  expect(read(`Số biên nhận: tn nr2xr wf76z 94w9y sfaww\nMã báo cáo: ${receipt.report_id}`)).toEqual(found);
  expect(read(address(read(`${receipt.tracking_number} ${receipt.report_id}`)!))).toEqual(found);
  expect(read(receipt.tracking_number)).toBeUndefined();
});

test('anything else is not a receipt', () => {
  for (const text of ['', 'x', '{}', '[]', 'null', '{"proof":', 'https://example.vn/?receipt=%zz', Buffer.from('{"a":"a long text that is no receipt at all"}').toString('base64url')]) {
    expect(read(text)).toBeUndefined();
  }
  expect(read(JSON.stringify({ ...receipt, more: 'x'.repeat(20_000) }))).toBeUndefined();
});
