import type { Text } from '#/language/text';
import { country } from '#/opening/messages';

const texts = {
  ...country,
  year: { vi: 'Năm', en: 'Year' },
  seeProvince: { vi: 'Xem tỉnh của bạn', en: 'See your province' },
  provinceSearch: { vi: 'Tên tỉnh, thành phố', en: 'Name of the province or city' },
  provinceHint: { vi: 'Gõ không dấu cũng được, ví dụ: da nang', en: 'Marks are not needed: da nang' },
  provincesFound: { vi: '{n, plural, =0 {Không tìm thấy tỉnh nào.} other {Tìm thấy # tỉnh.}}', en: '{n, plural, =0 {No province found.} one {# province found.} other {# provinces found.}}' },
  wholeCountry: { vi: 'Về cả nước', en: 'Back to the whole country' },
  targets: { vi: 'Ba mục tiêu của Chỉ thị 31', en: 'The three targets of Directive 31' },
  targetsWhy: { vi: 'Chỉ thị 31-CT/TW đặt ba mức phải đạt mỗi năm, cho cả nước và từng tỉnh.', en: 'Directive 31-CT/TW sets three levels to reach every year, for the nation and each province.' },
  map: { vi: 'Từng tỉnh đạt hay không?', en: 'Which provinces meet them?' },
  mapOf: { vi: 'Mục tiêu', en: 'Target' },
  mapLabel: { vi: 'Các tỉnh: {target}, năm {year}', en: 'Provinces: {target}, {year}' },
  mapAnswer: { vi: '{met} trong {of} tỉnh đạt năm {year}{open, plural, =0 {} other {; # chưa đánh giá được}}.', en: '{met} of {of} provinces met it in {year}{open, plural, =0 {} other {; # not assessable}}.' },
  tileHint: { vi: 'Chọn một ô để xem tỉnh đó.', en: 'Choose a tile to see that province.' },
  accidents: { vi: 'Tai nạn chết người', en: 'Fatal accidents' },
  examinations: { vi: 'Khám bệnh nghề nghiệp', en: 'Examinations' },
  monitoring: { vi: 'Đo môi trường', en: 'Monitoring' },
  words: { vi: 'Các từ này nghĩa là gì?', en: 'What do these words mean?' },
  wordAccident: { vi: 'Tai nạn lao động chết người', en: 'Fatal accident at work' },
  wordAccidentIs: {
    vi: 'Vụ tai nạn khi làm việc làm ít nhất một người chết, tính theo nơi xảy ra. Tai nạn trên đường đi làm và về không tính.',
    en: 'An accident at work in which at least one person died, counted where it happened. Accidents on the way to and from work are left out.',
  },
  wordExamined: { vi: 'Khám phát hiện bệnh nghề nghiệp', en: 'Examination for occupational disease' },
  wordExaminedIs: {
    vi: 'Người làm việc với bụi, ồn, hóa chất và yếu tố có hại khác được khám để phát hiện sớm bệnh do công việc. Mỗi người tính một lần trong năm.',
    en: 'Workers exposed to dust, noise, chemicals and other hazards are examined to find diseases of their work early. Each person counts once a year.',
  },
  wordMonitored: { vi: 'Quan trắc môi trường lao động', en: 'Monitoring of the working environment' },
  wordMonitoredIs: {
    vi: 'Đo bụi, tiếng ồn, hơi khí và yếu tố có hại khác tại nơi làm việc. Mỗi cơ sở tính một lần trong năm.',
    en: 'Dust, noise, gases and other hazards are measured at the workplace. Each site counts once a year.',
  },
  wordNoise: { vi: 'Trong dao động ngẫu nhiên (~)', en: 'Within noise (~)' },
  wordNoiseIs: {
    vi: 'Số vụ ít thì năm này qua năm khác lên xuống cũng có thể do ngẫu nhiên. Dấu ~ cho biết thay đổi chưa vượt quá mức đó.',
    en: 'Where accidents are few, a year may be better or worse by chance. The mark ~ says that the change is no larger than that.',
  },
  wordCoverage: { vi: 'Tỷ lệ báo cáo', en: 'Coverage' },
  wordCoverageIs: {
    vi: 'Trong số cơ sở phải báo cáo, bao nhiêu cơ sở đã báo cáo. Tỷ lệ thấp thì số liệu thiếu nhiều hơn.',
    en: 'How many of the establishments that have to report did. The lower it is, the more is missing from the figures.',
  },
  dictionary: { vi: 'Mọi định nghĩa trong từ điển dữ liệu', en: 'Every definition, in the data dictionary' },
} satisfies Record<string, Text>;

export default texts;
