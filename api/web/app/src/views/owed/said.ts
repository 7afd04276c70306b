import type { Words } from '#/language/words';
import { owed as texts } from '#/opening/messages';
import { dayAfter, dayIn, grouped, type Obligation } from './groups';

/** Said is what a unit owes, in sentences; a sentence is empty where there is nothing of it. */
export interface Said {
  overdue: string;
  due: string;
  nothing: string;
  next: string;
}

/** said answers before any list. all are the obligations of one unit, at is when they were so. */
export function said(words: Words, all: Obligation[], at: string): Said {
  const { text } = words;
  const { overdue, due, coming } = grouped(all, dayIn(at));
  const next = coming.find((o) => o.due_by)?.due_by;
  return {
    overdue: overdue.length > 0 ? text(texts.overdueSaid, { n: overdue.length }) : '',
    due: due.length > 0 ? text(texts.dueSaid, { n: due.length }) : '',
    nothing: overdue.length + due.length === 0 ? text(texts.nothing) : '',
    next: next ? text(texts.next, inTime(words, next)) : '',
  };
}

/** unitSaid names a unit as the register does, and by its code. */
export function unitSaid({ text }: Words, unit: string, all: Obligation[] | undefined): string {
  const name = all?.[0]?.name;
  return `${text(texts.unit)}: ${name ? `${name} (${unit})` : unit}`;
}

/** inTime writes a last day in the words of the law: before the day after it. */
export const inTime = ({ day, language }: Words, last: string) => ({
  before: day(dayAfter(last)),
  // The year was just said.
  last: language === 'vi' ? day(last).slice(0, 5) : day(last).replace(/ \d{4}$/, ''),
});
