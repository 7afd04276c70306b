import type { Text } from '#/language/text';

const texts = {
  met: { vi: 'Đạt', en: 'Met' },
  notMet: { vi: 'Không đạt', en: 'Not met' },
  notAssessable: { vi: 'Chưa đánh giá được', en: 'Not assessable' },
  hidden: { vi: 'Ẩn vì thông tin cá nhân', en: 'Hidden for privacy' },
  withinNoise: { vi: 'Trong dao động ngẫu nhiên', en: 'Within noise' },
  coverageChanged: { vi: 'Tỷ lệ báo cáo thay đổi', en: 'Coverage changed' },
  provisional: { vi: 'Tạm tính', en: 'Provisional' },
  interval: { vi: '(95%: {lower}–{upper})', en: '(95%: {lower}–{upper})' },
  coverage: { vi: 'Tỷ lệ báo cáo {share} ({reported}/{due} cơ sở)', en: 'Coverage {share} ({reported}/{due} establishments)' },
  coverageUnknown: { vi: 'Tỷ lệ báo cáo: –', en: 'Coverage: –' },
  nation: { vi: 'Cả nước', en: 'The nation' },
  former: { vi: '{name} (cũ)', en: '{name} (former)' },
  geography: { vi: 'Địa giới', en: 'Provinces' },
  geography34: { vi: '34 tỉnh', en: '34' },
  geography63: { vi: '63 tỉnh cũ', en: 'Former 63' },
  geographyReported: { vi: 'Theo báo cáo', en: 'As reported' },
  asOf: { vi: 'Số liệu tại {time}', en: 'Figures as of {time}' },
  tileKeys: { vi: 'Dùng phím mũi tên để chuyển tỉnh, Enter để mở.', en: 'Arrow keys move between provinces, Enter opens.' },
  noFigure: { vi: 'không có số liệu', en: 'no figure' },
  legend: { vi: 'Chú giải', en: 'Legend' },
} satisfies Record<string, Text>;

export default texts;
