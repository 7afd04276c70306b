import { useWords } from '#/language/LanguageProvider';
import type { TileValue } from './TileMap';
import texts from './messages';

export interface LegendEntry {
  status?: TileValue['status'];
  ramp?: TileValue['ramp'];
  glyph?: string;
  words: string;
}

/** Legend says in words what the colours of a map stand for. */
export function Legend({ legend }: { legend: LegendEntry[] }) {
  const { text } = useWords();
  return (
    <ul className="legend" aria-label={text(texts.legend)}>
      {legend.map((l) => (
        <li key={l.words}>
          <span className={`swatch ${l.status ?? (l.ramp ? `ramp-${l.ramp}` : 'empty')}`} aria-hidden>{l.glyph}</span>
          {l.words}
        </li>
      ))}
    </ul>
  );
}
