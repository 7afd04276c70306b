import type { Text } from '#/language/text';
import { rules } from '#/opening/messages';

const texts = {
  ...rules,
  search: { vi: 'Tìm theo mã, nội dung hoặc văn bản', en: 'Search by code, words or law' },
  kind: { vi: 'Loại báo cáo', en: 'Kind of report' },
  all: { vi: 'Tất cả', en: 'All' },
  filters: { vi: 'Chỉ xem', en: 'Show only' },
  unverified: { vi: 'Chưa xác minh', en: 'Unverified' },
  error: { vi: 'Lỗi', en: 'Error' },
  warning: { vi: 'Cảnh báo', en: 'Warning' },
  hint: { vi: 'Gợi ý', en: 'Hint' },
  count: { vi: '{n} quy tắc', en: '{n, plural, one {# rule} other {# rules}}' },
  countOf: { vi: '{n}/{all} quy tắc', en: '{n} of {all} rules' },
  none: { vi: 'Không có quy tắc nào như vậy.', en: 'No rule is like that.' },
  clear: { vi: 'Xem tất cả', en: 'Show all' },
  version: { vi: 'Phiên bản {version}.', en: 'Version {version}.' },
  machine: { vi: 'Bản cho máy đọc', en: 'For machines' },
  acknowledge: { vi: 'Phải xác nhận đã xem', en: 'To be acknowledged' },
  source: { vi: 'Căn cứ: {source}', en: 'Source: {source}' },
  validFrom: { vi: 'Áp dụng từ {day}', en: 'Applies from {day}' },
  example: { vi: 'Ví dụ vi phạm', en: 'An example that breaks it' },
  breaks: { vi: 'Sửa báo cáo mẫu như sau thì bị báo tại {place}:', en: 'The model report, edited like this, is told of at {place}:' },
  holds: { vi: 'Sửa như sau thì không bị báo:', en: 'Edited like this it is not:' },
  model: { vi: 'Báo cáo mẫu không bị báo.', en: 'The model report itself is not.' },
  member: { vi: 'Mục', en: 'Member' },
  value: { vi: 'Giá trị', en: 'Value' },
  removed: { vi: '(bỏ mục này)', en: '(taken out)' },
  linkTo: { vi: 'Liên kết tới {code}', en: 'Link to {code}' },
  ENV: { vi: 'Mọi báo cáo: hình thức', en: 'Every report: form' },
  REP: { vi: 'Mọi báo cáo: phần đầu', en: 'Every report: head' },
  GWY: { vi: 'Tiếp nhận', en: 'Intake' },
  INB: { vi: 'Nộp qua hệ thống tích hợp', en: 'Filing through integrators' },
  API: { vi: 'Giao diện lập trình', en: 'Programming interface' },
} satisfies Record<string, Text>;

export default texts;
