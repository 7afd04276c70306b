import type { Schemas } from '#/api/client';
import type { Words } from '#/language/words';
import { investigations as texts } from '#/opening/messages';

/** How many investigations a page of the list has. */
export const pageLength = 25;

/** answerOf says how many investigations there are, or are on the page, and how many are overdue. */
export function answerOf({ text, day }: Words, data: Schemas['InvestigationList'], paged: boolean): string {
  const overdue = data.investigations.filter((i) => i.clock.state === 'overdue').length;
  return text(texts.listAnswer, { n: data.investigations.length, more: data.next || paged ? 'yes' : 'no', overdue, today: day(data.today) });
}
