import type { Text } from '#/language/text';
import { board } from '#/opening/messages';

const texts = {
  ...board,
  noBase: { vi: 'Chưa có năm gốc.', en: 'No base year yet.' },
  closedOn: { vi: 'Số liệu đã chốt, tính tại {time}', en: 'Closed figures, as of {time}' },
  choices: { vi: 'Lựa chọn', en: 'Choices' },
  planLabel: { vi: 'Kế hoạch', en: 'Plan' },
  view: { vi: 'Số liệu', en: 'Figures' },
  live: { vi: 'Hiện hành', en: 'Live' },
  closed: { vi: 'Đã chốt', en: 'Closed' },
  liveElsewhere: { vi: 'Số liệu hiện hành chỉ có cho địa bàn của bạn.', en: 'Live figures are there for your own area only.' },
  targets: { vi: 'Các mục tiêu', en: 'The targets' },
  provinces: { vi: 'Từng tỉnh', en: 'Province by province' },
  targetLabel: { vi: 'Mục tiêu', en: 'Target' },
  provincesAnswer: { vi: '{met} trong {of} tỉnh đạt{open, plural, =0 {} other {; # chưa đánh giá được}}.', en: '{met} of {of} provinces met it{open, plural, =0 {} other {; # not assessable}}.' },
  farthestFirst: { vi: 'Xa mục tiêu nhất xếp trước.', en: 'The farthest from the target come first.' },
  mapLabel: { vi: 'Các tỉnh: {target}, năm {year}', en: 'Provinces: {target}, {year}' },
  mixed: { vi: 'Tỉnh của bạn: số liệu hiện hành. Các tỉnh khác: số liệu đã chốt.', en: 'Your province: live figures. Other provinces: closed figures.' },
  province: { vi: 'Tỉnh', en: 'Province' },
  actual: { vi: 'Thực tế', en: 'Actual' },
  required: { vi: 'Mức phải đạt', en: 'Required' },
  standing: { vi: 'So với mục tiêu', en: 'Against the target' },
  withinNoise: { vi: 'Trong dao động ngẫu nhiên', en: 'Within noise' },
  verdict: { vi: 'Kết quả', en: 'Result' },
  atMost: { vi: '≤ {n}', en: '≤ {n}' },
  atLeast: { vi: '≥ {n}', en: '≥ {n}' },
  footDefinitions: { vi: 'Cách tính: {list}.', en: 'Definitions: {list}.' },
  definitionVersion: { vi: '{text} (phiên bản {version})', en: '{text} (version {version})' },
} satisfies Record<string, Text>;

export default texts;
