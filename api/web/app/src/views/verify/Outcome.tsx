import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { answer, api, ApiProblem, type Schemas } from '#/api/client';
import { useDictionary } from '#/api/dictionary';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Presented } from './reading';
import texts from './messages';

type Status = Schemas['ReportStatus'];
type Claims = Schemas['ReceiptClaims'];

/** Outcome says whether what is presented is genuine, and what became of its report. */
export function Outcome({ presented }: { presented: Presented }) {
  return 'receipt' in presented ? <OfReceipt receipt={presented.receipt} /> : <OfNumber {...presented} />;
}

function OfReceipt({ receipt }: { receipt: string }) {
  const { text, pick } = useWords();
  const verified = useQuery({
    queryKey: ['receipt', receipt],
    queryFn: ({ signal }) => answer(api.GET('/v1/receipts/verify', { params: { query: { receipt } }, signal })),
  });
  return (
    <Answered of={verified} height={240}>
      {(found) =>
        found.receipt ? (
          <Genuine claims={found.receipt} receipt={receipt} />
        ) : (
          <Verdict tone="bad" glyph="✕" title={text(texts.mismatch)}>
            <p>{pick(found.reason_vi ?? '', found.reason ?? '')}</p>
            <p>{text(texts.mismatchMeans)}</p>
          </Verdict>
        )
      }
    </Answered>
  );
}

function Genuine({ claims, receipt }: { claims: Claims; receipt: string }) {
  const { text, moment } = useWords();
  const status = useStatus(claims.report_id, receipt);
  const kind = useKindName(claims.kind);
  return (
    <>
      <Verdict tone="good" glyph="✓" title={text(texts.genuine)}>
        <p>{text(texts.says, { issuer: claims.issuer, kind: text(texts.quoted, { name: kind }), revision: claims.revision, received: moment(claims.received_at) })}</p>
        <Now status={status.data} failed={status.isError} of={claims.revision} />
      </Verdict>
      <Details claims={claims} kind={kind} period={status.data?.period} />
    </>
  );
}

function OfNumber({ number, report }: { number: string; report: string }) {
  const { text } = useWords();
  const status = useStatus(report, number);
  if (status.error instanceof ApiProblem && (status.error.status === 404 || status.error.status === 422)) {
    return (
      <Verdict tone="none" glyph="–" title={text(texts.notFound)}>
        <p>{text(texts.notFoundMeans, { number })}</p>
      </Verdict>
    );
  }
  return (
    <Answered of={status} height={240}>
      {(found) => (
        <Verdict tone="none" glyph="–" title={text(texts.found)}>
          <p>{text(texts.foundMeans)}</p>
          <Now status={found} failed={false} of={found.revisions?.find((r) => r.tracking_number === number)?.revision} />
        </Verdict>
      )}
    </Answered>
  );
}

/** What became of the report, told to who presents its receipt or number. */
function useStatus(id: string, presented: string) {
  return useQuery({
    queryKey: ['status', id, presented],
    queryFn: ({ signal }) => answer(api.GET('/v1/reports/{id}', { params: { path: { id }, header: { Receipt: presented } }, signal })),
    refetchInterval: (q) => (q.state.data?.state === 'received' ? 2_000 : false),
  });
}

function useKindName(kind: string): string {
  const { name } = useWords();
  const dictionary = useDictionary(kind);
  return name(dictionary.data?.kinds?.find((k) => k.kind === kind)) || kind;
}

function Now({ status, failed, of }: { status: Status | undefined; failed: boolean; of: number | undefined }) {
  const { text } = useWords();
  const said = status ? stateOf(status, of) : failed ? { text: texts.unknown } : undefined;
  return (
    <p className="now" aria-live="polite">
      <strong>{text(texts.now)}:</strong> {said && text(said.text, said.values)}
    </p>
  );
}

function stateOf(status: Status, of: number | undefined) {
  if (status.state === 'conflict') return { text: texts.conflict };
  if (status.state === 'received') return { text: texts.received };
  if (status.withdrawn) return { text: texts.withdrawn };
  if (of !== undefined && (status.current_revision ?? of) > of) return { text: texts.amended, values: { revision: status.current_revision } };
  return { text: texts.stored };
}

/** Verdict is a glyph, words and a colour, read out when it comes. */
function Verdict({ tone, glyph, title, children }: { tone: 'good' | 'bad' | 'none'; glyph: string; title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className={`verification ${tone}`}>
      <h2 tabIndex={-1} ref={heading}>
        <span className="glyph" aria-hidden>{glyph}</span>
        {title}
      </h2>
      {children}
    </section>
  );
}

function Details({ claims, kind, period }: { claims: Claims; kind: string; period: string | undefined }) {
  const { text, moment, day } = useWords();
  const rows: [keyof typeof texts, ReactNode][] = [
    ['number', <span key="n" className="code">{claims.tracking_number}</span>],
    ['kind', kind],
    ['period', period],
    ['revision', claims.revision],
    ['receivedAt', moment(claims.received_at)],
    ['paper', claims.paper_received_on && day(claims.paper_received_on)],
    ['signedAt', moment(claims.signed_at)],
    ['issuer', claims.issuer],
    ['report', <span key="r" className="code">{claims.report_id}</span>],
    ['digest', <span key="d" className="code">{claims.sha256}</span>],
  ];
  return (
    <section className="stack">
      <h2>{text(texts.details)}</h2>
      <dl className="claims">
        {rows.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => (
          <div key={name}>
            <dt>{text(texts[name])}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{text(texts.limits)}</p>
    </section>
  );
}
