import '@navikt/ds-css/dist/component/copybutton.css';
import '@navikt/ds-css/dist/component/table.css';
import { Alert, Button, CopyButton, Table, type ButtonProps } from '@navikt/ds-react';
import { PrinterSmallIcon } from '@navikt/aksel-icons';
import { useQuery } from '@tanstack/react-query';
import { createLink, Link, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { answer, api, ApiProblem, type Schemas } from '#/api/client';
import { useCodeList } from '#/api/codelists';
import { may } from '#/api/may';
import { useMe } from '#/api/me';
import { policyQuestion } from '#/api/policy';
import { Answered, Loading, Trouble } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { source } from '#/language/sources';
import { useNames } from '#/views/reports/useNames';
import { Scroll } from '#/figures/Scroll';
import { ClockBar, ClockState } from './ClockBar';
import { Gate } from './Gate';
import { usePlace } from './Investigations';
import texts from './messages';
import { headerOf, type Purpose } from './reason';
import { Timeline } from './Timeline';
import './records.css';

type Accident = Schemas['AccidentCase'];

const kept = 'atvsld-purpose';

/** What one does next with an investigation is a form of its own. */
const ToForm = createLink((props: ButtonProps & { href?: string }) => <Button as="a" {...props} />);

/** The reason that was given last in this tab: it is offered again, and given anew for each record. */
function lastPurpose(): Purpose | undefined {
  const text = sessionStorage.getItem(kept);
  return text ? (JSON.parse(text) as Purpose) : undefined;
}

/** Record is one accident: its clocks, what happened when, whom it met, what was declared. */
export function Record() {
  const { id } = useParams({ from: '/records/$id' });
  const me = useMe();
  const policy = useQuery(policyQuestion);
  const [given, setGiven] = useState<{ id: string; purpose: Purpose }>();
  const asks = policy.data?.roles.find((r) => r.role === me.data?.role)?.purpose ?? false;
  const purpose = given && given.id === id ? given.purpose : undefined;
  const known = me.isSuccess && policy.isSuccess;
  const record = useQuery({
    queryKey: ['accident', id, purpose],
    queryFn: ({ signal }) => answer(api.GET('/v1/accidents/{accident_id}', { params: { path: { accident_id: id }, header: purpose && { 'Access-Purpose': headerOf(purpose) } }, signal })),
    enabled: known && may(me.data, 'read_cases') && (!asks || purpose !== undefined),
    // Every answer is a view on record: it is asked for once.
    staleTime: Infinity,
    retry: false,
  });
  if (me.isError || policy.isError) return <Trouble error={me.error ?? policy.error} again={() => void Promise.all([me.refetch(), policy.refetch()])} />;
  if (!known) return <Loading height={600} />;
  if (!may(me.data, 'read_cases')) return <Trouble error={new ApiProblem(me.data.role === 'public' ? 401 : 403, undefined)} />;
  if (asks && !purpose) {
    const open = (p: Purpose) => {
      sessionStorage.setItem(kept, JSON.stringify(p));
      setGiven({ id, purpose: p });
    };
    return <Gate key={id} last={lastPurpose()} open={open} />;
  }
  return <Answered of={record} height={800}>{(accident) => <Case accident={accident} purpose={purpose} files={may(me.data, 'file')} />}</Answered>;
}

function Case({ accident, purpose, files }: { accident: Accident; purpose: Purpose | undefined; files: boolean }) {
  const { text, day } = useWords();
  const place = usePlace();
  const title = text(texts.title, { severity: text(texts.severities[accident.severity]), day: day(accident.occurred_at), province: place(accident.province) });
  useEffect(() => {
    document.title = title;
  }, [title]);
  const latest = accident.investigations.at(-1);
  return (
    <div className="record">
      <header>
        <h1>{title}</h1>
        <p className="answer">
          {text(texts.summary, { dead: accident.dead, serious: accident.serious, minor: accident.minor, clock: latest ? '' : text(texts.noInvestigation) })}
          {latest && <ClockState clock={latest.clock} />}
        </p>
        <p className="quiet logged">{text(texts.logged)} {purpose && text(texts.openedFor, { purpose: [text(texts.purposes[purpose.code]), purpose.reference].filter(Boolean).join(', ') })}</p>
        <div className="row">
          {files && (
            <ToForm to="/new/$kind" params={{ kind: 'investigation' }} search={{ report: latest?.report_id }}>{text(latest ? texts.update : texts.begin)}</ToForm>
          )}
          {accident.quick_report && <QuickReport id={accident.accident_id} purpose={purpose} />}
        </div>
      </header>
      {accident.investigations.map((i, n) => <Investigation key={i.report_id} item={i} number={n + 1} />)}
      <section aria-labelledby="timeline">
        <h2 id="timeline">{text(texts.timeline)}</h2>
        <Timeline accident={accident} />
      </section>
      <Facts accident={accident} />
      <Victims persons={accident.persons} />
      <Declarations accident={accident} />
      <Receivers accident={accident} />
      <Link to="/records" search={{}} className="aksel-link">{text(texts.toList)}</Link>
    </div>
  );
}

/** QuickReport opens the printed form. It is asked for with the reason, which a link cannot carry. */
function QuickReport({ id, purpose }: { id: string; purpose: Purpose | undefined }) {
  const { text } = useWords();
  const [failed, setFailed] = useState(false);
  const open = async () => {
    setFailed(false);
    // Opened before the answer is there: later it would be taken for an advertisement.
    const tab = window.open('', '_blank');
    try {
      const headers: Record<string, string> = { Accept: 'text/html' };
      if (purpose) headers['Access-Purpose'] = headerOf(purpose);
      const got = await fetch(`/v1/accidents/${id}/quick-report`, { headers, credentials: 'same-origin' });
      if (!got.ok) throw new ApiProblem(got.status, undefined);
      // Within the blob the form's style is at no address of its own.
      const page = (await got.text()).replace('href="/web/', `href="${location.origin}/web/`);
      const address = URL.createObjectURL(new Blob([page], { type: 'text/html' }));
      if (tab) tab.location.href = address;
      else location.assign(address);
    } catch {
      tab?.close();
      setFailed(true);
    }
  };
  return (
    <>
      <Button variant="secondary" icon={<PrinterSmallIcon aria-hidden />} onClick={() => void open()}>{text(texts.quick)}</Button>
      {failed && <Alert variant="error" size="small">{text(texts.quickFailed)}</Alert>}
    </>
  );
}

function Investigation({ item, number }: { item: Schemas['InvestigationItem']; number: number }) {
  const { text } = useWords();
  const { unitName } = useNames();
  return (
    <section aria-labelledby={`investigation-${number}`}>
      <h2 id={`investigation-${number}`}>{text(texts.clocks)}{number > 1 && ` (${number})`}</h2>
      {/* Of an authority the level says which it is. */}
      <p>{text(texts.levels[item.level])} {!item.unit.startsWith('authority:') && <span className="quiet">({unitName(item.unit)})</span>}</p>
      <ClockBar clock={item.clock} ticks />
      <p className="quiet small">{text(texts.limits)} · {text(texts.law)}</p>
    </section>
  );
}

function Facts({ accident }: { accident: Accident }) {
  const { text, name, moment } = useWords();
  const place = usePlace();
  const causes = useCodeList('causes').data?.codes ?? [];
  const factors = useCodeList('factors').data?.codes ?? [];
  const sections = useCodeList('vsic').data?.codes ?? [];
  const cause = causes.find((c) => c.list === 'annex_xii' && c.code === accident.cause);
  const factor = factors.find((c) => c.list === accident.factor_list && c.code === accident.factor_code);
  const section = sections.find((s) => s.list === accident.vsic_version && s.code === accident.vsic_code.slice(0, 1));
  const facts: [string, string][] = [
    [text(texts.when), moment(accident.occurred_at)],
    [text(texts.where), place(accident.province)],
    [text(texts.industry), section ? `${accident.vsic_code} · ${name(section)}` : accident.vsic_code],
    [text(texts.cause), cause ? name(cause) : text(texts.unknown)],
    [text(texts.factor), factor ? name(factor) : text(texts.unknown)],
    [text(texts.commuting), text(accident.commuting ? texts.yes : texts.no)],
  ];
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{text(texts.facts)}</h2>
      <dl className="facts">
        {facts.map(([term, value]) => <div key={term}><dt>{term}</dt><dd>{value}</dd></div>)}
        <div><dt>{text(texts.number)}</dt><dd className="id">{accident.accident_id} <CopyButton size="small" copyText={accident.accident_id} /></dd></div>
      </dl>
    </section>
  );
}

function Victims({ persons }: { persons: Accident['persons'] }) {
  const { text } = useWords();
  const sex = (code: string | undefined) => text(code === 'female' ? texts.female : code === 'male' ? texts.male : texts.unknown);
  return (
    <section aria-labelledby="victims">
      <h2 id="victims">{text(texts.victims)}</h2>
      <p className="quiet">{text(texts.victimsNote)}</p>
      <Scroll label={text(texts.victimsTable)}>
        <Table size="small" className="victims">
          <caption className="visually-hidden">{text(texts.victims)}</caption>
          <Table.Header>
            <Table.Row>
              {[texts.pseudonym, texts.harm, texts.sex, texts.ageGroup, texts.occupation, texts.employment].map((t) => <Table.HeaderCell key={t.vi} scope="col">{text(t)}</Table.HeaderCell>)}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {persons.map((p) => (
              <Table.Row key={p.victim} shadeOnHover={false}>
                <Table.HeaderCell scope="row" className="id">{p.victim.slice(0, 8)}</Table.HeaderCell>
                <Table.DataCell>{text(texts.harms[p.severity])}</Table.DataCell>
                <Table.DataCell>{sex(p.sex)}</Table.DataCell>
                <Table.DataCell>{p.age_group?.replace('-', '–') ?? text(texts.unknown)}</Table.DataCell>
                <Table.DataCell>{p.occupation ?? text(texts.unknown)}</Table.DataCell>
                <Table.DataCell>{text(p.employment === 'contract' ? texts.contract : texts.noContract)}</Table.DataCell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table>
      </Scroll>
    </section>
  );
}

function Declarations({ accident }: { accident: Accident }) {
  const { text, moment, day, whole } = useWords();
  const { unitName } = useNames();
  return (
    <section aria-labelledby="declarations">
      <h2 id="declarations">{text(texts.declarations)}</h2>
      <ul className="plain">
        {accident.declarations.map((d) => (
          <li key={d.report_id}>
            <Link to="/reports/$id" params={{ id: d.report_id }} className="aksel-link opens">{text(texts.declared, { unit: unitName(d.unit), victims: d.victims, time: moment(d.filed_at) })}</Link>
          </li>
        ))}
      </ul>
      {accident.links.map((l) => <p key={l.report_id}>{text(texts.linked, { day: day(l.decided_on) })}</p>)}
      {accident.incidents.length > 0 && (
        <>
          <h3>{text(texts.incidents)}</h3>
          <ul className="plain">
            {accident.incidents.map((n) => (
              <li key={n.report_id}>
                <Link to="/reports/$id" params={{ id: n.report_id }} className="aksel-link opens">{text(texts.incident, { equipment: n.equipment, unit: n.unit, dead: whole(n.dead), injured: whole(n.injured) })}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Receivers({ accident }: { accident: Accident }) {
  const { text, name, language } = useWords();
  return (
    <section aria-labelledby="receivers">
      <h2 id="receivers">{text(texts.receivers)}</h2>
      <ul className="receivers">
        {accident.receivers.map((r) => <li key={r.code}>{name(r)} <span className="quiet">{source(language, r.source.split(';')[0] ?? '')}</span></li>)}
      </ul>
    </section>
  );
}
