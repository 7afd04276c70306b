import '@navikt/ds-css/dist/component/modal.css';
import { BodyLong, Button, Modal, Textarea } from '@navikt/ds-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { newDraft } from '#/drafts/draft';
import { submitDraft } from '#/drafts/sender';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** Withdraw takes a report back: it asks for the reason, and files it as the next revision. */
export function Withdraw({ report, kind, newest, owner }: { report: string; kind: string; newest: number; owner: string }) {
  const { text } = useWords();
  const navigate = useNavigate();
  // What is withdrawn is the report as it stood when he was asked.
  const [asked, setAsked] = useState<number>();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const [sending, setSending] = useState(false);
  const withdraw = async (known: number) => {
    if (reason.trim() === '') {
      setMissing(true);
      return;
    }
    setSending(true);
    const draft = newDraft({ kind, owner, address: `/reports/${report}`, content: {}, reportId: report, revision: known + 1, withdrawn: true, reason: reason.trim() });
    await submitDraft(draft);
    await navigate({ to: '/receipts/$no', params: { no: draft.id }, search: {} });
  };
  return (
    <section className="withdraw">
      <h2>{text(texts.withdraw)}</h2>
      <p>{text(texts.withdrawSaid)}</p>
      <Button variant="secondary" data-color="danger" onClick={() => setAsked(newest)}>{text(texts.withdraw)}…</Button>
      {asked !== undefined && (
        <Modal open onClose={() => setAsked(undefined)} header={{ heading: text(texts.withdrawAsk) }} portal>
          <Modal.Body>
            <BodyLong spacing>{text(texts.withdrawEffect)}</BodyLong>
            <Textarea
              label={text(texts.withdrawReason)}
              description={text(texts.withdrawReasonSaid)}
              value={reason}
              onChange={(e) => {
                setReason(e.target.value);
                setMissing(false);
              }}
              maxLength={5000}
              error={missing ? text(texts.reasonMissing) : undefined}
            />
          </Modal.Body>
          <Modal.Footer>
            <Button variant="danger" onClick={() => void withdraw(asked)} loading={sending}>{text(texts.withdraw)}</Button>
            <Button variant="secondary" onClick={() => setAsked(undefined)}>{text(texts.cancel)}</Button>
          </Modal.Footer>
        </Modal>
      )}
    </section>
  );
}
