import type { ReactNode } from 'react';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** Scroll is a box that a wide table scrolls in, so that the page does not. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  const { text } = useWords();
  return (
    // Whoever has no mouse scrolls it with the arrow keys, so it has to be reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll" role="region" aria-label={text(texts.tableOf, { name: label })} tabIndex={0}>
      {children}
    </div>
  );
}
