import '@navikt/ds-css/dist/component/actionmenu.css';
import '@navikt/ds-css/dist/component/chips.css';
import '@navikt/ds-css/dist/component/readmore.css';
import '@navikt/ds-css/dist/component/togglegroup.css';
import { ActionMenu, Alert, Button, Chips, ReadMore, Select, ToggleGroup } from '@navikt/ds-react';
import { DownloadIcon } from '@navikt/aksel-icons';
import { Link } from '@tanstack/react-router';
import { useRef, useState, type ReactNode } from 'react';
import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import figures from '#/figures/messages';
import { fetchFile } from './answers';
import { Chart, drawnApart, type Draw } from './Chart';
import { coverageText, type Point } from './values';
import texts from './messages';
import { captioned, keep, painted, pictureOf, type Caption } from './picture';
import { PointPanel } from './PointPanel';
import { Scroll } from '#/figures/Scroll';
import { oneYear, type Definition, type Form, type Question, type Search } from './question';

/** How a question was asked, and how the next one is. */
export interface Asked {
  q: Question;
  measure: Definition;
  title: string;
  change: (next: Partial<Search>) => void;
  /** On a phone: what was chosen, and the way to change it. */
  chips?: ReactNode;
}

interface Shown {
  answer: string[];
  /** What the library draws, or what the page draws itself. */
  draw?: Draw;
  drawing?: ReactNode;
  /** The drawing as a picture, where it is none in the page. */
  picture?: () => { drawing: string; width: number; height: number };
  height: number;
  note: string;
  /** What a picture has to say besides, as it has no page around it. */
  pictureNotes?: string[];
  table: ReactNode;
  points: Map<string, Point>;
  figures: { coverage: { period: string; of: Schemas['IndicatorCoverage'] }[]; asOf: string | null | undefined; view: string; demonstration: boolean };
  address: string;
  sheet: boolean;
  members?: { member: string; label: string }[];
  membersLabel?: string;
  aside?: ReactNode;
}

const forms: Form[] = ['series', 'chart', 'ranking', 'map', 'funnel', 'movers'];

/** Provinces are compared with all: whoever sees some of them live is shown closed figures. */
const toForm = (form: Form): Partial<Search> => ({ form: form === 'series' ? undefined : form, line: undefined, ...(oneYear(form) ? { view: undefined, as_of: undefined } : {}) });

/** Figure frames an answer: the sentence first, then the drawing or its table, then how far it can be trusted. */
export function Figure({ q, measure, title, change, chips, picked, onPick, ...shown }: Asked & Shown & { picked?: string; onPick: (id: string | undefined) => void }) {
  const { text } = useWords();
  const box = useRef<HTMLElement>(null);
  const offered = measure.dimensions.includes('province') ? forms : forms.filter((f) => !oneYear(f));
  const point = picked === undefined ? undefined : shown.points.get(picked);
  const answer = shown.answer.filter(Boolean).join(' ');
  return (
    <section className="figure" ref={box} aria-label={title}>
      <div className="answer">{shown.answer.filter(Boolean).map((sentence) => <p key={sentence}>{sentence}</p>)}</div>
      {chips}
      {!chips && <Forms form={q.form} offered={offered} change={change} />}
      <div className="tools">
        {chips && (
          <Select label={text(texts.form)} value={q.form} onChange={(e) => change(toForm(e.target.value as Form))}>
            {offered.map((f) => <option key={f} value={f}>{text(texts.forms[f])}</option>)}
          </Select>
        )}
        <ToggleGroup size="small" value={q.table ? 'table' : 'chart'} onChange={(v) => change({ table: v === 'table' ? 1 : undefined })} aria-label={text(texts.chartOrTable)}>
          <ToggleGroup.Item value="chart" label={text(texts.chart)} />
          <ToggleGroup.Item value="table" label={text(texts.table)} />
        </ToggleGroup>
        {shown.members && shown.members.length > 1 && !q.table && (
          <Select label={shown.membersLabel ?? text(texts.highlight)} value={q.line ?? ''} onChange={(e) => change({ line: e.target.value || undefined })}>
            {!shown.membersLabel && <option value="">{text(texts.highlightNone)}</option>}
            {shown.members.map((m) => <option key={m.member} value={m.member}>{m.label}</option>)}
          </Select>
        )}
      </div>
      {q.table ? (
        <Scroll label={title}>{shown.table}</Scroll>
      ) : (
        <>
          {shown.draw && <Chart draw={shown.draw} height={shown.height} label={text(texts.chartLabel, { title, answer })} onPick={onPick} />}
          {shown.drawing}
          <p className="quiet note">{shown.note} {shown.draw && text(texts.tapPoint)}{shown.picture && text(texts.tapTile)}</p>
          {shown.aside}
        </>
      )}
      {point && picked && <PointPanel key={picked} point={point} q={q} measure={measure} close={() => onPick(undefined)} />}
      <Trust {...shown.figures} />
      <Downloads title={title} q={q} answer={answer} shown={shown} box={box} />
      <DefinitionOf measure={measure} />
    </section>
  );
}

/** Forms are the ways to look at the same question. */
function Forms({ form, offered, change }: { form: Form; offered: Form[]; change: Asked['change'] }) {
  const { text } = useWords();
  return (
    <Chips aria-label={text(texts.form)} className="forms">
      {offered.map((f) => (
        <Chips.Toggle key={f} selected={f === form} checkmark={false} onClick={() => change(toForm(f))}>
          {text(texts.forms[f])}
        </Chips.Toggle>
      ))}
    </Chips>
  );
}

/** Trust says of how many, of when, and whether more or fewer reported than before. */
function Trust({ coverage, asOf, view, demonstration }: Shown['figures']) {
  const words = useWords();
  const { text, percent, moment } = words;
  const last = coverage.at(-1);
  const first = coverage.find((c) => c.of.value !== null);
  const moved = first && last && first !== last && first.of.value !== null && last.of.value !== null && Math.abs(last.of.value - first.of.value) >= 0.05;
  return (
    <div className="trust">
      {last && <p>{coverageText(words, last.of)}</p>}
      {moved && (
        <p>
          <span aria-hidden>⚑</span> {text(figures.coverageChanged)}: {text(texts.coverageFrom, { first: percent(first.of.value ?? 0), from: first.period, last: percent(last.of.value ?? 0), to: last.period })}
        </p>
      )}
      <p className="quiet">
        {text(view === 'live' ? texts.liveFigures : texts.closedFigures)}
        {asOf ? ` · ${text(figures.asOf, { time: moment(asOf) })}` : ''}
        {demonstration ? ` · ${text(texts.demonstration)}` : ''}
      </p>
    </div>
  );
}

const pictureWidth = 960;

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The address of a picture leaves nothing open: next year it still leads to what it shows. */
function addressOf(q: Question): string {
  const { measure, by, from, to, area, geo, form, view, asOf, period } = q;
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ measure, by, from, to, area, geo, form, view, as_of: asOf, period })) if (value !== undefined) asked.set(name, String(value));
  return `${location.origin}/trends?${asked}`;
}

function Downloads({ title, q, answer, shown, box }: { title: string; q: Question; answer: string; shown: Shown; box: React.RefObject<HTMLElement | null> }) {
  const words = useWords();
  const { text, moment } = words;
  const [failed, setFailed] = useState(false);
  const name = [q.measure, q.form, q.by, q.area?.replace(':', '-'), q.from, q.to].filter(Boolean).join('-');
  const attempt = (work: () => Promise<void>) => () => {
    setFailed(false);
    work().catch(() => setFailed(true));
  };
  const caption: Caption = {
    title,
    answer,
    notes: [
      shown.note,
      ...(shown.pictureNotes ?? []),
      [text(texts.source), text(shown.figures.view === 'live' ? texts.liveFigures : texts.closedFigures), shown.figures.demonstration ? text(texts.demonstration) : ''].filter(Boolean).join(' · '),
      shown.figures.asOf ? text(figures.asOf, { time: moment(shown.figures.asOf) }) : '',
      ...(shown.figures.coverage.at(-1) ? [coverageText(words, shown.figures.coverage.at(-1)?.of)] : []),
      addressOf(q),
    ].filter(Boolean),
  };
  const picture = async () => {
    const own = shown.picture?.();
    if (own) return captioned(own.drawing, own.width, own.height, caption);
    if (shown.draw) return captioned(await drawnApart(shown.draw, pictureWidth, shown.height), pictureWidth, shown.height, caption);
    const svg = box.current?.querySelector<SVGSVGElement>('.drawing svg');
    if (!svg) throw new Error('nothing is drawn');
    return pictureOf(svg, caption);
  };
  const asSVG = async () => keep(new Blob([(await picture()).svg], { type: 'image/svg+xml' }), `${name}.svg`);
  const asPNG = async () => keep(await painted(await picture()), `${name}.png`);
  const as = (kind: string, end: string) => async () => keep(await fetchFile(shown.address, kind), `${name}.${end}`);
  return (
    <div className="downloads">
      <ActionMenu>
        <ActionMenu.Trigger>
          <Button variant="primary" icon={<DownloadIcon aria-hidden />}>{text(texts.download)}</Button>
        </ActionMenu.Trigger>
        <ActionMenu.Content>
          {!q.table && <ActionMenu.Item onSelect={attempt(asSVG)}>{text(texts.asSVG)}</ActionMenu.Item>}
          {!q.table && <ActionMenu.Item onSelect={attempt(asPNG)}>{text(texts.asPNG)}</ActionMenu.Item>}
          <ActionMenu.Item onSelect={attempt(as('text/csv', 'csv'))}>{text(texts.asCSV)}</ActionMenu.Item>
          {shown.sheet && <ActionMenu.Item onSelect={attempt(as(sheetType, 'xlsx'))}>{text(texts.asXLSX)}</ActionMenu.Item>}
        </ActionMenu.Content>
      </ActionMenu>
      {failed && <Alert variant="error" size="small">{text(texts.downloadFailed)}</Alert>}
    </div>
  );
}

function DefinitionOf({ measure }: { measure: Definition }) {
  const { text, name } = useWords();
  return (
    <ReadMore header={text(texts.definition)} className="definition">
      <p><strong>{name(measure.name)}</strong></p>
      <p>{name(measure.formula)}</p>
      <p className="quiet">{text(texts.definitionVersion, { id: measure.id, version: String(measure.version) })}</p>
      <h3>{text(texts.sources)}</h3>
      <ul>
        {measure.sources.map((s) => <li key={s.text}>{s.text}{s.status === 'UNVERIFIED' && ` (${text(texts.unverified)})`}</li>)}
      </ul>
      <Link to="/dictionary" className="aksel-link">{text(texts.dictionary)}</Link>
    </ReadMore>
  );
}
