import { Alert } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, ApiProblem, type Schemas } from '#/api/client';
import { may, signedIn } from '#/api/may';
import { useMe } from '#/api/me';
import { useDrafts } from '#/drafts/useDraft';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { AddressButton, amendAddress } from '#/views/reports/FormLink';
import { useNames } from '#/views/reports/useNames';
import { Differences } from './Differences';
import texts from './messages';
import { Purpose } from './Purpose';
import { Revisions } from './Revisions';
import { Withdraw } from './Withdraw';
import './history.css';

type Filed = Schemas['FiledHistory'];

/** Finding of the API: this role has to say why it opens personal data. */
const purposeWanted = 'API-120';

/** History shows every revision of a report, and leads to the next one. */
export function History() {
  const { id } = useParams({ from: '/reports/$id' });
  const [purpose, setPurpose] = useState<string>();
  const query = useQuery({
    queryKey: purpose === undefined ? ['history', id] : ['history', id, purpose],
    queryFn: ({ signal }) => answer(api.GET('/v1/reports/{id}/history', { params: { path: { id }, query: { limit: 100 }, header: { 'Access-Purpose': purpose } }, signal })),
  });
  if (query.error instanceof ApiProblem && query.error.problem?.errors?.some((f) => f.code === purposeWanted)) return <Purpose say={setPurpose} />;
  return (
    <Answered of={query} height={600}>
      {(filed) => <Report filed={filed} purpose={purpose} />}
    </Answered>
  );
}

function Report({ filed, purpose }: { filed: Filed; purpose: string | undefined }) {
  const { text, moment } = useWords();
  const { kindName, periodName, unitName } = useNames();
  const search = useSearch({ from: '/reports/$id' });
  const me = signedIn(useMe().data);
  const revisions = filed.revisions ?? [];
  const newest = revisions[0]!;
  const numbers = revisions.map((r) => r.revision);
  const to = search.to !== undefined && numbers.includes(search.to) ? search.to : newest.revision;
  const from = search.from !== undefined && search.from < to && numbers.includes(search.from) ? search.from : to - 1;
  const files = may(me, 'file');
  return (
    <div className="stack history">
      <div>
        <p className="history-kind">{kindName(filed.kind)}</p>
        <h1>{text(texts.title)}</h1>
        <p className="quiet">
          {filed.period && <>{periodName(filed.period)} · </>}
          {text(texts.unit)} {unitName(filed.unit)}
        </p>
      </div>
      <p>
        {text(texts.amended, { n: newest.revision, at: moment(newest.received_at) })}{' '}
        <strong>{newest.withdrawn ? text(texts.isWithdrawn) : text(texts.inForce, { n: newest.revision })}</strong>
      </p>
      <Pending report={filed.report_id} owner={me?.id} />
      {files && (
        <div className="row">
          <AddressButton to={amendAddress(filed.kind, filed.report_id)}>{text(newest.withdrawn ? texts.fileAgain : texts.amend)}</AddressButton>
        </div>
      )}
      {from >= 1 && numbers.includes(from) && <Differences of={{ report: filed.report_id, kind: filed.kind, from, to, purpose }} revisions={[...numbers].reverse()} />}
      <Revisions report={filed.report_id} revisions={revisions} mine={me?.id} />
      <Effect year={filed.stat_year} />
      {files && me && !newest.withdrawn && <Withdraw report={filed.report_id} kind={filed.kind} newest={newest.revision} owner={me.id} />}
    </div>
  );
}

function Pending({ report, owner }: { report: string; owner: string | undefined }) {
  const { text } = useWords();
  const pending = useDrafts(owner)?.find((d) => d.reportId === report && (d.state === 'waiting' || d.state === 'returned'));
  if (!pending) return null;
  return (
    <Alert variant="warning">
      {text(texts.pending)} <Link to="/receipts/$no" params={{ no: pending.id }} search={{}}>{text(texts.seePending)}</Link>
    </Alert>
  );
}

// Entries of the register count in no year.
const noYear = 1900;

function Effect({ year }: { year: number }) {
  const { text, moment } = useWords();
  const closings = useQuery({ queryKey: ['closings'], queryFn: ({ signal }) => answer(api.GET('/v1/closings', { signal })), staleTime: 60_000 });
  const closed = closings.data?.closings?.find((c) => c.period === String(year) && c.latest);
  const said = () => {
    if (year === noYear) return text(texts.effectNone);
    return closed ? text(texts.effectClosed, { year: String(year), at: moment(closed.as_of) }) : text(texts.effectLive, { year: String(year) });
  };
  if (closings.data === undefined) return null;
  return (
    <section className="stack">
      <h2>{text(texts.effect)}</h2>
      <p>{said()}</p>
    </section>
  );
}
