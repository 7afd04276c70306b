import { Button } from '@navikt/ds-react';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { ApiProblem } from '#/api/client';
import { newDraft, uuidV7, type Draft } from '#/drafts/draft';
import { Amending } from '#/forms/Amending';
import { today } from '#/forms/codes';
import { FindingSummary, Warnings } from '#/forms/FindingSummary';
import { fieldId } from '#/forms/fields';
import { within, type PlaceName } from '#/forms/findings';
import { addressOf, makers } from '#/forms/kinds';
import formTexts from '#/forms/messages';
import { readMoment } from '#/forms/moment';
import { FillingContext } from '#/forms/ReportContext';
import { Barred, Refused, State } from '#/forms/Sheet';
import { keptGroups, type Node } from '#/forms/tree';
import { useDraftId } from '#/forms/useDraftId';
import { useOpening, type Opening } from '#/forms/useOpening';
import { useReport, type Report } from '#/forms/useReport';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { source } from '#/language/sources';
import { labelOf } from './applicable';
import { Fields } from './Fields';
import texts from './messages';
import './form.css';

/** Form fills in any kind of report, as the dictionary describes it. */
export function Form() {
  const { kind } = useParams({ from: '/new/$kind' });
  const { text } = useWords();
  if (!(kind in makers)) {
    return (
      <div className="stack">
        <h1>{text(texts.noKind)}</h1>
        <Link to="/new" className="aksel-link">{text(texts.back)}</Link>
      </div>
    );
  }
  return <OfKind key={kind} kind={kind} />;
}

function OfKind({ kind }: { kind: string }) {
  const search = useSearch({ from: '/new/$kind' });
  const { id, fresh } = useDraftId(search.draft);
  const opening = useOpening({ kind, report: search.report, unit: search.unit, period: search.period }, fresh ? id : '');
  return (
    <Answered of={opening} height={600}>
      {(opened) => <Filled key={id} opening={opened} id={id} fresh={fresh} />}
    </Answered>
  );
}

function Filled({ opening, id, fresh }: { opening: Opening; id: string; fresh: boolean }) {
  const { name, text } = useWords();
  const [initial] = useState(() => (fresh ? begin(opening, id) : undefined));
  const shape = useMemo(() => ({ places: placesOf(opening.nodes), kept: keptGroups(opening.nodes) }), [opening.nodes]);
  const { report, loaded } = useReport(initial, id, shape);
  const barred = Barred({ opening, report, fresh, loaded });
  return (
    <>
      <p className="way">
        <Link to="/new" className="aksel-link">{text(texts.back)}</Link>
      </p>
      <h1>{name(opening.kind)}</h1>
      {barred ?? (report && <Sheet opening={opening} report={report} />)}
    </>
  );
}

/** Events get their id when they are begun, periodic reports theirs from the platform. */
function begin(opening: Opening, id: string): Draft {
  const { kind } = opening.kind;
  const { reportId, revision } = opening.amends ?? { reportId: opening.kind.event ? uuidV7() : undefined, revision: 1 };
  return newDraft({ id, kind, reportId, revision, owner: opening.me.id, content: opening.content, address: `${addressOf(kind)}?draft=${id}` });
}

function Sheet({ opening, report }: { opening: Opening; report: Report }) {
  const { text, language } = useWords();
  const summary = useRef<HTMLDivElement>(null);
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<unknown>();
  const parts = partsOf(opening.nodes);
  const general = opening.kind.event ? texts.general : texts.head;
  const heading = (p: PartOf) => (p.node ? labelOf(p.node.meaning[language]).label : text(general));

  const submit = async () => {
    setSending(true);
    setRefused(undefined);
    try {
      const outcome = await report.submit();
      if (outcome === 'refused') setRefused(true);
      if (outcome === 'blocked') requestAnimationFrame(() => (summary.current ?? document.getElementById('warnings'))?.focus());
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setRefused(error);
    } finally {
      setSending(false);
    }
  };

  return (
    <FillingContext value={{ report, day: dayOf(report) }}>
      <div className="sheet">
        <div className="fill">
          <div className="quiet">
            <p>{text(texts.source, { source: source(language, opening.kind.legal_ref) })}</p>
            {opening.kind.status === 'UNVERIFIED' && <p>{text(texts.unverified)}</p>}
          </div>
          <Amending opening={opening} report={report} />
          <FindingSummary ref={summary} findings={report.summed} />
          {refused !== undefined && <Refused error={refused} />}
          <p className="quiet">{text(formTexts.requiredHint)}</p>
          {parts.map((p) => (
            <div key={p.id} className="whole-part">
              {p.node ? (
                <Fields nodes={[p.node]} at="/content" level={2} />
              ) : (
                <section className="part level-2" aria-labelledby="general">
                  <h2 id="general" className="part-title" tabIndex={-1}>{text(general)}</h2>
                  <Fields nodes={p.nodes} at="/content" level={3} />
                </section>
              )}
            </div>
          ))}
          <div id="warnings" tabIndex={-1}>
            <Warnings findings={report.summed} acknowledged={report.draft.acknowledged ?? []} set={report.acknowledge} />
          </div>
          <div className="actions">
            <Button type="button" onClick={() => void submit()} loading={sending}>
              {text(texts.check)}
            </Button>
          </div>
        </div>
        <aside className="beside" aria-label={text(texts.sections)}>
          <State report={report} />
          <nav aria-label={text(texts.sections)} className="parts">
            <ol>
              {parts.map((p) => {
                const errors = report.shown.filter((f) => f.severity === 'error' && p.pointers.some((at) => within(f.pointer ?? '', at))).length;
                return (
                  <li key={p.id}>
                    <a
                      href={`#${p.id}`}
                      onClick={(e) => {
                        e.preventDefault();
                        document.getElementById(p.id)?.scrollIntoView();
                        document.getElementById(p.id)?.focus({ preventScroll: true });
                      }}
                    >
                      {heading(p)}
                    </a>
                    {errors > 0 && <span className="in-error"> ▲ {text(texts.errorsIn, { n: errors })}</span>}
                  </li>
                );
              })}
            </ol>
          </nav>
        </aside>
      </div>
    </FillingContext>
  );
}

interface PartOf {
  id: string;
  node?: Node;
  nodes: Node[];
  pointers: string[];
}

/** A form has a part for each group and list, and one for the fields that belong to none. */
function partsOf(nodes: Node[]): PartOf[] {
  const leaves = nodes.filter((n) => n.is === 'leaf');
  const general: PartOf = { id: 'general', nodes: leaves, pointers: leaves.map((n) => n.pointer) };
  const own = nodes.filter((n) => n.is !== 'leaf').map((node): PartOf => ({ id: fieldId(node.pointer), node, nodes: [node], pointers: [node.pointer] }));
  const [first, ...rest] = own;
  // Who reports comes first, then what the report is of.
  return [...(first ? [first] : []), ...(leaves.length > 0 ? [general] : []), ...rest];
}

/** placesOf are the names of all places that a form shows; several groups may have a member of one name. */
function placesOf(nodes: Node[]): Map<string, PlaceName> {
  const places = new Map<string, PlaceName>([['/reason', formTexts.reason]]);
  const walk = (list: Node[], group?: PlaceName) => {
    for (const n of list) {
      const own = { vi: labelOf(n.meaning.vi).label, en: labelOf(n.meaning.en).label };
      const name = n.is === 'leaf' && group ? { vi: `${own.vi} (${group.vi})`, en: `${own.en} (${group.en})` } : own;
      if (!places.has(n.pointer)) places.set(n.pointer, name);
      if (n.is === 'list') places.set(`${n.pointer}/*`, own);
      if (n.is !== 'leaf') walk(n.children, n.is === 'group' ? own : undefined);
    }
  };
  walk(nodes);
  return places;
}

/** Members that date an event: its code lists are those of that day, otherwise those of today. */
const dated = ['occurred_at', 'accident_on', 'inspected_on', 'decided_on', 'performed_on', 'first_reported_on'];

function dayOf(report: Report): string {
  const said = dated.map((m) => readMoment(report.at(`/content/${m}`)).day).find((d) => /^\d{4}-\d{2}-\d{2}$/.test(d));
  return said ?? today();
}
