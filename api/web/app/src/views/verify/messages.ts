import type { Text } from '#/language/text';
import { verify } from '#/opening/messages';

const texts = {
  ...verify,
  receipt: { vi: 'Biên nhận', en: 'Receipt' },
  receiptHelp: {
    vi: 'Dán nội dung tệp biên nhận, đường dẫn trong mã QR, hoặc số biên nhận kèm mã báo cáo in trên giấy.',
    en: 'Paste the text of the receipt’s file, the link of its QR code, or its number with the report’s id as printed on paper.',
  },
  file: { vi: 'Hoặc chọn tệp biên nhận', en: 'Or choose the receipt’s file' },
  fileHelp: { vi: 'Tệp .json đã tải về khi nộp báo cáo.', en: 'The .json file that you downloaded when the report was filed.' },
  check: { vi: 'Kiểm tra', en: 'Check' },
  nothing: { vi: 'Hãy dán biên nhận hoặc chọn tệp.', en: 'Paste a receipt or choose its file.' },
  unreadable: {
    vi: 'Đây không phải biên nhận: cần cả tệp, đường dẫn trong mã QR, hoặc số biên nhận kèm mã báo cáo.',
    en: 'This is no receipt: the whole file is needed, the link of the QR code, or the number with the report’s id.',
  },
  largeFile: { vi: 'Tệp này quá lớn để là biên nhận.', en: 'This file is too large to be a receipt.' },
  genuine: { vi: 'Biên nhận hợp lệ', en: 'Genuine' },
  mismatch: { vi: 'Chữ ký không khớp', en: 'Signature does not match' },
  mismatchMeans: {
    vi: 'Đừng dựa vào biên nhận này. Hãy hỏi người đưa cho bạn tệp gốc đã tải về khi nộp.',
    en: 'Do not rely on this receipt. Ask whoever gave it to you for the file that was downloaded when the report was filed.',
  },
  notFound: { vi: 'Không tìm thấy', en: 'Not found' },
  notFoundMeans: {
    vi: 'Hệ thống không có báo cáo với số biên nhận {number}. Hãy so lại từng chữ, hoặc dùng tệp biên nhận.',
    en: 'There is no report with the receipt number {number}. Compare it letter by letter, or use the receipt’s file.',
  },
  found: { vi: 'Có báo cáo với số này', en: 'There is a report with this number' },
  foundMeans: {
    vi: 'Chưa kiểm tra chữ ký: muốn vậy cần tệp biên nhận hoặc mã QR.',
    en: 'The signature was not checked: that needs the receipt’s file or QR code.',
  },
  says: {
    vi: '{issuer} đã nhận {kind}, lần nộp {revision}, lúc {received}.',
    en: '{issuer} received revision {revision} of {kind} at {received}.',
  },
  quoted: { vi: '“{name}”', en: '“{name}”' },
  now: { vi: 'Tình trạng hiện nay', en: 'State now' },
  stored: { vi: 'Đã lưu, đang có hiệu lực', en: 'Stored, and counts' },
  received: { vi: 'Đã nhận, đang được lưu', en: 'Received, being stored' },
  amended: { vi: 'Đã được thay bằng lần nộp {revision}', en: 'Replaced by revision {revision}' },
  withdrawn: { vi: 'Báo cáo đã được rút', en: 'The report was withdrawn' },
  conflict: { vi: 'Không được tính: nội dung khác của cùng lần nộp đã đến trước', en: 'Does not count: other content of the same revision came first' },
  unknown: { vi: 'Chưa biết: kho dữ liệu chưa trả lời', en: 'Not known: the store does not answer' },
  details: { vi: 'Biên nhận ghi gì', en: 'What the receipt says' },
  number: { vi: 'Số biên nhận', en: 'Receipt number' },
  kind: { vi: 'Loại báo cáo', en: 'Kind of report' },
  period: { vi: 'Kỳ', en: 'Period' },
  revision: { vi: 'Lần nộp', en: 'Revision' },
  receivedAt: { vi: 'Thời điểm nhận', en: 'Received' },
  paper: { vi: 'Bản giấy nhận ngày', en: 'Paper received on' },
  signedAt: { vi: 'Ký lúc', en: 'Signed' },
  issuer: { vi: 'Nơi cấp', en: 'Issuer' },
  report: { vi: 'Mã báo cáo', en: 'Report id' },
  digest: { vi: 'Mã băm SHA-256 của nội dung', en: 'SHA-256 of the content' },
  limits: {
    vi: 'Biên nhận chứng minh đã nộp nội dung nào, lúc nào; không chứng minh nội dung là đúng.',
    en: 'A receipt proves what was filed and when; it does not prove that the content is true.',
  },
  offline: { vi: 'Kiểm tra không cần hệ thống', en: 'Check without the platform' },
  another: { vi: 'Kiểm tra biên nhận khác', en: 'Check another receipt' },
} satisfies Record<string, Text>;

export default texts;
