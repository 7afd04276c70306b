import { useDictionary } from '#/api/dictionary';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** What reports are called: kinds by the dictionary, periods in words. */
export function useNames() {
  const { name, text } = useWords();
  const kinds = useDictionary().data?.kinds ?? undefined;
  return {
    kinds,
    /** Until the dictionary is there, and where there is none, the code says it. */
    kindName: (kind: string) => name(kinds?.find((k) => k.kind === kind)) || kind,
    periodName: (period: string) => (period.endsWith('H1') ? text(texts.half, { year: period.slice(0, 4) }) : text(texts.wholeYear, { year: period })),
    unitName: (unit: string) => {
      const [, commune] = /^commune:(\w+)/.exec(unit) ?? [];
      if (commune) return text(texts.commune, { code: commune });
      // The place of the tax code itself has no name of its own.
      const own = unit.replace(/\/0$/, '');
      const [, household] = /^hb:(.*)$/.exec(own) ?? [];
      return household ? text(texts.household, { code: household }) : own;
    },
  };
}
