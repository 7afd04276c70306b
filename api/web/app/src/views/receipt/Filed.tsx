import { Button } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Acceptance } from '#/drafts/draft';
import { useWords } from '#/language/LanguageProvider';
import { Facts } from './Facts';
import texts from './messages';
import { QRCode } from './QRCode';
import { base64url, signedOf, verifyAddress } from './signed';
import { useStatus } from './useStatus';

/** Filed is a report that the platform has taken, with its signed receipt. */
export function Filed({ receipt, withdrawn }: { receipt: Acceptance; withdrawn: boolean }) {
  const { text, moment, pick } = useWords();
  const presented = useMemo(() => ({ Receipt: base64url(signedOf(receipt)) }), [receipt]);
  const status = useStatus(receipt.report_id, presented);
  const check = useMemo(() => verifyAddress(receipt, location.origin), [receipt]);
  const warnings = receipt.warnings ?? [];
  return (
    <div className="receipt">
      <div className="receipt-head">
        <span className="receipt-mark" aria-hidden>✓</span>
        <div>
          <h1>{text(withdrawn ? texts.receivedWithdrawal : texts.received)}</h1>
          <p>{text(texts.receivedSaid, { at: moment(receipt.received_at) })}{receipt.demonstration && <> ({text(texts.demonstration)})</>}</p>
        </div>
      </div>
      <div className="receipt-body">
        <Facts
          said={{ tracking: receipt.tracking_number, kind: receipt.kind, revision: receipt.revision, receivedAt: receipt.received_at, digest: receipt.sha256 }}
          status={status.data}
        />
        <figure className="receipt-check">
          <QRCode text={check} label={text(texts.qr)} />
          <figcaption>
            <span className="quiet">{text(texts.qrSaid)}</span>
            <a href={check} className="no-print">{text(texts.check)}</a>
          </figcaption>
        </figure>
      </div>
      <div className="row no-print">
        <Button onClick={() => save(receipt)}>{text(texts.download)}</Button>
        <Button variant="secondary" onClick={() => print()}>{text(texts.print)}</Button>
      </div>
      {warnings.length > 0 && (
        <section className="stack">
          <h2>{text(texts.warnings)}</h2>
          <ul className="findings">{warnings.map((f) => <li key={`${f.code} ${f.pointer}`}>{pick(f.message_vi, f.message)} <span className="quiet">({f.code})</span></li>)}</ul>
        </section>
      )}
      <section className="stack">
        <h2>{text(texts.next)}</h2>
        <ul className="next-steps">
          <li>{text(withdrawn ? texts.nextWithdrawn : texts.nextFigures)}</li>
          <li>{text(texts.nextKeep)}</li>
          <li className="no-print"><Link to="/reports/$id" params={{ id: receipt.report_id }} search={{}}>{text(withdrawn ? texts.nextVersions : texts.nextAmend)}</Link></li>
          <li className="no-print"><Link to="/owed" search={{}}>{text(texts.toOwed)}</Link></li>
        </ul>
      </section>
    </div>
  );
}

/** The answer as it came: what POST /v1/receipts/verify takes. */
function save(receipt: Acceptance): void {
  const file = URL.createObjectURL(new Blob([JSON.stringify(receipt, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = file;
  link.download = `bien-nhan-${receipt.tracking_number}.json`;
  link.click();
  URL.revokeObjectURL(file);
}
