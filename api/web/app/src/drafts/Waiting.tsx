import { HourglassTopFilledIcon } from '@navikt/aksel-icons';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { signedIn } from '#/api/may';
import { sessionEnded, useMe } from '#/api/me';
import { useSignIn } from '#/frame/signIn';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { countWaiting, watchDrafts } from './store';
import { useDrafts } from './useDraft';
import './drafts.css';

/** Waiting says, on every view, that reports are not filed yet and why. */
export function Waiting() {
  const me = useMe();
  if (me.data === undefined) return null;
  const owner = signedIn(me.data)?.id;
  return owner === undefined ? <LeftHere /> : <Mine owner={owner} />;
}

function Mine({ owner }: { owner: string }) {
  const { text } = useWords();
  // One that is on its way for the first time has not been kept waiting.
  const waiting = (useDrafts(owner) ?? []).filter((d) => d.state === 'waiting' && d.hold !== undefined);
  const [first] = waiting;
  if (!first) return null;
  const said = first.hold === 'busy' ? texts.busy : texts.waiting;
  return (
    <p className="waiting-band" role="status">
      <HourglassTopFilledIcon aria-hidden />{' '}
      {text(said, { n: waiting.length })}{' '}
      {waiting.length === 1 ? <Link to="/receipts/$no" params={{ no: first.id }}>{text(texts.see)}</Link> : <Link to="/owed">{text(texts.see)}</Link>}
    </p>
  );
}

// Nobody is signed in: how many wait is said, not what or whose.
function LeftHere() {
  const { text } = useWords();
  const signIn = useSignIn();
  const [n, setN] = useState(0);
  useEffect(() => {
    let current = true;
    const count = () => void countWaiting().then((all) => current && setN(all));
    count();
    const stop = watchDrafts(count);
    return () => {
      current = false;
      stop();
    };
  }, []);
  if (n === 0) return null;
  return (
    <p className="waiting-band" role="status">
      <HourglassTopFilledIcon aria-hidden /> {sessionEnded() && text(texts.ended)} {text(texts.unsent, { n })}{' '}
      <a href={signIn}>{text(texts.signIn)}</a>
    </p>
  );
}
