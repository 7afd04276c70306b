import { Alert, Button } from '@navikt/ds-react';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { signedIn } from '#/api/may';
import { useMe } from '#/api/me';
import type { Draft } from '#/drafts/draft';
import { useDrafts } from '#/drafts/useDraft';
import { Loading, Trouble } from '#/frame/State';
import { useSignIn } from '#/frame/signIn';
import { useWords } from '#/language/LanguageProvider';
import { AddressLink } from '#/views/reports/FormLink';
import { Filed } from './Filed';
import texts from './messages';
import { Remembered } from './Remembered';
import { Returned } from './Returned';
import { Waiting } from './Waiting';
import './receipt.css';

/** Receipt shows what became of a report: only a receipt of the platform says that it is filed. */
export function Receipt() {
  const me = useMe();
  const { no } = useParams({ from: '/receipts/$no' });
  const { report } = useSearch({ from: '/receipts/$no' });
  const owner = signedIn(me.data)?.id;
  const drafts = useDrafts(owner);
  if (me.isPending || (owner !== undefined && drafts === undefined)) return <Loading height={480} />;
  if (me.isError && me.data === undefined) return <Trouble error={me.error} again={() => void me.refetch()} />;
  const draft = drafts?.find((d) => d.id === no || d.receipt?.tracking_number === no);
  if (draft) return <OfDraft draft={draft} />;
  if (report !== undefined) return <Remembered no={no} report={report} />;
  return owner === undefined ? <SignedOut /> : <Missing />;
}

function OfDraft({ draft }: { draft: Draft }) {
  if (draft.receipt) return <Filed receipt={draft.receipt} withdrawn={draft.withdrawn === true} />;
  if (draft.state === 'waiting') return <Waiting draft={draft} />;
  if (draft.state === 'returned') return <Returned draft={draft} />;
  return <Unsent draft={draft} />;
}

function Unsent({ draft }: { draft: Draft }) {
  const { text } = useWords();
  return (
    <div className="form">
      <h1>{text(texts.draft)}</h1>
      <p><AddressLink to={draft.address}>{text(texts.open)}</AddressLink></p>
    </div>
  );
}

// Whose receipt it is cannot be told; that what was typed is kept, can.
function SignedOut() {
  const { text } = useWords();
  const signIn = useSignIn({ ended: true });
  return (
    <div className="form">
      <h1>{text(texts.signedOut)}</h1>
      <Alert variant="warning">{text(texts.sessionSaid)}</Alert>
      <div><Button as="a" role="link" href={signIn}>{text(texts.signIn)}</Button></div>
    </div>
  );
}

function Missing() {
  const { text } = useWords();
  return (
    <div className="form">
      <h1>{text(texts.missing)}</h1>
      <Alert variant="info">{text(texts.missingSaid)}</Alert>
      <ul className="next-steps">
        <li><Link to="/reports" search={{}}>{text(texts.toReports)}</Link></li>
        <li><Link to="/verify" search={{}}>{text(texts.toVerify)}</Link></li>
      </ul>
    </div>
  );
}
