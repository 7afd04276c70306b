import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import './figures.css';

export type VerdictWord = 'met' | 'not_met' | 'not_assessable' | 'hidden';

const glyphs: Record<VerdictWord, string> = { met: '✓', not_met: '✕', not_assessable: '–', hidden: '⊘' };
const words = { met: texts.met, not_met: texts.notMet, not_assessable: texts.notAssessable, hidden: texts.hidden };

/** Verdict is a glyph, a word and a colour: any two of them may be lost. */
export function Verdict({ verdict, short }: { verdict: VerdictWord; short?: boolean }) {
  const { text } = useWords();
  const word = text(words[verdict]);
  return (
    <span className={`verdict ${verdict}`}>
      <span className="glyph" aria-hidden>{glyphs[verdict]}</span>
      <span className={short ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
