import type { Text } from '#/language/text';

// What views begin with. It stands apart from the other texts of the views because it is here first.

export const verify = {
  title: { vi: 'Kiểm tra biên nhận', en: 'Check a receipt' },
  lead: {
    vi: 'Ai có biên nhận đều kiểm tra được: hệ thống có cấp biên nhận này không, và báo cáo nay ra sao.',
    en: 'Whoever holds a receipt can check whether the platform gave it out, and what became of the report.',
  },
} satisfies Record<string, Text>;

export const rules = {
  title: { vi: 'Quy tắc kiểm tra', en: 'Checks' },
  lead: {
    vi: 'Mỗi báo cáo được kiểm tra theo các quy tắc này ngay khi nộp; mọi lỗi được báo cùng lúc. Trang nhập liệu kiểm tra như vậy khi đang gõ.',
    en: 'Every report is checked by these rules as it is filed, and all errors are told at once. The forms check the same as you type.',
  },
} satisfies Record<string, Text>;

export const dictionary = {
  title: { vi: 'Từ điển dữ liệu', en: 'Data dictionary' },
  lead: {
    vi: 'Mọi mục của mọi loại báo cáo: ý nghĩa, kiểu, danh mục mã, văn bản quy định.',
    en: 'Every field of every kind of report: meaning, type, code list and source.',
  },
} satisfies Record<string, Text>;

export const declaration = {
  title: { vi: 'Khai báo tai nạn lao động', en: 'Accident declaration' },
  first: { vi: 'Có người chết, hoặc từ 2 người bị thương nặng?', en: 'A death, or two or more seriously injured?' },
  firstHelp: {
    vi: 'Bị thương nặng là có ít nhất một chấn thương trong Phụ lục II Nghị định 39/2016/NĐ-CP.',
    en: 'Seriously injured means at least one injury of Annex II of Decree 39/2016/ND-CP.',
  },
} satisfies Record<string, Text>;

/** The first screen of Annex XII. */
export const annexXII = {
  title: { vi: 'Báo cáo tai nạn lao động định kỳ', en: 'Periodic accident report' },
  form: { vi: 'Phụ lục XII, Nghị định 39/2016/NĐ-CP', en: 'Annex XII, Decree 39/2016/ND-CP' },
  question: { vi: 'Trong kỳ có tai nạn không?', en: 'Any accident this period?' },
  questionHint: { vi: 'Tính cả tai nạn làm bị thương nhẹ và tai nạn trên đường đi làm.', en: 'Slight injuries and accidents on the way to work count as well.' },
} satisfies Record<string, Text>;

export const owed = {
  title: { vi: 'Báo cáo cần nộp', en: 'What you owe' },
  overdueSaid: { vi: '{n} báo cáo quá hạn.', en: '{n, plural, =1 {One report is} other {# reports are}} overdue.' },
  dueSaid: { vi: '{n} báo cáo đến kỳ nộp.', en: '{n, plural, =1 {One report is} other {# reports are}} due.' },
  nothing: { vi: 'Không còn báo cáo cần nộp.', en: 'Nothing due.' },
  next: { vi: 'Hạn tới: trước {before} (nhận đến hết {last}).', en: 'Next: before {before} (until end of {last}).' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  notRegistered: { vi: 'Đơn vị {unit} chưa có trong sổ đăng ký, nên chưa biết phải nộp báo cáo nào. Vẫn nộp được báo cáo.', en: 'The register does not hold unit {unit}, so it is not known what it owes. Reports can be filed all the same.' },
} satisfies Record<string, Text>;

export const reports = { title: { vi: 'Báo cáo đã nộp', en: 'Filed reports' } } satisfies Record<string, Text>;

export const investigations = {
  list: { vi: 'Điều tra tai nạn lao động', en: 'Investigations of accidents' },
  listAnswer: {
    vi: '{n, plural, =0 {Không có vụ nào} other {# vụ}} {more, select, yes {trên trang này} other {trong phạm vi của bạn}}{overdue, plural, =0 {} other {, # vụ quá hạn}}. Thời hạn tính đến {today}.',
    en: '{n, plural, =0 {No investigation} one {One investigation} other {# investigations}} {more, select, yes {on this page} other {within your reach}}{overdue, plural, =0 {} other {, # overdue}}. Limits as of {today}.',
  },
} satisfies Record<string, Text>;

/** Verdicts in words. */
export const verdicts = {
  met: { vi: 'Đạt', en: 'Met' },
  not_met: { vi: 'Không đạt', en: 'Not met' },
  not_assessable: { vi: 'Chưa đánh giá được', en: 'Not assessable' },
  hidden: { vi: 'Ẩn vì thông tin cá nhân', en: 'Hidden for privacy' },
} satisfies Record<string, Text>;

/** The country, or a province, in three sentences. */
export const country = {
  title: { vi: 'An toàn lao động Việt Nam {year}', en: 'Work safety in Viet Nam, {year}' },
  titleOf: { vi: 'An toàn lao động {name} {year}', en: 'Work safety in {name}, {year}' },
  accidentsDown: {
    vi: '{accidents} tai nạn lao động chết người, {deaths} chết. Số vụ {change} so với năm {before}; mục tiêu: giảm ít nhất {asked}.',
    en: '{accidents}, {deaths}. Accidents {change} on {before}; the target: down by at least {asked}.',
  },
  fatalAccidents: { vi: '{n, number} vụ', en: '{n, plural, one {# fatal accident at work} other {# fatal accidents at work}}' },
  dead: { vi: '{n, number} người', en: '{n, plural, one {# person died} other {# people died}}' },
  examined: {
    vi: '{n, number} lao động được khám bệnh nghề nghiệp, {change}; mục tiêu: tăng ít nhất {asked}.',
    en: '{n, plural, one {# worker} other {# workers}} examined for occupational disease, {change}; the target: up by at least {asked}.',
  },
  monitored: {
    vi: '{n, number} cơ sở được đo môi trường lao động, {change}; mục tiêu: tăng ít nhất {asked}.',
    en: '{n, plural, one {# workplace} other {# workplaces}} had the working environment measured, {change}; the target: up by at least {asked}.',
  },
  down: { vi: 'giảm {share}', en: 'down {share}' },
  up: { vi: 'tăng {share}', en: 'up {share}' },
  same: { vi: 'không đổi', en: 'unchanged' },
  from: { vi: 'năm trước {n}', en: '{n} the year before' },
  unknown: { vi: 'chưa so sánh được với năm trước', en: 'not comparable with the year before' },
  none: { vi: 'Chưa có số liệu: {reason}', en: 'No figures yet: {reason}' },
  closed: { vi: 'Số liệu năm {year} đã chốt ngày {day}, tính từ báo cáo của cơ sở.', en: 'Figures of {year}, closed on {day}, made of the reports of establishments.' },
} satisfies Record<string, Text>;

/** What the board says of a plan. */
export const board = {
  directive: { vi: 'Có đạt Chỉ thị 31 không?', en: 'Is Directive 31 being met?' },
  plan: { vi: 'Các mục tiêu có đạt không?', en: 'Are the targets being met?' },
  answer: { vi: '{area}, năm {year}: đạt {met} trong {of} mục tiêu.', en: '{area}, {year}: {met} of {of} targets met.' },
  missed: { vi: 'Không đạt: {names}.', en: 'Not met: {names}.' },
  unassessed: { vi: '{n} mục tiêu chưa đánh giá được.', en: '{n, plural, one {# target is} other {# targets are}} not assessable.' },
  noTargets: { vi: 'Kế hoạch này không có mục tiêu cho địa bàn đã chọn.', en: 'This plan has no targets for the chosen area.' },
} satisfies Record<string, Text>;

/** What a target says of an area. */
export const target = {
  answer: { vi: '{area}, năm {year}:', en: '{area}, {year}:' },
  back: { vi: 'Về bảng mục tiêu', en: 'Back to the board' },
} satisfies Record<string, Text>;

/** Who has not reported, in one sentence. */
export const missing = {
  title: { vi: 'Đơn vị nào chưa nộp?', en: 'Who has not reported?' },
  answer: {
    vi: '{province}, {period}: {missing, plural, =0 {không báo cáo nào quá hạn mà chưa nộp} other {# báo cáo quá hạn chưa nộp}}{late, plural, =0 {} other {, # nộp muộn}}.',
    en: '{province}, {period}: {missing, plural, =0 {no report is overdue} one {# report is overdue} other {# reports are overdue}}{late, plural, =0 {} one {, # was late} other {, # were late}}.',
  },
  units: { vi: '{n, number} đơn vị trong sổ đăng ký phải báo cáo. Tính đến {time}.', en: '{n, plural, one {# registered unit has} other {# registered units have}} to report. As of {time}.' },
  purposeLogged: { vi: 'Mỗi lần xem được ghi lại cùng lý do này.', en: 'Every look is logged with this reason.' },
  wholeYear: { vi: 'năm {year}', en: '{year}' },
  half: { vi: '6 tháng đầu năm {year}', en: 'first half of {year}' },
} satisfies Record<string, Text>;

/** How a figure went over the years. */
export const trends = {
  titleSeries: { vi: '{measure}{split}{area}, {span}', en: '{measure}{split}{area}, {span}' },
  fromTo: { vi: '{who}: {first} ({from}) → {last} ({to}). {change}', en: '{who}: {first} ({from}) → {last} ({to}). {change}' },
  only: { vi: '{who}: {value} {interval} năm {period}.', en: '{who}: {value} {interval} in {period}.' },
  change: {
    vi: '{way, select, down {Giảm {change}} up {Tăng {change}} other {Không đổi}}{interval}{noise, select, within {, trong dao động ngẫu nhiên.} beyond {, vượt dao động ngẫu nhiên.} other {.}}',
    en: '{way, select, down {Down {change}} up {Up {change}} other {Unchanged}}{interval}{noise, select, within {, within noise.} beyond {, more than noise.} other {.}}',
  },
  interval95: { vi: '(95%: {limits})', en: '(95%: {limits})' },
  changeInterval: { vi: ' (95%: {lower} đến {upper})', en: ' (95%: {lower} to {upper})' },
  noChange: { vi: 'Không tính được thay đổi: {reason}', en: 'The change cannot be told: {reason}' },
  noValue: { vi: '{who}: không có số liệu năm {period}. {reason}', en: '{who}: no figure for {period}. {reason}' },
} satisfies Record<string, Text>;

/** Names of places that were used again. */
export const places = {
  former: { vi: '{name} (cũ)', en: '{name} (former)' },
} satisfies Record<string, Text>;
