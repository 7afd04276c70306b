import { useWords } from '#/language/LanguageProvider';
import { verdicts } from '#/opening/messages';
import { glyphs, type VerdictWord } from './verdicts';
import './figures.css';

export function Verdict({ verdict, short }: { verdict: VerdictWord; short?: boolean }) {
  const { text } = useWords();
  const word = text(verdicts[verdict]);
  return (
    <span className={`verdict ${verdict}`}>
      <span className="glyph" aria-hidden>{glyphs[verdict]}</span>
      <span className={short ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
