import { Alert, Button } from '@navikt/ds-react';
import { useState } from 'react';
import type { Draft } from '#/drafts/draft';
import { sendWaiting } from '#/drafts/sender';
import { useSignIn } from '#/frame/signIn';
import { useWords } from '#/language/LanguageProvider';
import { useNames } from '#/views/reports/useNames';
import texts from './messages';

/** Waiting is a report that was submitted and is not filed. */
export function Waiting({ draft }: { draft: Draft }) {
  const { text, moment } = useWords();
  const signIn = useSignIn({ ended: true });
  const { kindName } = useNames();
  const [trying, setTrying] = useState(false);
  const tryNow = async () => {
    setTrying(true);
    await sendWaiting(draft.owner, true);
    setTrying(false);
  };
  return (
    <div className="form receipt">
      <h1>{text(titleOf(draft))}</h1>
      <Alert variant="warning">
        <p>{said(draft, text, moment)}</p>
        <p><strong>{text(texts.notInTime)}</strong></p>
      </Alert>
      <dl className="facts">
        <dt>{text(texts.kind)}</dt>
        <dd>{kindName(draft.kind)}</dd>
        <dt>{text(texts.submitted)}</dt>
        <dd>{moment(new Date(draft.submittedAt ?? draft.changedAt))}</dd>
      </dl>
      <p>{text(texts.keepOpen)}</p>
      {draft.hold === 'session' ? (
        <Button as="a" role="link" href={signIn}>{text(texts.signIn)}</Button>
      ) : (
        draft.hold !== 'busy' && <Button onClick={() => void tryNow()} loading={trying || draft.hold === undefined}>{text(texts.tryNow)}</Button>
      )}
    </div>
  );
}

function titleOf(draft: Draft) {
  switch (draft.hold) {
    case undefined:
      return texts.sending;
    case 'busy':
      return texts.waitingBusy;
    case 'session':
      return texts.waitingSession;
    default:
      return texts.waiting;
  }
}

type Words = ReturnType<typeof useWords>;

function said(draft: Draft, text: Words['text'], moment: Words['moment']): string {
  if (draft.hold === 'session') return text(texts.sessionSaid);
  if (draft.hold === 'busy') return text(texts.busySaid, { at: moment(new Date(draft.sendAfter ?? draft.changedAt)) });
  return text(texts.waitingSaid);
}
