import type { Text } from '#/language/text';

const texts = {
  choose: { vi: 'Nộp báo cáo nào?', en: 'Which report?' },
  chooseHelp: { vi: 'Danh sách gồm các báo cáo mà tài khoản này được nộp.', en: 'These are the reports that this account may file.' },
  firstAccident: {
    vi: 'Khai báo ngay khi có người chết hoặc từ 2 người bị thương nặng.',
    en: 'At once, when somebody died or two or more were seriously injured.',
  },
  firstAnnex: {
    vi: '6 tháng và cả năm, kể cả khi không có tai nạn. Trước 05/07 và trước 10/01.',
    en: 'For the half-year and the year, also without an accident. Before 5 July and before 10 January.',
  },
  events: { vi: 'Khi có sự việc', en: 'When something has happened' },
  periodic: { vi: 'Theo kỳ', en: 'For a period' },
  records: { vi: 'Sổ và số liệu của cơ quan', en: 'Records of the authority' },
  yearly: { vi: 'Hằng năm', en: 'Yearly' },
  halfYearly: { vi: '6 tháng và năm', en: 'Half-year and year' },
  none: { vi: 'Tài khoản này không nộp báo cáo.', en: 'This account files no reports.' },
  noKind: { vi: 'Không có loại báo cáo này.', en: 'There is no such report.' },
  back: { vi: 'Chọn báo cáo khác', en: 'Choose another report' },
  check: { vi: 'Kiểm tra và nộp', en: 'Check and file' },
  sections: { vi: 'Các phần', en: 'Parts' },
  head: { vi: 'Kỳ báo cáo và thông tin chung', en: 'Period and general' },
  general: { vi: 'Thông tin chung', en: 'General' },
  item: { vi: '{name}, dòng {n}', en: '{name}, line {n}' },
  add: { vi: 'Thêm: {name}', en: 'Add: {name}' },
  remove: { vi: 'Bỏ dòng {n}', en: 'Remove line {n}' },
  emptyList: { vi: 'Chưa có dòng nào.', en: 'No line yet.' },
  year: { vi: 'Năm {year}', en: 'Year {year}' },
  half: { vi: '6 tháng đầu năm {year}', en: 'First half of {year}' },
  errorsIn: { vi: '{n} lỗi', en: '{n, plural, one {# error} other {# errors}}' },
  source: { vi: 'Căn cứ: {source}', en: 'Source: {source}' },
  unverified: { vi: 'Mẫu chưa đối chiếu với bản in.', en: 'The form was not compared with the printed one.' },
} satisfies Record<string, Text>;

export default texts;
