import { ArrowUndoIcon, PencilIcon } from '@navikt/aksel-icons';
import '@navikt/ds-css/dist/component/table.css';
import '@navikt/ds-css/dist/component/tag.css';
import { Button, Select, Table, Tag, TextField } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, type Schemas } from '#/api/client';
import { useCodeList } from '#/api/codelists';
import { signedIn, type Myself } from '#/api/may';
import { useMe } from '#/api/me';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { UnitPicker } from './UnitPicker';
import { useNames } from './useNames';
import './reports.css';

type Summary = Schemas['FiledSummary'];
type Search = ReturnType<typeof useReportsSearch>;

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Cursors of the pages before this one; the first page has none. */
    trail?: string[];
  }
}

const pageLength = 25;
const firstYear = 2016;
const useReportsSearch = () => useSearch({ from: '/reports' });

/** Reports lists what was filed, as far as one may see it. */
export function Reports() {
  const { text } = useWords();
  const search = useReportsSearch();
  const me = signedIn(useMe().data);
  const query = useQuery({
    queryKey: ['reports', search],
    queryFn: ({ signal }) => answer(api.GET('/v1/reports', { params: { query: asked(search) }, signal })),
  });
  return (
    <div className="stack reports">
      <h1>{text(search.withdrawn ? texts.titleWithdrawn : texts.title)}</h1>
      {me && <Filters me={me} search={search} />}
      <Answered of={query} height={480}>
        {(list) => <List reports={list.reports ?? []} next={list.next} search={search} me={me} />}
      </Answered>
    </div>
  );
}

function asked(search: Search) {
  // A whole unit has its place behind a slash, or a prefix of its own; a tax code has all its places.
  const whole = search.unit !== undefined && /\/|^(commune|authority):/.test(search.unit);
  return {
    kind: search.kind ? [search.kind] : undefined,
    period: search.period,
    province: search.province && !search.withdrawn ? [search.province] : undefined,
    unit: whole ? search.unit : undefined,
    tax_code: whole ? undefined : search.unit,
    withdrawn: search.withdrawn ? true : undefined,
    cursor: search.cursor,
    limit: pageLength,
  };
}

function Filters({ me, search }: { me: Myself; search: Search }) {
  const { text } = useWords();
  const { kinds, kindName, periodName } = useNames();
  const navigate = useNavigate({ from: '/reports' });
  // Another question begins at its first page.
  const choose = (change: Partial<Search>) => void navigate({ search: { ...search, cursor: undefined, ...change } });
  const now = new Date().getFullYear();
  const years = Array.from({ length: now - firstYear + 1 }, (_, i) => String(now - i));
  const units = me.units ?? [];
  const chosen = search.kind ?? search.period ?? search.unit ?? search.province ?? search.withdrawn;
  // On a phone the list comes first; what is chosen is always shown.
  const [folded] = useState(chosen === undefined && !matchMedia('(min-width: 48rem)').matches);
  return (
    <details className="filters" open={!folded}>
      <summary>{text(texts.filters)}</summary>
      <div className="row">
        <Select label={text(texts.kind)} size="small" value={search.kind ?? ''} onChange={(e) => choose({ kind: e.target.value || undefined })}>
          <option value="">{text(texts.all)}</option>
          {kinds?.map((k) => <option key={k.kind} value={k.kind}>{kindName(k.kind)}</option>)}
        </Select>
        <Select label={text(texts.period)} size="small" value={search.period ?? ''} onChange={(e) => choose({ period: e.target.value || undefined })}>
          <option value="">{text(texts.all)}</option>
          {years.flatMap((y) => [y, `${y}H1`]).map((p) => <option key={p} value={p}>{periodName(p)}</option>)}
        </Select>
        {units.length > 1 && (
          <UnitPicker label={text(texts.unit)} size="small" units={units} value={search.unit} none={text(texts.all)} onChange={(unit) => choose({ unit })} />
        )}
        {units.length === 0 && <TypedUnit key={search.unit} unit={search.unit} choose={(unit) => choose({ unit })} />}
        {!search.withdrawn && (me.nation || (me.provinces?.length ?? 0) > 1) && <Province me={me} value={search.province} choose={(province) => choose({ province })} />}
        <Select label={text(texts.state)} size="small" value={search.withdrawn ?? ''} onChange={(e) => choose({ withdrawn: e.target.value === '1' ? '1' : undefined, province: undefined })}>
          <option value="">{text(texts.current)}</option>
          <option value="1">{text(texts.withdrawn)}</option>
        </Select>
        {chosen !== undefined && <Button variant="tertiary" size="small" onClick={() => void navigate({ search: {} })}>{text(texts.clear)}</Button>}
      </div>
    </details>
  );
}

function TypedUnit({ unit, choose }: { unit?: string; choose: (unit: string | undefined) => void }) {
  const { text } = useWords();
  const [typed, setTyped] = useState(unit ?? '');
  return (
    <form
      className="typed-unit"
      onSubmit={(event) => {
        event.preventDefault();
        choose(typed.trim() || undefined);
      }}
    >
      <TextField label={text(texts.unitTyped)} size="small" value={typed} onChange={(e) => setTyped(e.target.value)} autoComplete="off" />
      <Button type="submit" size="small" variant="secondary">{text(texts.search)}</Button>
    </form>
  );
}

function Province({ me, value, choose }: { me: Myself; value?: string; choose: (province: string | undefined) => void }) {
  const { text, name } = useWords();
  const codes = useCodeList('provinces').data?.codes ?? [];
  const own = new Set((me.provinces ?? []).map((p) => `${p.list}:${p.code}`));
  const shown = codes.filter((c) => (me.nation ? c.list === '34' : own.has(`${c.list}:${c.code}`)));
  return (
    <Select label={text(texts.province)} size="small" value={value ?? ''} onChange={(e) => choose(e.target.value || undefined)}>
      <option value="">{text(texts.all)}</option>
      {shown.map((c) => <option key={`${c.list}:${c.code}`} value={`${c.list}:${c.code}`}>{name(c)}{c.list === '63' ? ' (63)' : ''}</option>)}
    </Select>
  );
}

function List({ reports, next, search, me }: { reports: Summary[]; next?: string; search: Search; me: Myself | undefined }) {
  const { text } = useWords();
  const several = me?.unit_count !== 1;
  if (reports.length === 0) return <Empty search={search} />;
  return (
    <>
      <p className="quiet" role="status">{text(texts.shown, { n: reports.length })}</p>
      <Wide reports={reports} units={several} />
      <Cards reports={reports} units={several} />
      <Pages next={next} search={search} />
    </>
  );
}

function Empty({ search }: { search: Search }) {
  const { text } = useWords();
  const filtered = Object.values(search).some((v) => v !== undefined);
  return (
    <div className="empty">
      <p>{text(filtered ? texts.empty : texts.emptyAll)}</p>
      {filtered ? <Link to="/reports" search={{}}>{text(texts.clear)}</Link> : <Link to="/owed">{text(texts.toOwed)}</Link>}
    </div>
  );
}

function Wide({ reports, units }: { reports: Summary[]; units: boolean }) {
  const { text, moment } = useWords();
  const { kindName, unitName } = useNames();
  const when = useWhen();
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls is reached by keyboard
    <div className="scroll wide-only" tabIndex={0} role="region" aria-label={text(texts.table)}>
      <Table size="small" zebraStripes={false}>
        <Table.Header>
          <Table.Row>
            <Table.HeaderCell scope="col">{text(texts.report)}</Table.HeaderCell>
            <Table.HeaderCell scope="col">{text(texts.period)}</Table.HeaderCell>
            {units && <Table.HeaderCell scope="col">{text(texts.unit)}</Table.HeaderCell>}
            <Table.HeaderCell scope="col">{text(texts.filedAt)}</Table.HeaderCell>
            <Table.HeaderCell scope="col">{text(texts.receivedAt)}</Table.HeaderCell>
            <Table.HeaderCell scope="col" align="right">{text(texts.revision)}</Table.HeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {reports.map((r) => (
            <Table.Row key={r.report_id}>
              <Table.HeaderCell scope="row">
                <Link to="/reports/$id" params={{ id: r.report_id }} search={{}}>{kindName(r.kind)}</Link> <State of={r} />
              </Table.HeaderCell>
              <Table.DataCell>{when(r)}</Table.DataCell>
              {units && <Table.DataCell>{unitName(r.unit)}</Table.DataCell>}
              <Table.DataCell className="when">{moment(r.filed_at)}</Table.DataCell>
              <Table.DataCell className="when">{r.revision > 1 ? moment(r.received_at) : '–'}</Table.DataCell>
              <Table.DataCell align="right">{r.revision}</Table.DataCell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}

function Cards({ reports, units }: { reports: Summary[]; units: boolean }) {
  const { text, moment } = useWords();
  const { kindName, unitName } = useNames();
  const when = useWhen();
  return (
    <ul className="rows narrow-only">
      {reports.map((r) => (
        <li key={r.report_id}>
          <Link to="/reports/$id" params={{ id: r.report_id }} search={{}} className="row-link">
            <span className="row-name">{kindName(r.kind)}</span>
            <span>{when(r)}{units && <> · {unitName(r.unit)}</>}</span>
            <span className="quiet">{text(texts.filedAt)}: {moment(r.filed_at)}</span>
            {r.revision > 1 && <span className="quiet">{text(texts.receivedAt)}: {moment(r.received_at)}</span>}
            <State of={r} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function State({ of }: { of: Summary }) {
  const { text } = useWords();
  if (of.withdrawn) return <Tag variant="neutral" size="small" icon={<ArrowUndoIcon aria-hidden />}>{text(texts.withdrawn)}</Tag>;
  if (of.revision > 1) return <Tag variant="neutral" size="small" icon={<PencilIcon aria-hidden />}>{text(texts.amended)}</Tag>;
  return null;
}

// Entries of the register count in no year.
const noYear = 1900;

/** What a report is about: its period, or for an event the year it counts in. */
function useWhen() {
  const { text } = useWords();
  const { periodName } = useNames();
  return (r: Summary) => {
    if (r.period) return periodName(r.period);
    return r.stat_year === noYear ? text(texts.register) : text(texts.countsIn, { year: String(r.stat_year) });
  };
}

function Pages({ next, search }: { next?: string; search: Search }) {
  const { text } = useWords();
  const trail = useLocation({ select: (l) => l.state.trail }) ?? [];
  const cursor = next ? (new URL(next, location.origin).searchParams.get('cursor') ?? undefined) : undefined;
  if (!cursor && !search.cursor) return null;
  // Whoever was sent this address did not come from the page before: he goes to the first one.
  const known = trail.length > 0;
  return (
    <nav className="pages" aria-label={text(texts.pages)}>
      {search.cursor && (
        <Link to="/reports" search={{ ...search, cursor: trail.at(-1) || undefined }} state={{ trail: trail.slice(0, -1) }}>
          ‹ {text(known ? texts.previous : texts.first)}
        </Link>
      )}
      {cursor && (
        <Link to="/reports" search={{ ...search, cursor }} state={{ trail: [...trail, search.cursor ?? ''] }} className="next">
          {text(texts.next)} ›
        </Link>
      )}
    </nav>
  );
}
