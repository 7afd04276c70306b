import { useWords } from '#/language/LanguageProvider';
import type { Item } from './item';
import texts from './messages';
import './figures.css';

/** Flags stand beside a verdict and do not change it: within noise, coverage changed, provisional. */
export function Flags({ item, points = 5, reasons }: { item: Item; points?: number; reasons?: boolean }) {
  const { text } = useWords();
  const flags = [
    item.within_noise && { glyph: '~', word: text(texts.withinNoise), why: text(texts.withinNoiseWhy) },
    item.coverage_changed && { glyph: '⚑', word: text(texts.coverageChanged), why: text(texts.coverageChangedWhy, { points }) },
    item.provisional && { glyph: '○', word: text(texts.provisional), why: text(texts.provisionalWhy) },
  ].filter((f) => f !== false && f !== null);
  if (flags.length === 0) return null;
  return (
    <ul className="flags" aria-label={text(texts.flags)}>
      {flags.map((f) => (
        <li key={f.glyph}>
          <span className="glyph" aria-hidden>{f.glyph}</span>
          <span>
            {f.word}
            {reasons && <span className="quiet why">{f.why}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
