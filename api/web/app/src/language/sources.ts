import type { Language } from './text';

// The catalogues name their sources in English. Those that are laws are written as the laws are.

/** Words of a citation, in the order in which they are looked for. */
const words: [RegExp, string][] = [
  [/\bLabour Code\b/g, 'Bộ luật Lao động'],
  [/\bLaw\b/g, 'Luật'],
  [/\bDecree\b/g, 'Nghị định'],
  [/\bCircular\b/g, 'Thông tư'],
  [/\bResolution\b/g, 'Nghị quyết'],
  [/\bDecision\b/g, 'Quyết định'],
  [/\bDirective\b/g, 'Chỉ thị'],
  [/\bArt\. (\d+)\((\d+)\)\(([a-z])\)/g, 'Điều $1 khoản $2 điểm $3'],
  [/\bArt\. (\d+)\((\d+)\)/g, 'Điều $1 khoản $2'],
  [/\bArt\. /g, 'Điều '],
  [/\bAnnex(es)? /g, 'Phụ lục '],
  [/\bfootnote /g, 'chú thích '],
  [/\btable (?=[IVX])/g, 'bảng '],
  [/(\d)\/ND-CP/g, '$1/NĐ-CP'],
  [/(\d)\/QD-/g, '$1/QĐ-'],
  [/\(content UNVERIFIED\)/g, '(nội dung chưa xác minh)'],
  [/\(form of a single case UNVERIFIED\)/g, '(mẫu từng ca chưa xác minh)'],
  [/\(dates and printed form UNVERIFIED\)/g, '(thời hạn và mẫu in chưa xác minh)'],
  [/\(names of the diseases\)/g, '(tên bệnh)'],
];

/** Sources that are no laws. */
const phrases: Record<string, string> = {
  arithmetic: 'phép tính',
  "the platform's rules of filing": 'quy tắc nộp của hệ thống',
  "conventions of the platform's interface": 'quy ước của giao diện lập trình',
  "the platform's description of the form": 'mô tả biểu mẫu của hệ thống',
  "the form is the platform's own": 'biểu mẫu của riêng hệ thống',
  "the register itself is the platform's": 'sổ đăng ký của hệ thống',
  "the authority's own decision": 'quyết định của chính cơ quan đó',
  "a record of the authority's decision": 'ghi lại quyết định của cơ quan',
  'form unverified': 'biểu mẫu chưa xác minh',
  'no text found (unverified)': 'chưa tìm thấy văn bản (chưa xác minh)',
  'structure of the citizen number (cccd)': 'cấu trúc số căn cước công dân',
  'tax-code structure and check digit (mã số thuế)': 'cấu trúc và số kiểm tra của mã số thuế',
  'threshold of the platform': 'ngưỡng của hệ thống',
  'parameter of the platform against slips of a unit': 'tham số của hệ thống để phát hiện nhầm đơn vị tính',
  'unit slips are known from the published notices': 'thông báo đã công bố cho thấy có nhầm đơn vị tính',
  'groups of the working-environment monitoring notices': 'các nhóm trong thông báo quan trắc môi trường lao động',
  'grouping of this project': 'cách nhóm của dự án này',
  'own reading of the groups of the list': 'cách hiểu của dự án về các nhóm trong danh mục',
  'list of the operator': 'danh mục của người vận hành',
  'not in annex xii': 'không có trong Phụ lục XII',
  'hours are optional and not in annex xii': 'số giờ không bắt buộc và không có trong Phụ lục XII',
  'form of the numbers': 'dạng của số',
  "found in a dry run only, against the filer's own report of the year before": 'chỉ báo khi kiểm tra thử, so với báo cáo năm trước của chính người nộp',
};

/** source writes a source of the catalogues in a language. */
export function source(language: Language, text: string): string {
  if (language === 'en') return text;
  const vietnamese = text
    .split('; ')
    .map((part) => phrases[part.toLowerCase()] ?? words.reduce((done, [from, to]) => done.replace(from, to), part))
    .join('; ');
  return vietnamese.charAt(0).toUpperCase() + vietnamese.slice(1);
}
