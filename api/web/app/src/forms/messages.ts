import type { Text } from '#/language/text';

const texts = {
  errors: { vi: 'Có {n} lỗi cần sửa', en: '{n, plural, one {# error to fix} other {# errors to fix}}' },
  warnings: { vi: 'Cần xem lại', en: 'Please check again' },
  acknowledge: { vi: 'Tôi đã kiểm tra, số liệu đúng', en: 'I checked, the figures are right' },
  source: { vi: 'Căn cứ: {source}', en: 'Source: {source}' },
  checking: { vi: 'Đang kiểm tra…', en: 'Checking…' },
  nothingWrong: { vi: 'Không có lỗi.', en: 'Nothing is wrong.' },
  unchecked: { vi: 'Chưa kiểm tra được: mất mạng.', en: 'Not checked: no network.' },
  saved: { vi: 'Đã lưu trên máy này lúc {time}. Chưa nộp.', en: 'Saved on this device at {time}. Not filed.' },
} satisfies Record<string, Text>;

export default texts;
