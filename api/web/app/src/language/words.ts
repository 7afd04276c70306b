import * as numbers from './numbers';
import { pick, say, type Language, type Text, type Values } from './text';

/** What is written with in a language. */
export interface Words {
  language: Language;
  /** A text of the page. */
  text: (text: Text, values?: Values) => string;
  /** One of two texts of the API. */
  pick: (vi: string, en: string) => string;
  /** The name of something that the API names in both languages. */
  name: (of: { vi?: string; en?: string; name_vi?: string; name_en?: string } | undefined | null) => string;
  whole: (n: number) => string;
  decimal: (n: number, digits: number) => string;
  percent: (share: number, digits?: number) => string;
  signed: (n: number, digits?: number) => string;
  moment: (at: string | Date) => string;
  day: (at: string | Date) => string;
}

export const wordsIn = (language: Language): Words => ({
  language,
  text: (text, values) => say(language, text, values),
  pick: (vi, en) => pick(language, vi, en),
  name: (of) => (of ? pick(language, of.vi ?? of.name_vi ?? '', of.en ?? of.name_en ?? '') : ''),
  whole: (n) => numbers.whole(language, n),
  decimal: (n, digits) => numbers.decimal(language, n, digits),
  percent: (share, digits) => numbers.percent(language, share, digits),
  signed: (n, digits) => numbers.signed(language, n, digits),
  moment: (at) => numbers.moment(language, at),
  day: (at) => numbers.day(language, at),
});

const kept = 'atvsld-language';

/** The language is the address's if it names one, else that of the last visit, else Vietnamese. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(kept);
  return asked === 'en' ? 'en' : 'vi';
}

/** keepLanguage is for the next visit, and for whoever hears the page. */
export function keepLanguage(language: Language): void {
  document.documentElement.lang = language;
  localStorage.setItem(kept, language);
}
