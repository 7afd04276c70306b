import type { Schemas } from '#/api/client';

export type Geography = '34' | '63' | 'reported';
export type Province = NonNullable<Schemas['CodeList']['codes']>[number];

/** geographyOf is the list that a question is asked on: that of the province it names, else the one asked for. */
export function geographyOf(asked: Geography | undefined, area: string): Geography {
  if (asked === 'reported' || area === 'VN') return asked ?? '34';
  return area.startsWith('63:') ? '63' : '34';
}

const keyOf = (p: Province): string => `${p.list}:${p.code}`;

export interface Mapped {
  /** The area of the other list that is looked at now. */
  area: string;
  /** Provinces of the list of 63 that the province of the list of 34 is made of; one if it stayed as it was. */
  parts: Province[];
  from?: Province;
  to?: Province;
}

/**
 * mapArea takes a selection to another list of provinces: a former province to its successor, a province
 * of today to the former one of its name, or the first of its parts. The nation stays the nation.
 */
export function mapArea(area: string, to: Geography, provinces: Province[]): Mapped {
  const from = provinces.find((p) => keyOf(p) === area);
  if (!from || to === 'reported' || from.list === to) return { area, parts: [] };
  if (to === '34') {
    const successor = provinces.find((p) => keyOf(p) === from.parent);
    return successor ? { area: keyOf(successor), parts: [], from, to: successor } : { area: 'VN', parts: [], from };
  }
  const parts = provinces.filter((p) => p.parent === area);
  const same = parts.find((p) => p.name_vi === from.name_vi) ?? parts[0];
  return same ? { area: keyOf(same), parts, from, to: same } : { area: 'VN', parts, from };
}
