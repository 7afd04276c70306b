import { HourglassTopFilledIcon, PencilIcon } from '@navikt/aksel-icons';
import { Button } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Draft } from '#/drafts/draft';
import { keptDays, removeDraft } from '#/drafts/store';
import { useWords } from '#/language/LanguageProvider';
import { AddressLink } from '#/views/reports/FormLink';
import { useNames } from '#/views/reports/useNames';
import texts from './messages';

/** Drafts are what lies on this device and is not filed: what waits, and what is being typed. */
export function Drafts({ drafts }: { drafts: Draft[] }) {
  const { text } = useWords();
  const waiting = drafts.filter((d) => d.state === 'waiting');
  const open = drafts.filter((d) => d.state === 'draft' || d.state === 'returned');
  return (
    <>
      {waiting.length > 0 && (
        <section className="owed-group">
          <h2>{text(texts.waiting)}</h2>
          <ul className="rows">{waiting.map((d) => <li key={d.id}><Waiting draft={d} /></li>)}</ul>
        </section>
      )}
      {open.length > 0 && (
        <section className="owed-group">
          <h2>{text(texts.drafts)}</h2>
          <p className="quiet">{text(texts.draftsKept, { days: keptDays })}</p>
          <ul className="rows">{open.map((d) => <li key={d.id} className="draft-row"><Open draft={d} /></li>)}</ul>
        </section>
      )}
    </>
  );
}

function Waiting({ draft }: { draft: Draft }) {
  const { text, moment } = useWords();
  return (
    <Link to="/receipts/$no" params={{ no: draft.id }} search={{}} className="row-link">
      <About draft={draft} />
      <span className="mark waits"><HourglassTopFilledIcon aria-hidden /> {text(texts.held, { at: moment(new Date(draft.submittedAt ?? draft.changedAt)) })}</span>
    </Link>
  );
}

function Open({ draft }: { draft: Draft }) {
  const { text, moment } = useWords();
  const returned = draft.state === 'returned';
  const inside: ReactNode = (
    <>
      <About draft={draft} />
      {returned ? (
        <span className="mark late"><span aria-hidden>▲ </span>{text(texts.returned)}</span>
      ) : (
        <span className="mark due"><PencilIcon aria-hidden /> {text(texts.draft, { at: moment(new Date(draft.changedAt)) })}</span>
      )}
    </>
  );
  return (
    <>
      {returned ? <Link to="/receipts/$no" params={{ no: draft.id }} search={{}} className="row-link">{inside}</Link> : <AddressLink to={draft.address} className="row-link">{inside}</AddressLink>}
      <Remove id={draft.id} />
    </>
  );
}

function About({ draft }: { draft: Draft }) {
  const { text } = useWords();
  const { kindName, periodName } = useNames();
  const period = (draft.content as { period?: unknown } | undefined)?.period;
  return (
    <>
      <span className="row-name">{kindName(draft.kind)}</span>
      {typeof period === 'string' && period !== '' && <span>{periodName(period)}</span>}
      {draft.withdrawn && <span>{text(texts.withdrawal)}</span>}
    </>
  );
}

// Nothing typed goes at one touch.
function Remove({ id }: { id: string }) {
  const { text } = useWords();
  const [sure, setSure] = useState(false);
  if (!sure) return <Button variant="tertiary" size="small" onClick={() => setSure(true)}>{text(texts.remove)}</Button>;
  return (
    <span className="row">
      <Button variant="danger" size="small" onClick={() => void removeDraft(id)}>{text(texts.removeSure)}</Button>
      <Button variant="tertiary" size="small" onClick={() => setSure(false)}>{text(texts.keep)}</Button>
    </span>
  );
}
