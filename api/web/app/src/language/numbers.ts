import { kept } from './kept';
import { locales, type Language } from './text';

// The API's numbers stay numbers until here; nothing is computed from what was written.

const zone = 'Asia/Ho_Chi_Minh';
// To make a format takes a phone about a millisecond, and a board writes hundreds of numbers.
const format = kept((language: Language, digits: number) => new Intl.NumberFormat(locales[language], { minimumFractionDigits: digits, maximumFractionDigits: digits }));
const dates = kept((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }));

const minus = (text: string) => text.replace('-', '−');

/** 1.234 or 1,234. */
export function whole(language: Language, n: number | bigint): string {
  return minus(format(language, 0).format(n));
}

/** 4,25 or 4.25: exactly so many digits after the sign. */
export function decimal(language: Language, n: number, digits: number): string {
  return minus(format(language, digits).format(n));
}

/** A share of one as 6,2%. */
export function percent(language: Language, share: number, digits = 1): string {
  return `${decimal(language, share * 100, digits)}%`;
}

/** A change with its sign: +4,2 or −3,0. */
export function signed(language: Language, n: number, digits = 1): string {
  const text = decimal(language, n, digits);
  return n > 0 ? `+${text}` : text;
}

/** A whole number as somebody typed it, undefined if it is none: dots, commas and spaces that
 *  group digits are dropped, a fraction is refused. */
export function readWhole(typed: string): number | undefined {
  const text = typed.trim();
  if (!/^\d{1,3}([.\s\u00a0]?\d{3})*$/.test(text)) return undefined;
  const n = Number(text.replace(/[.\s\u00a0]/g, ''));
  return Number.isSafeInteger(n) ? n : undefined;
}

/** 14:30 06/05/2026 or 6 May 2026, 14:30, by the clock of Viet Nam. */
export function moment(language: Language, at: string | Date): string {
  const date = typeof at === 'string' ? new Date(at) : at;
  const time = dates({ hour: '2-digit', minute: '2-digit' }).format(date);
  return language === 'vi' ? `${time} ${day(language, date)}` : `${day(language, date)}, ${time}`;
}

/** 06/05/2026 or 6 May 2026. A date without a time is no moment and is not moved. */
export function day(language: Language, at: string | Date): string {
  const date = typeof at === 'string' ? new Date(at.length === 10 ? `${at}T12:00:00+07:00` : at) : at;
  if (language === 'en') return dates({ day: 'numeric', month: 'long', year: 'numeric' }).format(date);
  return dates({ day: '2-digit', month: '2-digit', year: 'numeric' }).format(date);
}

/** 14:32, by the clock of Viet Nam. */
export function clock(at: string | Date): string {
  return dates({ hour: '2-digit', minute: '2-digit' }).format(typeof at === 'string' ? new Date(at) : at);
}

/** Text to search by: without marks, đ as d, in lower case, so that "da nang" finds Đà Nẵng. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase();
}
