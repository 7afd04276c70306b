import { useWords } from '#/language/LanguageProvider';
import { few, type Item } from './item';
import { useAmount } from './amount';
import texts from './messages';

/** Change says how a figure moved, with the interval of the move; where cases are few, the count before instead of a percentage. */
export function Change({ item }: { item: Item }) {
  return <span className="change">{useChange()(item)}</span>;
}

export function useChange() {
  const { text, signed } = useWords();
  const { withUnit } = useAmount();
  return (item: Item): string => {
    const { change_pct: change, ratio_interval: ratio, previous } = item;
    const year = String(previous.year);
    if (change === null || few(item)) return text(texts.fromTo, { year, value: withUnit(item, previous.value) });
    if (!ratio) return text(texts.changed, { change: signed(change), year });
    const lower = signed((ratio.lower - 1) * 100);
    if (ratio.upper === null) return text(texts.changedOpen, { change: signed(change), year, lower });
    return text(texts.changedInterval, { change: signed(change), year, lower, upper: signed((ratio.upper - 1) * 100) });
  };
}
