import '@navikt/ds-css/dist/component/chips.css';
import '@navikt/ds-css/dist/component/table.css';
import { Button, Chips, Select, Table } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { answer, api, type Schemas } from '#/api/client';
import { useCodeList } from '#/api/codelists';
import { Answered, barred } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import figures from '#/figures/messages';
import { answerOf, pageLength } from './answer';
import { ClockBar } from './ClockBar';
import { glyphs, type State } from './clock';
import texts from './messages';

const states = Object.keys(glyphs) as State[];

/** Investigations lists what is and was investigated, by state, with the clock of each. */
export function Investigations() {
  const { text } = useWords();
  const { province, year, state, cursor } = useSearch({ from: '/records' });
  const navigate = useNavigate({ from: '/records' });
  const wanted = states.filter((s) => state?.split(',').includes(s));
  const query = { province, year, state: wanted.length > 0 ? wanted : undefined, cursor, limit: pageLength };
  const list = useQuery({
    queryKey: ['investigations', query],
    queryFn: ({ signal }) => answer(api.GET('/v1/investigations', { params: { query }, querySerializer: { array: { style: 'form', explode: false } }, signal })),
  });
  const title = text(texts.list);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const change = (next: Record<string, string | number | undefined>) => void navigate({ search: (was: Record<string, unknown>) => ({ ...was, cursor: undefined, ...next }), resetScroll: false });
  const toggle = (s: State) => {
    const next = wanted.includes(s) ? wanted.filter((w) => w !== s) : [...wanted, s];
    change({ state: next.length > 0 ? next.join(',') : undefined });
  };
  return (
    <div className="records">
      <h1>{title}</h1>
      {list.data && <Found data={list.data} paged={cursor !== undefined} />}
      {!barred(list.error) && (
        <>
          <Filters province={province} year={year} change={change} />
          <Chips aria-label={text(texts.state)}>
            {states.map((s) => (
              <Chips.Toggle key={s} selected={wanted.includes(s)} checkmark={false} onClick={() => toggle(s)}>{`${glyphs[s]} ${text(texts.states[s])}`}</Chips.Toggle>
            ))}
          </Chips>
        </>
      )}
      <Answered of={list} height={600}>
        {(data) => (
          <>
            {data.investigations.length === 0 && !data.next ? (
              <div className="empty">
                <p><strong>{text(texts.empty)}</strong></p>
                <Button variant="secondary" onClick={() => void navigate({ search: {} })}>{text(texts.clear)}</Button>
              </div>
            ) : (
              <Rows items={data.investigations} />
            )}
            <div className="row">
              {cursor && <Button variant="tertiary" onClick={() => change({})}>{text(texts.first)}</Button>}
              {data.next && <Button variant="secondary" onClick={() => change({ cursor: cursorOf(data.next) })}>{text(texts.next)}</Button>}
            </div>
          </>
        )}
      </Answered>
    </div>
  );
}

export const cursorOf = (next: string | undefined): string | undefined => new URLSearchParams(next?.split('?')[1]).get('cursor') ?? undefined;

function Found({ data, paged }: { data: Schemas['InvestigationList']; paged: boolean }) {
  return <p className="answer" role="status">{answerOf(useWords(), data, paged)}</p>;
}

function Filters({ province, year, change }: { province?: string; year?: number; change: (next: Record<string, string | number | undefined>) => void }) {
  const { text, name } = useWords();
  const provinces = (useCodeList('provinces').data?.codes ?? []).filter((p) => p.list === '34');
  const now = new Date().getFullYear();
  return (
    <div className="row filters">
      <Select label={text(texts.province)} value={province ?? ''} onChange={(e) => change({ province: e.target.value || undefined })}>
        <option value="">{text(texts.all)}</option>
        {provinces.map((p) => <option key={p.code} value={`34:${p.code}`}>{name(p)}</option>)}
      </Select>
      <Select label={text(texts.year)} value={year ?? ''} onChange={(e) => change({ year: e.target.value ? Number(e.target.value) : undefined })}>
        <option value="">{text(texts.all)}</option>
        {Array.from({ length: 12 }, (_, i) => now - i).map((y) => <option key={y}>{y}</option>)}
      </Select>
    </div>
  );
}

/** A row is a card on a phone: the table's cells stand below each other. */
function Rows({ items }: { items: Schemas['InvestigationItem'][] }) {
  const { text, day } = useWords();
  const place = usePlace();
  return (
    <Table size="small" className="investigations">
      <caption className="visually-hidden">{text(texts.tableLabel)}</caption>
      <Table.Header>
        <Table.Row>
          <Table.HeaderCell scope="col">{text(texts.accident)}</Table.HeaderCell>
          <Table.HeaderCell scope="col">{text(texts.clock)}</Table.HeaderCell>
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {items.map((i) => (
          <Table.Row key={i.report_id} shadeOnHover={false}>
            <Table.HeaderCell scope="row">
              <Link to="/records/$id" params={{ id: i.accident_id }} className="aksel-link opens">{text(texts.accidentOn, { severity: text(texts.severities[i.severity]), day: day(i.accident_on) })}</Link>
              <span className="quiet">{place(i.province)} · {text(texts.levels[i.level])}</span>
            </Table.HeaderCell>
            <Table.DataCell><ClockBar clock={i.clock} /></Table.DataCell>
          </Table.Row>
        ))}
      </Table.Body>
    </Table>
  );
}

/** usePlace names a province of any list. */
export function usePlace(): (ref: { list: string; code: string } | null | undefined) => string {
  const { text, name } = useWords();
  const provinces = useCodeList('provinces').data?.codes ?? [];
  return (ref) => {
    if (!ref) return text(texts.unknown);
    const found = provinces.find((p) => p.list === ref.list && p.code === ref.code);
    if (!found) return `${ref.list}:${ref.code}`;
    return ref.list === '63' ? text(figures.former, { name: name(found) }) : name(found);
  };
}
