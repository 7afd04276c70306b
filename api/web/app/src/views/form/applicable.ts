import type { Node } from '#/forms/tree';

/** Which members name a unit of which type: the others are not for it (rules REP-007, UNT-006). */
const onlyFor: Record<string, readonly string[]> = {
  tax_code: ['establishment', 'clinic', 'service_body'],
  site: ['establishment', 'clinic', 'service_body'],
  commune: ['commune'],
  authority: ['authority'],
  governs: ['authority'],
  establishment_type: ['establishment'],
};

/** applicable leaves out what is not for the type of unit that was chosen. */
export function applicable(nodes: Node[], value: unknown): Node[] {
  if (!namesUnit(nodes)) return nodes;
  const type = (value as { type?: string } | undefined)?.type;
  return nodes.filter((n) => !(n.member in onlyFor) || (type !== undefined && onlyFor[n.member]!.includes(type)));
}

/** A group names a unit when it has both a type and a tax code. */
const namesUnit = (nodes: Node[]): boolean => ['type', 'tax_code'].every((m) => nodes.some((n) => n.member === m));

/** settle is what a chosen type changes: it is set, and what is not for it is taken out. */
export function settle(at: string, type: string | undefined): [string, unknown][] {
  const group = at.slice(0, at.lastIndexOf('/'));
  const stray = Object.keys(onlyFor).filter((m) => type === undefined || !onlyFor[m]!.includes(type));
  return [[at, type], ...stray.map((m): [string, unknown] => [`${group}/${m}`, undefined])];
}

/** labelOf splits what the dictionary says into the name of a field and what helps to fill it in. */
export function labelOf(meaning: string): { label: string; help?: string } {
  const cut = meaning.indexOf('; ');
  if (cut < 0) return { label: meaning };
  const help = meaning.slice(cut + 2);
  return { label: meaning.slice(0, cut), help: help.charAt(0).toUpperCase() + help.slice(1) };
}
