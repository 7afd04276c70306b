import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { Facts } from './Facts';
import texts from './messages';
import { useStatus } from './useStatus';

/** Remembered is a receipt whose signed text lies on another device: what the platform says of it. */
export function Remembered({ no, report }: { no: string; report: string }) {
  const { text, moment } = useWords();
  const presented = useMemo(() => ({ tracking: no }), [no]);
  const query = useStatus(report, presented);
  return (
    <Answered of={query} height={400}>
      {(status) => {
        const revision = status.revisions?.find((r) => r.tracking_number === no);
        if (!revision) return null;
        return (
          <div className="receipt">
            <div className="receipt-head">
              <span className="receipt-mark" aria-hidden>✓</span>
              <div>
                <h1>{text(revision.withdrawn ? texts.receivedWithdrawal : texts.received)}</h1>
                <p>{text(texts.receivedSaid, { at: moment(revision.received_at) })}</p>
              </div>
            </div>
            <Facts said={{ tracking: no, kind: status.kind ?? '–', revision: revision.revision, receivedAt: revision.received_at }} status={status} />
            <p className="quiet">{text(texts.noFile)}</p>
            <p className="no-print"><Link to="/reports/$id" params={{ id: report }} search={{}} className="aksel-link">{text(texts.nextAmend)}</Link></p>
          </div>
        );
      }}
    </Answered>
  );
}
