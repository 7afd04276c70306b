import type { Schemas } from '#/api/client';
import { headlines } from '#/figures/item';
import type { Words } from '#/language/words';
import { board as texts } from '#/opening/messages';

/** answerOf is what the title of the board asks, in a sentence or three. */
export function answerOf({ text, name }: Words, data: Schemas['IndicatorAttainment']): string {
  const heads = headlines(data.items);
  const first = heads[0];
  if (!first) return text(texts.noTargets);
  const missed = heads.filter((h) => h.verdict === 'not_met');
  const open = heads.filter((h) => h.verdict === 'not_assessable' || h.verdict === 'hidden');
  const parts = [text(texts.answer, { area: name(first.area.name), year: String(data.year), met: heads.length - missed.length - open.length, of: heads.length })];
  // Within a sentence a name begins small, unless it begins with an abbreviation.
  const inside = (words: string) => (/^\p{Lu}\p{Lu}/u.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1));
  if (missed.length > 0) parts.push(text(texts.missed, { names: missed.map((m) => inside(name(m.target.name))).join('; ') }));
  if (open.length > 0) parts.push(text(texts.unassessed, { n: open.length }));
  return parts.join(' ');
}
