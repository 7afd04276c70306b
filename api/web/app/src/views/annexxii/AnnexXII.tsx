import { Alert, Button, Heading } from '@navikt/ds-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMe } from '#/api/me';
import { useDraft } from '#/drafts/useDraft';
import { Answered, Loading } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { Question } from './Question';
import { Start } from './Start';
import texts from './messages';
import './annexxii.css';

// What the first question does not need comes once it stands.
const loadFill = () => import('./Fill');
const Fill = lazy(async () => ({ default: (await loadFill()).Fill }));
const Amend = lazy(async () => ({ default: (await import('./Amend')).Amend }));

/** The employer's periodic report on accidents: a question, and as many steps as its answer needs. */
export function AnnexXII() {
  const me = useMe();
  const { draft, report, unit, period } = useSearch({ from: '/new/annex-xii' });
  useEffect(() => void loadFill(), []);
  const wait = <Loading height={480} />;
  if (draft) return <Suspense fallback={wait}><OfDraft id={draft} /></Suspense>;
  return (
    <Answered of={me} height={480}>
      {(who) => {
        if (report) return <Suspense fallback={wait}><Amend id={report} owner={who.id} /></Suspense>;
        const only = (who.units ?? []).length === 1 ? who.units?.[0] : undefined;
        const of = unit ?? only;
        if (!of || !period) return <Start units={who.units ?? []} unit={of} period={period} />;
        return <Question unit={of} period={period} owner={who.id} />;
      }}
    </Answered>
  );
}

function OfDraft({ id }: { id: string }) {
  const { text } = useWords();
  const navigate = useNavigate();
  const { draft, loaded, set, flush } = useDraft(id);
  const [sending, setSending] = useState(false);
  if (!loaded) return <Loading height={480} />;
  if (!draft) {
    return (
      <div className="form">
        <Heading level="1" size="large">{text(texts.title)}</Heading>
        <Alert variant="info">{text(texts.lostDraft)}</Alert>
        <div><Button onClick={() => void navigate({ to: '/new/annex-xii', search: {} })}>{text(texts.newReport)}</Button></div>
      </div>
    );
  }
  // While it is being sent the form stays, so that a refusal is told where it was typed.
  if (!sending && (draft.state === 'filed' || draft.state === 'waiting')) {
    return (
      <div className="form">
        <Heading level="1" size="large">{text(texts.title)}</Heading>
        <Alert variant="info">
          {text(texts.sent)} <Link className="aksel-link" to="/receipts/$no" params={{ no: draft.id }}>{text(texts.toReceipt)}</Link>
        </Alert>
      </div>
    );
  }
  return <Fill draft={draft} set={set} flush={flush} sending={sending} setSending={setSending} />;
}
