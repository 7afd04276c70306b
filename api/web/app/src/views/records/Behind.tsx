import '@navikt/ds-css/dist/component/chips.css';
import '@navikt/ds-css/dist/component/table.css';
import { Button, Chips, Table } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { answer, api, type Schemas } from '#/api/client';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { cursorOf, usePlace } from './Investigations';
import figures from '#/figures/messages';
import texts from './messages';

type Code = NonNullable<Exclude<Schemas['IndicatorLeftOut']['code'], 'not_listed'>> | 'counted';

/** Behind lists the reports that one value is made of, and those that it is not, with the reason. */
export function Behind({ measure, year }: { measure: string; year: number }) {
  const { text, name } = useWords();
  const search = useSearch({ from: '/records' });
  const navigate = useNavigate({ from: '/records' });
  const place = usePlace();
  const { province, period, geo, cursor } = search;
  const code = (search.code ?? 'counted') as Code;
  const value = { year, period: period ?? ('Y' as const), geography: geo ?? ('34' as const), area: province, view: search.view ?? ('live' as const) };
  const explained = useQuery({
    queryKey: ['explain', measure, value],
    queryFn: ({ signal }) => answer(api.GET('/v1/indicators/{id}/explain', { params: { path: { id: measure }, query: value }, signal })),
  });
  const list = { ...value, role: 'numerator' as const, code, cursor, limit: 25 };
  const reports = useQuery({
    queryKey: ['explained', measure, list],
    queryFn: ({ signal }) => answer(api.GET('/v1/indicators/{id}/explain/reports', { params: { path: { id: measure }, query: list }, signal })),
  });
  const area = province ? place({ list: province.slice(0, 2), code: province.slice(3) }) : text(figures.nation);
  const title = text(texts.behind, { measure: name(explained.data?.indicator.name) || measure, area, period: period ? `${period}/${year}` : String(year) });
  useEffect(() => {
    document.title = title;
  }, [title]);
  const change = (next: Record<string, string | undefined>) => void navigate({ search: (was: Record<string, unknown>) => ({ ...was, cursor: undefined, ...next }), resetScroll: false });
  return (
    <div className="records">
      <h1>{title}</h1>
      <Answered of={explained} height={120}>{(data) => <Sources data={data} code={code} change={change} />}</Answered>
      <Answered of={reports} height={600}>
        {(data) => (
          <>
            {data.reports.length === 0 ? <p>{text(texts.reportsEmpty)}</p> : <Reports items={data.reports} />}
            <div className="row">
              {cursor && <Button variant="tertiary" onClick={() => change({})}>{text(texts.first)}</Button>}
              {data.next && <Button variant="secondary" onClick={() => change({ cursor: cursorOf(data.next) })}>{text(texts.next)}</Button>}
            </div>
          </>
        )}
      </Answered>
      <Link to="/trends" search={{ measure, area: province, geo }} className="aksel-link">{text(texts.backToTrends)}</Link>
    </div>
  );
}

/** Sources say how many are in and how many are out, and for which reason. */
function Sources({ data, code, change }: { data: Schemas['IndicatorExplanation']; code: Code; change: (next: Record<string, string | undefined>) => void }) {
  const { text, name } = useWords();
  const source = data.sources.find((s) => s.roles.includes('numerator'));
  if (!source || source.counted === null) return <p>{source?.reason ? name(source.reason) : text(texts.notListed)}</p>;
  const left = source.left_out.filter((l) => l.filings > 0);
  return (
    <>
      <p className="answer">
        {text(texts.behindAnswer, { n: source.counted, left: left.reduce((sum, l) => sum + l.filings, 0) })}
        {data.calculation?.includes('/') && ` ${text(texts.behindValue, { calculation: data.calculation })}`}
      </p>
      {left.length > 0 && (
        <Chips aria-label={text(texts.which)}>
          <Chips.Toggle selected={code === 'counted'} onClick={() => change({ code: undefined })}>{text(texts.counted, { n: source.counted })}</Chips.Toggle>
          {left.filter((l) => l.reports).map((l) => (
            <Chips.Toggle key={l.code} selected={code === l.code} onClick={() => change({ code: l.code })}>{text(texts.leftOut, { reason: name(l).replace(/\.$/, ''), n: l.filings })}</Chips.Toggle>
          ))}
        </Chips>
      )}
    </>
  );
}

const ofAccidents = new Set(['accident_declaration', 'investigation', 'technical_incident']);

function Reports({ items }: { items: Schemas['FiledSummary'][] }) {
  const { text, day, whole } = useWords();
  const place = usePlace();
  return (
    <Table size="small" className="investigations">
      <caption className="visually-hidden">{text(texts.reportsLabel)}</caption>
      <Table.Header>
        <Table.Row>
          <Table.HeaderCell scope="col">{text(texts.filed)}</Table.HeaderCell>
          <Table.HeaderCell scope="col">{text(texts.unit)}</Table.HeaderCell>
          <Table.HeaderCell scope="col">{text(texts.province)}</Table.HeaderCell>
          <Table.HeaderCell scope="col" align="right">{text(texts.revision)}</Table.HeaderCell>
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {items.map((r) => (
          <Table.Row key={r.report_id} shadeOnHover={false}>
            <Table.HeaderCell scope="row">
              {ofAccidents.has(r.kind) ? (
                <Link to="/records/$id" params={{ id: r.report_id }} className="aksel-link opens" aria-label={text(texts.openOf, { unit: r.unit, day: day(r.filed_at) })}>{day(r.filed_at)}</Link>
              ) : (
                <Link to="/reports/$id" params={{ id: r.report_id }} className="aksel-link opens" aria-label={text(texts.openOf, { unit: r.unit, day: day(r.filed_at) })}>{day(r.filed_at)}</Link>
              )}
            </Table.HeaderCell>
            <Table.DataCell>{r.unit}</Table.DataCell>
            <Table.DataCell>{place(r.province)}</Table.DataCell>
            <Table.DataCell align="right">{whole(r.revision)}</Table.DataCell>
          </Table.Row>
        ))}
      </Table.Body>
    </Table>
  );
}
