import type { Schemas } from '#/api/client';
import { plain } from '#/language/numbers';

export type Rule = Schemas['Rule'];
export type Severity = 'error' | 'warning' | 'hint';

/** What is looked for among the rules. */
export interface Wanted {
  q?: string;
  kind?: string;
  severity?: Severity;
  unverified?: 1;
}

/** Rules of one kind of report, or those that all reports or requests share. */
export interface Group {
  /** The kind, or the prefix of the codes where there is none. */
  id: string;
  rules: Rule[];
}

export const prefix = (code: string): string => code.slice(0, code.indexOf('-'));

/** The group that a code belongs to, by the catalogue's own order. */
export const groupOf = (rule: Rule): string => rule.kind ?? prefix(rule.code);

/** finder makes the text of each rule ready to be searched, and returns the search: every word has to
 *  be there, with or without its marks. */
export function finder(rules: Rule[]): (wanted: Wanted) => Group[] {
  const texts = new Map(rules.map((r) => [r, plain([r.code, r.message_vi, r.message, r.legal_ref].join(' '))]));
  return (wanted) => {
    const words = plain(wanted.q ?? '').split(/\s+/).filter(Boolean);
    const groups = new Map<string, Group>();
    for (const rule of rules) {
      const id = groupOf(rule);
      if (wanted.kind && wanted.kind !== id) continue;
      if (wanted.severity && wanted.severity !== rule.severity) continue;
      if (wanted.unverified && rule.status !== 'UNVERIFIED') continue;
      if (!words.every((word) => texts.get(rule)!.includes(word))) continue;
      const group = groups.get(id) ?? { id, rules: [] };
      group.rules.push(rule);
      groups.set(id, group);
    }
    return [...groups.values()];
  };
}

/** A message with an ellipsis where a number or text of the report comes. */
export const shown = (message: string): string => message.replace(/“?%[a-z]”?/g, '…');
