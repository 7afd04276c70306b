import { en } from '@navikt/ds-react/locales';
import { vi as dates } from 'date-fns/locale/vi';

/** The component library's own words in English. */
export const kitEN = en;

type Kit = typeof en;

/** The component library's own words in Vietnamese. */
export const kitVI: Kit = {
  global: {
    dateLocale: dates,
    showMore: 'Xem thêm',
    showLess: 'Thu gọn',
    readOnly: 'Chỉ đọc',
    close: 'Đóng',
    error: 'Lỗi',
    info: 'Thông tin',
    success: 'Thành công',
    warning: 'Cảnh báo',
    announcement: 'Thông báo',
  },
  Chips: { Removable: { labelSuffix: 'bỏ' } },
  Combobox: { addOption: 'Thêm', noMatches: 'Không tìm thấy', loading: 'Đang tìm…', maxSelected: 'Đã chọn {selected}, nhiều nhất {limit}.' },
  CopyButton: { title: 'Sao chép', activeText: 'Đã sao chép' },
  DatePicker: {
    chooseDate: 'Chọn ngày',
    chooseDates: 'Chọn các ngày',
    chooseDateRange: 'Chọn ngày đầu và ngày cuối',
    chooseMonth: 'Chọn tháng',
    week: 'Tuần',
    weekNumber: 'Tuần {week}',
    selectWeekNumber: 'Chọn tuần {week}',
    month: 'Tháng',
    goToNextMonth: 'Tháng sau',
    goToPreviousMonth: 'Tháng trước',
    year: 'Năm',
    goToNextYear: 'Năm sau',
    goToPreviousYear: 'Năm trước',
    openDatePicker: 'Mở lịch chọn ngày',
    openMonthPicker: 'Mở lịch chọn tháng',
    closeDatePicker: 'Đóng lịch chọn ngày',
    closeMonthPicker: 'Đóng lịch chọn tháng',
  },
  ErrorSummary: { heading: 'Cần sửa các lỗi sau để tiếp tục:' },
  FileUpload: {
    dropzone: {
      button: 'Chọn tệp',
      buttonMultiple: 'Chọn các tệp',
      dragAndDrop: 'Kéo thả tệp vào đây',
      dragAndDropMultiple: 'Kéo thả các tệp vào đây',
      drop: 'Thả',
      or: 'hoặc',
      disabled: 'Không nhận tệp',
      disabledFilelimit: 'Không thể thêm tệp',
    },
    item: { retryButtonTitle: 'Tải lên lại', deleteButtonTitle: 'Bỏ tệp', uploading: 'Đang tải lên…', downloading: 'Đang tải về…' },
  },
  FormProgress: { step: 'Bước {activeStep}/{totalSteps}', showAllSteps: 'Xem các bước', hideAllSteps: 'Thu gọn các bước' },
  FormSummary: { editAnswer: 'Sửa' },
  GuidePanel: { illustrationLabel: 'Hình minh họa' },
  HelpText: { title: 'Xem giải thích' },
  Loader: { title: 'Đang tải…' },
  Pagination: { previous: 'Trước', next: 'Sau' },
  Process: { active: 'Đang làm' },
  ProgressBar: { progress: '{current}/{max}', progressUnknown: 'Chưa biết tiến độ, dự kiến {seconds} giây.' },
  Search: { clear: 'Xóa', search: 'Tìm' },
  Textarea: { maxLength: 'Nhiều nhất {maxLength} ký tự.', charsTooMany: 'thừa {chars} ký tự', charsLeft: 'còn {chars} ký tự' },
  Timeline: {
    dateFormat: 'dd/MM/yyyy',
    dayFormat: 'dd/MM',
    monthFormat: 'MM/yyyy',
    yearFormat: 'yyyy',
    Row: { noPeriods: 'Không có giai đoạn', period: '{start} đến {end}' },
    Period: {
      success: 'Đạt',
      warning: 'Cảnh báo',
      danger: 'Nguy hiểm',
      info: 'Thông tin',
      neutral: 'Bình thường',
      period: '{status} từ {start} đến {end}',
    },
    Pin: { pin: 'Mốc: {date}' },
    Zoom: { zoom: 'Phóng từ {start} đến {end}', reset: 'Về ban đầu' },
  },
  Tooltip: { shortcutSeparator: 'hoặc' },
};
