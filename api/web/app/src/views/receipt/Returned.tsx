import { Alert } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api } from '#/api/client';
import type { Draft } from '#/drafts/draft';
import { useWords } from '#/language/LanguageProvider';
import { AddressButton } from '#/views/reports/FormLink';
import { useNames } from '#/views/reports/useNames';
import texts from './messages';

/** Returned is a report that was refused, with everything that was found. */
export function Returned({ draft }: { draft: Draft }) {
  const { text, pick } = useWords();
  const { kindName } = useNames();
  const findings = draft.findings ?? [];
  return (
    <div className="form receipt">
      <h1>{text(texts.returned)}</h1>
      <p>{kindName(draft.kind)}. {text(texts.returnedSaid)}</p>
      {overtaken(draft) && <Amended report={draft.reportId!} since={draft.refusal?.currentRevision} />}
      <Alert variant="error">
        {findings.length === 0 && <p>{text(texts.refused, { status: String(draft.refusal?.status ?? '–') })}</p>}
        <ul className="findings">
          {findings.map((f) => (
            <li key={`${f.code} ${f.pointer}`}>
              {pick(f.message_vi, f.message)} <span className="quiet">({f.code})</span>
            </li>
          ))}
        </ul>
      </Alert>
      <p><AddressButton to={draft.address}>{text(texts.mend)}</AddressButton></p>
    </div>
  );
}

// Somebody else amended the report between: 412, or 409 if he took the very number.
const overtaken = (draft: Draft): boolean => draft.reportId !== undefined && (draft.refusal?.status === 412 || draft.refusal?.status === 409);

function Amended({ report, since }: { report: string; since: number | undefined }) {
  const { text, moment } = useWords();
  const history = useQuery({
    queryKey: ['history', report],
    queryFn: ({ signal }) => answer(api.GET('/v1/reports/{id}/history', { params: { path: { id: report }, query: { limit: 100 } }, signal })),
    // What was known of it is what proved to be old.
    staleTime: 0,
  });
  const newest = history.data?.revisions?.find((r) => since === undefined || r.revision === since);
  return (
    <Alert variant="warning">
      {newest ? text(texts.amendedSince, { t: moment(newest.received_at) }) : text(texts.amendedUnknown)}{' '}
      <Link to="/reports/$id" params={{ id: report }} search={{}}>{text(texts.differences)}</Link>
    </Alert>
  );
}
