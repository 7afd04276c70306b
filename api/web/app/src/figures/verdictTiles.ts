import { useWords } from '#/language/LanguageProvider';
import { verdicts } from '#/opening/messages';
import { useAmount } from './amount';
import type { Item } from './item';
import type { LegendEntry } from './Legend';
import type { TileValue } from './TileMap';
import { glyphs, type VerdictWord } from './verdicts';

/** useVerdictTiles makes the tiles of provinces out of how each stands to one target. */
export function useVerdictTiles() {
  const { text, name, language } = useWords();
  const { withUnit } = useAmount();

  // A tile has room for four signs: 77.438 is 77k.
  const short = (n: number | null): string => {
    if (n === null) return '';
    return new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: n < 100 ? 1 : 0 }).format(n < 10_000 ? n : n / 1000) + (n < 10_000 ? '' : 'k');
  };

  return (items: Item[]): { values: Record<string, TileValue>; legend: LegendEntry[] } => {
    const values: Record<string, TileValue> = {};
    for (const item of items) {
      const said = [text(verdicts[item.verdict]), withUnit(item, item.current.value)];
      if (item.verdict === 'not_assessable' && item.reason) said.push(name(item.reason));
      values[item.area.code] = { glyph: glyphs[item.verdict], text: short(item.current.value), status: item.verdict, words: said.join(', '), name: name(item.area.name) };
    }
    const shown = (['met', 'not_met', 'not_assessable', 'hidden'] as VerdictWord[]).filter((s) => s !== 'hidden' || items.some((i) => i.verdict === s));
    return { values, legend: shown.map((s) => ({ status: s, glyph: glyphs[s], words: text(verdicts[s]) })) };
  };
}
