import type { Finding } from '#/api/client';

/** fieldId is the id of the element that shows what a JSON pointer points to. */
export const fieldId = (pointer: string): string => `f${pointer.replace(/[^A-Za-z0-9_-]/g, '-')}`;

/** findingsAt are those of a place, or of anything within it that no field of its own shows. */
export const findingsAt = (findings: Finding[], pointer: string): Finding[] => findings.filter((f) => (f.pointer ?? '') === pointer);

/** valueAt is the value at a JSON pointer (RFC 6901), undefined if there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const part of parts(pointer)) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** withValue returns a copy with the value at a pointer set; undefined takes the member out. Objects
 *  on the way are made, lists where the next part is a number. */
export function withValue(value: unknown, pointer: string, next: unknown): unknown {
  return put(value, parts(pointer), next);
}

function put(value: unknown, path: string[], next: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (Array.isArray(value) || (value === undefined && /^\d+$/.test(head))) {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [];
    const at = Number(head);
    if (rest.length === 0 && next === undefined) list.splice(at, 1);
    else list[at] = put(list[at], rest, next);
    return list;
  }
  const object = { ...(value as Record<string, unknown> | undefined) };
  const member = put(object[head], rest, next);
  if (member === undefined) delete object[head];
  else object[head] = member;
  return object;
}

const parts = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'));
