import { IntlMessageFormat } from 'intl-messageformat';

/** A text of the page in both languages (ICU message syntax): Vietnamese first. */
export interface Text {
  readonly vi: string;
  readonly en: string;
}

export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

/** What stands for the arguments of a text. Numbers are written by the language's own rules. */
export type Values = Record<string, string | number | boolean | Date | null | undefined>;

const formats: Record<Language, Map<string, IntlMessageFormat>> = { vi: new Map(), en: new Map() };

/** say writes a text in a language. */
export function say(language: Language, text: Text, values?: Values): string {
  const source = text[language];
  let format = formats[language].get(source);
  if (!format) {
    format = new IntlMessageFormat(source, locales[language]);
    formats[language].set(source, format);
  }
  return String(format.format(values));
}

/** The locales that write numbers and dates. */
export const locales: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

/** Two texts of the API, whose members end in _vi and _en or are named so. */
export const pick = (language: Language, vi: string, en: string): string => (language === 'vi' ? vi : en);
