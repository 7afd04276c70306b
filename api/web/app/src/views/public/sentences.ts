import { few, type Item } from '#/figures/item';
import type { Words } from '#/language/words';
import { country as texts } from '#/opening/messages';

/** sentences says what a year was in whole sentences, from the items that its targets are told by. */
export function sentences({ text, name, percent, whole }: Words) {
  const change = (item: Item): string => {
    const { current, previous, change_pct: moved } = item;
    if (current.value === null || previous.value === null) return text(texts.unknown);
    if (few(item) || moved === null) return text(texts.from, { n: whole(previous.value) });
    if (moved === 0) return text(texts.same);
    return text(moved < 0 ? texts.down : texts.up, { share: percent(Math.abs(moved) / 100) });
  };

  /** 96/100 of the year before asks for 4 % less, 105/100 for 5 % more. */
  const asked = (item: Item): string => (item.threshold ? percent(Math.abs(1 - item.threshold.num / item.threshold.den), 0) : '–');

  return (item: Item, deaths: Item | undefined): string => {
    const n = item.current.value;
    if (n === null) return text(texts.none, { reason: name(item.current.value_reason ?? item.reason) });
    const said = { n, change: change(item), asked: asked(item), before: String(item.previous.year) };
    if (item.target.id === 'D31-2') return text(texts.examined, said);
    if (item.target.id === 'D31-3') return text(texts.monitored, said);
    const dead = deaths?.current.value ?? null;
    return text(texts.accidentsDown, { ...said, accidents: text(texts.fatalAccidents, { n }), deaths: dead === null ? '–' : text(texts.dead, { n: dead }) });
  };
}
