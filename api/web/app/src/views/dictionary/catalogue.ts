import type { Schemas } from '#/api/client';
import { plain } from '#/language/numbers';

export type Field = Schemas['ReportField'];
export type Code = Schemas['Code'];

/** What is looked for among the fields. */
export interface Wanted {
  q?: string;
  kind?: string;
  unverified?: 1;
}

/** The group of the fields that all reports share. */
export const everyReport = 'every';

export interface Group {
  id: string;
  fields: Field[];
}

/** anchorOf is where a field stands in the view: an id that an address can hold. */
export const anchorOf = (field: Pick<Field, 'kind' | 'pointer'>): string => `${field.kind ?? everyReport}${field.pointer.replaceAll('/', '.')}`;

/** listAnchor is where a code list stands. */
export const listAnchor = (name: string): string => `list-${name}`;

/** matcher tells whether a text has every word that is looked for, with or without marks. */
export function matcher(q: string | undefined): (text: string) => boolean {
  const words = plain(q ?? '').split(/\s+/).filter(Boolean);
  return (text) => words.every((word) => text.includes(word));
}

/** finder makes the text of each field ready to be searched, and returns the search. */
export function finder(fields: Field[]): (wanted: Wanted) => Group[] {
  const texts = new Map(fields.map((f) => [f, plain([f.pointer, f.meaning_vi, f.meaning, ...(f.code_lists ?? []), ...(f.values ?? [])].join(' '))]));
  return (wanted) => {
    const has = matcher(wanted.q);
    const groups = new Map<string, Group>();
    for (const field of fields) {
      const id = field.kind ?? everyReport;
      if (wanted.kind && wanted.kind !== id) continue;
      if (wanted.unverified && field.status !== 'UNVERIFIED') continue;
      if (!has(texts.get(field)!)) continue;
      const group = groups.get(id) ?? { id, fields: [] };
      group.fields.push(field);
      groups.set(id, group);
    }
    return [...groups.values()];
  };
}
