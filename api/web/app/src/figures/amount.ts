import { useWords } from '#/language/LanguageProvider';
import type { Item } from './item';
import texts from './messages';

const counted = { accidents: texts.accidents, deaths: texts.deaths, persons: texts.persons, cases: texts.cases, sites: texts.sites } as const;
const isCounted = (measure: string | undefined): measure is keyof typeof counted => measure !== undefined && measure in counted;

/** useAmount writes numbers in the unit of an item: 623 vụ, 93,3%, 2,31 trên 100.000 lao động; – for none. */
export function useAmount() {
  const { text, name, whole, decimal } = useWords();
  const bare = (item: Item, n: number | null): string => {
    if (n === null) return '–';
    if (item.unit.en === '%') return `${decimal(n, 1)}%`;
    return item.factor === 1 ? whole(n) : decimal(n, 2);
  };
  const withUnit = (item: Item, n: number | null): string => {
    if (n === null) return '–';
    if (item.factor === 1 && isCounted(item.definition.measure)) return text(counted[item.definition.measure], { n });
    const unit = item.unit.en === '%' ? '' : ` ${name(item.unit)}`;
    return bare(item, n) + unit;
  };
  return { bare, withUnit };
}
