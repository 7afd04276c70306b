import type { Text } from '#/language/text';

const texts = {
  waiting: { vi: '{n, plural, =1 {Chưa nộp: đang chờ mạng.} other {# báo cáo chưa nộp: đang chờ mạng.}}', en: '{n, plural, =1 {Not filed: waiting for a connection.} other {# reports not filed: waiting for a connection.}}' },
  busy: { vi: '{n, plural, =1 {Chưa nộp: hệ thống đang bận, sẽ tự gửi lại.} other {# báo cáo chưa nộp: hệ thống đang bận, sẽ tự gửi lại.}}', en: '{n, plural, =1 {Not filed: the platform is busy, it will be sent again.} other {# reports not filed: the platform is busy, they will be sent again.}}' },
  ended: { vi: 'Phiên đã hết, bản nháp vẫn còn.', en: 'Session ended; drafts are kept.' },
  unsent: { vi: 'Trên máy này có {n} báo cáo chưa nộp: người gửi cần đăng nhập.', en: '{n, plural, =1 {A report on this device is} other {# reports on this device are}} not filed: whoever submitted must sign in.' },
  see: { vi: 'Xem', en: 'See' },
  signIn: { vi: 'Đăng nhập', en: 'Sign in' },
  signOut: { vi: 'Đăng xuất', en: 'Sign out' },
  stay: { vi: 'Ở lại', en: 'Stay' },
  leaving: { vi: 'Đăng xuất khỏi máy này?', en: 'Sign out of this device?' },
  left: {
    vi: 'Trên máy này có {n} bản nháp và biên nhận của bạn. Chúng được mã hóa, người khác đăng nhập không thấy, và tự xóa sau {days} ngày.',
    en: '{n, plural, =1 {One draft or receipt of yours is} other {# drafts and receipts of yours are}} on this device. They are encrypted, nobody else who signs in sees them, and they are removed after {days} days.',
  },
  shared: { vi: 'Máy dùng chung: xóa hết khỏi máy này', en: 'Shared device: remove all from this device' },
  lost: {
    vi: '{n} báo cáo chưa nộp sẽ mất và không được gửi đi.',
    en: '{n, plural, =1 {One report is not filed. It would be lost and not be sent.} other {# reports are not filed. They would be lost and not be sent.}}',
  },
} satisfies Record<string, Text>;

export default texts;
