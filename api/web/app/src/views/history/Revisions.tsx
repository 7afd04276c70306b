import '@navikt/ds-css/dist/component/tag.css';
import { Tag } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

type Revision = Schemas['RevisionFacts'];

/** Revisions are who filed what when, the newest first. */
export function Revisions({ report, revisions, mine }: { report: string; revisions: Revision[]; mine: string | undefined }) {
  const { text } = useWords();
  return (
    <section className="stack" aria-labelledby="revisions">
      <h2 id="revisions">{text(texts.revisions)}</h2>
      <ol className="revisions" reversed>
        {revisions.map((r, i) => <One key={r.revision} report={report} of={r} newest={i === 0} mine={mine} />)}
      </ol>
    </section>
  );
}

function One({ report, of, newest, mine }: { report: string; of: Revision; newest: boolean; mine: string | undefined }) {
  const { text, moment, day } = useWords();
  return (
    <li className={of.withdrawn ? 'withdrawal' : undefined}>
      <h3>
        {text(texts.revision, { n: of.revision })}: {text(sortOf(of))} {newest && <Tag variant="neutral" size="small">{text(texts.newest)}</Tag>}
      </h3>
      <p>{text(texts.receivedAt, { at: moment(of.received_at) })}. {of.submitted_by === mine ? text(texts.byMe) : text(texts.by, { who: of.submitted_by })}</p>
      {of.reason && <p>{text(texts.reason, { reason: of.reason })}</p>}
      {of.paper && <p className="quiet">{text(texts.paper, { on: day(of.paper.received_on), at: moment(of.paper.entered_at) })}</p>}
      {(of.warnings?.length ?? 0) > 0 && (
        <p className="quiet">
          {text(texts.warned)} {of.warnings!.map((code, n) => <Fragment key={code}>{n > 0 && ', '}<Link to="/rules" search={{}} hash={code}>{code}</Link></Fragment>)}
        </p>
      )}
      <p className="revision-links">
        {of.tracking_number && <Link to="/receipts/$no" params={{ no: of.tracking_number }} search={{ report }}>{text(texts.receipt, { no: of.tracking_number })}</Link>}
        {of.revision > 1 && <Link to="/reports/$id" params={{ id: report }} search={{ from: of.revision - 1, to: of.revision }} hash="differences">{text(texts.seeChange, { n: of.revision })}</Link>}
      </p>
    </li>
  );
}

function sortOf(of: Revision) {
  if (of.withdrawn) return texts.withdrawal;
  return of.revision === 1 ? texts.first : texts.amendment;
}
