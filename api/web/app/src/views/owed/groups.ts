import type { Schemas } from '#/api/client';

export type Obligation = Schemas['Obligation'];

/** What a unit owes, in the order in which it matters. */
export interface Groups {
  overdue: Obligation[];
  due: Obligation[];
  /** Of periods that are not over: nothing can be filed yet. */
  coming: Obligation[];
  done: Obligation[];
  /** What goes to somebody else, so that the platform cannot tell. */
  elsewhere: Obligation[];
}

/** grouped sorts obligations by what has to be done about them. today as YYYY-MM-DD. Pure. */
export function grouped(all: Obligation[], today: string): Groups {
  const groups: Groups = { overdue: [], due: [], coming: [], done: [], elsewhere: [] };
  for (const one of all) groups[groupOf(one, today)].push(one);
  groups.overdue.sort(byDate);
  groups.due.sort(byDate);
  groups.coming.sort(byDate);
  groups.done.sort((a, b) => (b.filed_at ?? '').localeCompare(a.filed_at ?? ''));
  return groups;
}

function groupOf(one: Obligation, today: string): keyof Groups {
  switch (one.state) {
    case 'missing':
      return 'overdue';
    case 'due':
    case 'extended':
    case 'undated':
      return lastDay(one.period) < today ? 'due' : 'coming';
    case 'elsewhere':
      return 'elsewhere';
    default:
      return 'done';
  }
}

// What has no date comes after what has one.
const byDate = (a: Obligation, b: Obligation) => (a.due_by ?? '9999').localeCompare(b.due_by ?? '9999') || a.period.localeCompare(b.period);

/** The last day of a period, 2025 or 2025H1. */
export const lastDay = (period: string): string => (period.endsWith('H1') ? `${period.slice(0, 4)}-06-30` : `${period}-12-31`);

const dayLength = 24 * 60 * 60 * 1000;

/** Days from one day to another, both YYYY-MM-DD; negative if it lies before. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / dayLength);

/** The day after one. The law says "before", the API tells the last day in time. */
export const dayAfter = (day: string): string => new Date(Date.parse(day) + dayLength).toISOString().slice(0, 10);

/** The day in Viet Nam at a moment, as YYYY-MM-DD. */
export const dayIn = (at: string | Date): string => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date(at));

/** unitKey is how the register names a unit of /v1/access/me: with its place, a commune with the
 *  day since which its code is its own. */
export function unitKey(unit: string): string {
  if (unit.startsWith('commune:')) return unit.includes('@') ? unit : `${unit}@2025-07-01`;
  return unit.includes('/') || unit.startsWith('authority:') ? unit : `${unit}/0`;
}
