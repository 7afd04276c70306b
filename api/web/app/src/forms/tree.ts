import type { Schemas } from '#/api/client';

export type Field = Schemas['ReportField'];

/** What a field is filled in with. */
export type Control = 'text' | 'long' | 'whole' | 'truth' | 'date' | 'moment' | 'period' | 'choice' | 'code' | 'pair' | 'lines' | 'choices' | 'codes';

interface Named {
  /** JSON pointer within a submission; `*` is every element of a list. */
  pointer: string;
  /** Its last part. */
  member: string;
  meaning: { vi: string; en: string };
  required: boolean;
}

/** One thing to fill in. */
export interface Leaf extends Named {
  is: 'leaf';
  control: Control;
  field: Field;
  /** The code list that its values are from. */
  list?: string;
  values?: string[];
  /** Of a pair: the member beside `code` that says which list the code is of. */
  listMember?: 'list' | 'version';
}

/** Things that belong together. */
export interface Group extends Named {
  is: 'group';
  children: Node[];
}

/** As many of the same as there are. */
export interface List extends Named {
  is: 'list';
  children: Node[];
  most: number;
}

export type Node = Leaf | Group | List;

const content = '/content';

/** formOf makes the form of a kind out of its fields in the dictionary, whose order is the form's. */
export function formOf(fields: Field[], published: ReadonlySet<string>): Node[] {
  const below = new Map<string, Field[]>();
  for (const field of fields) {
    if (field.computed) continue;
    const parent = field.pointer.slice(0, field.pointer.lastIndexOf('/'));
    below.set(parent, [...(below.get(parent) ?? []), field]);
  }
  const build = (at: string): Node[] => {
    const members = below.get(at) ?? [];
    const code = members.find((f) => memberOf(f.pointer) === 'code' && f.code_lists?.some((l) => published.has(l)));
    const which = members.find((f) => ['list', 'version'].includes(memberOf(f.pointer)));
    const rest = code && which ? members.filter((f) => f !== code && f !== which) : members;
    const nodes = rest.map((f) => nodeOf(f, build, published));
    return code && which ? [pairOf(code, which, at), ...nodes] : nodes;
  };
  return build(content);
}

function nodeOf(field: Field, build: (at: string) => Node[], published: ReadonlySet<string>): Node {
  const named: Named = {
    pointer: field.pointer,
    member: memberOf(field.pointer),
    meaning: { vi: field.meaning_vi, en: field.meaning },
    required: field.required,
  };
  if (field.type === 'list') return { ...named, is: 'list', children: build(`${field.pointer}/*`), most: field.max_items ?? Infinity };
  if (field.type === 'object') return groupOf(named, build(field.pointer));
  return leafOf(named, field, published);
}

/** An object that holds nothing but a code and its list is one thing to choose. */
function groupOf(named: Named, children: Node[]): Node {
  const [only] = children;
  if (children.length === 1 && only?.is === 'leaf' && only.control === 'pair') return { ...only, ...named };
  return { ...named, is: 'group', children };
}

function pairOf(code: Field, which: Field, at: string): Leaf {
  return {
    is: 'leaf',
    control: 'pair',
    pointer: at,
    member: 'code',
    meaning: { vi: code.meaning_vi, en: code.meaning },
    required: code.required,
    field: code,
    list: code.code_lists?.[0],
    listMember: memberOf(which.pointer) === 'version' ? 'version' : 'list',
  };
}

function leafOf(named: Named, field: Field, published: ReadonlySet<string>): Leaf {
  const list = field.code_lists?.find((l) => published.has(l) && field.code_lists?.length === 1);
  return { ...named, is: 'leaf', field, list, values: field.values ?? undefined, control: controlOf(field, list) };
}

/** Texts longer than this get lines of their own. */
const longText = 500;

function controlOf(field: Field, list: string | undefined): Control {
  switch (field.type) {
    case 'number':
      return 'whole';
    case 'truth':
      return 'truth';
    case 'date':
      return 'date';
    case 'time':
      return 'moment';
    case 'list of texts':
      if (list) return 'codes';
      return field.values ? 'choices' : 'lines';
    case 'list of uuids':
      return 'lines';
  }
  if (field.pointer === '/content/period') return 'period';
  if (list) return 'code';
  if (field.values) return 'choice';
  return (field.max_length ?? 0) > longText ? 'long' : 'text';
}

export const memberOf = (pointer: string): string => pointer.slice(pointer.lastIndexOf('/') + 1);

/** patternOf replaces the places of list elements by `*`, as the dictionary writes pointers. */
export const patternOf = (pointer: string): string => pointer.replace(/\/\d+(?=\/|$)/g, '/*');

/** emptyOf is content with nothing in it but the groups that have to be there, so that the checks
 *  name each member that is missing rather than the group. */
export function emptyOf(nodes: Node[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const n of nodes) {
    if (n.is === 'group' && n.required) made[n.member] = emptyOf(n.children);
  }
  return made;
}

/** keptGroups are the groups that stay when they are empty, as patterns. */
export function keptGroups(nodes: Node[]): Set<string> {
  const kept = new Set<string>([content]);
  const walk = (list: Node[]) => {
    for (const n of list) {
      if (n.is === 'leaf') continue;
      if (n.required || n.is === 'list') kept.add(n.pointer);
      if (n.is === 'list') kept.add(`${n.pointer}/*`);
      walk(n.children);
    }
  };
  walk(nodes);
  return kept;
}
