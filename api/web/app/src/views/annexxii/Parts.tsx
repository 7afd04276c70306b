import { Alert, Button } from '@navikt/ds-react';
import type { ReactNode } from 'react';
import { fieldId } from '#/forms/fields';
import { useWords } from '#/language/LanguageProvider';
import { Messages } from './Field';
import { useAnnexForm } from './form';
import { countOf, splits, type Row } from './measures';
import { tallyOf, type Tally } from './table';
import { useNames } from './names';
import texts from './messages';

/** The head of a step: where somebody is put who goes on by keyboard. */
export function Title({ children, hint }: { children: ReactNode; hint?: string }) {
  return (
    <div className="annex-head">
      <h1 id="annex-title" tabIndex={-1}>{children}</h1>
      {hint && <p className="quiet">{hint}</p>}
    </div>
  );
}

/** One primary button a step; on phones it stays at the bottom edge. */
export function Actions({ to, back, children }: { to?: string; back?: string; children?: ReactNode }) {
  const { text } = useWords();
  const { go } = useAnnexForm();
  return (
    <div className="annex-actions">
      {to && <Button onClick={() => go(to)}>{text(texts.next)}</Button>}
      {children}
      {back && <Button variant="tertiary" onClick={() => go(back)}>{text(texts.back)}</Button>}
    </div>
  );
}

/** What is wrong with a place that has no field of its own. */
export function PlaceFindings({ pointers }: { pointers: string[] }) {
  const { shown } = useAnnexForm();
  return pointers.map((pointer) => {
    const findings = shown(pointer);
    if (findings.length === 0) return null;
    return <Alert key={pointer} id={fieldId(pointer)} tabIndex={-1} variant="error"><Messages findings={findings} /></Alert>;
  });
}

/** How the rows of each block stand to row 1: what is unfinished is no error yet. */
export function Tallies({ table }: { table: readonly Row[] }) {
  const { text } = useWords();
  return (
    <ul className="annex-tallies" aria-label={text(texts.tallies)}>
      {splits.map((block) => (
        <li key={block}><strong>{block}</strong> <TallyText tally={tallyOf(table, block)} /></li>
      ))}
    </ul>
  );
}

export function TallyText({ tally }: { tally: Tally }) {
  const { text, whole } = useWords();
  const { columnName } = useNames();
  const leading = tally.measure === (tally.block === '1.3' ? 'victims' : 'accidents');
  const n = whole(Math.abs(tally.left));
  if (tally.of === 0 && tally.have === 0) return null;
  const state = tally.left > 0 ? text(texts.left, { n }) : text(texts.over, { n });
  return (
    <span className={tally.left === 0 ? 'annex-tally agrees' : 'annex-tally'}>
      {!leading && `${columnName(tally.measure)} `}
      {whole(tally.have)}/{whole(tally.of)}{' '}
      {tally.left === 0 ? <><span aria-hidden>✓</span><span className="visually-hidden">{text(texts.agrees)}</span></> : <>· {state}</>}
    </span>
  );
}

/** "2 vụ, 3 người", or that nothing was typed. */
export function RowShort({ row }: { row: Row }) {
  const { text } = useWords();
  const accidents = countOf(row, 'accidents');
  const victims = countOf(row, 'victims');
  return <>{accidents + victims === 0 ? text(texts.rowEmpty) : text(texts.rowShort, { accidents, victims })}</>;
}

/** A box of its own for what is wider than the screen; it can be moved by keyboard. */
export function Scroll({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // Without a tab stop whoever has no mouse could not scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={`scroll ${className ?? ''}`} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
