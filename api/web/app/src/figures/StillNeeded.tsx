import { useWords } from '#/language/LanguageProvider';
import { useAmount } from './amount';
import { needed, type Item } from './item';
import texts from './messages';

/** StillNeeded says what the year may or has to come to, and where it stands. */
export function StillNeeded({ item }: { item: Item }) {
  const said = useNeeded()(item);
  return said ? <p className="needed">{said}</p> : null;
}

export function useNeeded() {
  const { text, whole } = useWords();
  const { withUnit } = useAmount();
  return (item: Item): string | undefined => {
    const limit = needed(item);
    if (!limit) return undefined;
    const less = limit.bound === 'at_most';
    const count = item.factor === 1 ? withUnit(item, limit.count) : whole(limit.count);
    const counted = item.current.numerator;
    const now = counted === null ? text(texts.noneSoFar) : whole(counted);
    if (item.provisional) return text(less ? texts.neededLess : texts.neededMore, { count, now });
    return text(less ? texts.askedLess : texts.askedMore, { count, now, year: String(item.year) });
  };
}
