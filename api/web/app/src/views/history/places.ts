import type { Field } from '#/api/dictionary';
import { valueAt } from '#/forms/fields';

/** A step on the way to a place in a submission: what the dictionary calls it, and which one of a list. */
export interface Step {
  field?: Field;
  /** The member's own name, where the dictionary has none. */
  name: string;
  /** Which one of a list, counted from one; none for what is no list. */
  nth?: number;
  /** What a row of a list calls itself, in place of its number. */
  row?: string;
}

/** asField turns the pointer of a place into that of its field: the members of a list have one. */
export const asField = (pointer: string): string => pointer.replace(/\/\d+(?=\/|$)/g, '/*');

/** stepsTo are the steps to a place within the content, the outermost first. Pure. */
export function stepsTo(pointer: string, kind: string, fields: Field[], document: unknown): Step[] {
  const parts = pointer.split('/').slice(1);
  const steps: Step[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (i === 0 && part === 'content') continue;
    if (/^\d+$/.test(part) && steps.length > 0) {
      const list = steps.at(-1)!;
      list.nth = Number(part) + 1;
      list.row = rowName(valueAt(document, `/${parts.slice(0, i + 1).join('/')}`));
      continue;
    }
    steps.push({ field: fieldOf(asField(`/${parts.slice(0, i + 1).join('/')}`), kind, fields), name: part });
  }
  return steps;
}

/** fieldOf finds a field of a kind, or one that all kinds share. */
export const fieldOf = (pointer: string, kind: string, fields: Field[]): Field | undefined =>
  fields.find((f) => f.pointer === pointer && (f.kind === kind || f.kind === undefined));

// The rows of a form's table have numbers of their own.
function rowName(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null || !('block' in row)) return undefined;
  const { block, code } = row as { block: unknown; code?: unknown };
  return code === undefined ? String(block) : `${String(block)} – ${String(code)}`;
}
