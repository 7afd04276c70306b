import { IntlMessageFormat, type Formatters } from 'intl-messageformat';
import { kept } from './kept';

/** A text of the page in both languages (ICU message syntax): Vietnamese first. */
export interface Text {
  readonly vi: string;
  readonly en: string;
}

export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

/** What stands for the arguments of a text. Numbers are written by the language's own rules. */
export type Values = Record<string, string | number | boolean | Date | null | undefined>;

/** The locales that write numbers and dates. */
export const locales: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

// A view writes a hundred texts, and a phone takes a millisecond to look up a locale or to make a format: both are
// done once, and not for each text as the library does.
IntlMessageFormat.resolveLocale = kept((locale) => new Intl.Locale(String(locale)));
const formatters: Formatters = {
  getNumberFormat: kept((...of) => new Intl.NumberFormat(...of)),
  getDateTimeFormat: kept((...of) => new Intl.DateTimeFormat(...of)),
  getPluralRules: kept((...of) => new Intl.PluralRules(...of)),
};

const formats: Record<Language, Map<string, IntlMessageFormat>> = { vi: new Map(), en: new Map() };

/** What the syntax gives a meaning: a text without any of it is what it says. */
const syntax = /[{}'<]/;

/** say writes a text in a language. */
export function say(language: Language, text: Text, values?: Values): string {
  const source = text[language];
  if (!syntax.test(source)) return source;
  let format = formats[language].get(source);
  if (!format) {
    format = new IntlMessageFormat(source, locales[language], undefined, { formatters });
    formats[language].set(source, format);
  }
  return String(format.format(values));
}

/** Two texts of the API, whose members end in _vi and _en or are named so. */
export const pick = (language: Language, vi: string, en: string): string => (language === 'vi' ? vi : en);
