import '@navikt/ds-css/dist/component/chips.css';
import '@navikt/ds-css/dist/component/readmore.css';
import '@navikt/ds-css/dist/component/togglegroup.css';
import { Chips, ReadMore, Select, ToggleGroup } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useRef, type ReactNode } from 'react';
import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import { source } from '#/language/sources';
import figures from '#/figures/messages';
import { Chart, type Draw } from './Chart';
import { coverageText, type Point } from './values';
import texts from './messages';
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

export interface Shown {
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
  members?: { member: string; label: string }[];
  membersLabel?: string;
  aside?: ReactNode;
}

// A menu takes more script than the rest of the view, and stands below it.
const Downloads = lazy(async () => ({ default: (await import('./Downloads')).Downloads }));

const forms: Form[] = ['series', 'chart', 'ranking', 'map', 'funnel', 'movers'];

/** Provinces are compared with all: whoever sees some of them live is shown closed figures. */
const toForm = (form: Form): Partial<Search> => ({ form: form === 'series' ? undefined : form, line: undefined, ...(oneYear(form) ? { view: undefined, as_of: undefined } : {}) });

/** Figure frames an answer: the sentence first, then the drawing or its table, then how far it can be trusted. */
export function Figure({ q, measure, title, change, chips, picked, onPick, ...shown }: Asked & Shown & { picked?: string; onPick: (id: string | undefined) => void }) {
  const { text } = useWords();
  const box = useRef<HTMLElement>(null);
  // A count has no workers to be set against: who is unusual among provinces cannot be asked of it.
  const possible = (f: Form) => (measure.dimensions.includes('province') || !oneYear(f)) && (f !== 'funnel' || measure.denominators.length > 0);
  const offered = forms.filter((f) => f === q.form || possible(f));
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
      <div className="downloads">
        <Suspense>
          <Downloads title={title} q={q} answer={answer} shown={shown} box={box} />
        </Suspense>
      </div>
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

function DefinitionOf({ measure }: { measure: Definition }) {
  const { text, name, language } = useWords();
  return (
    <ReadMore header={text(texts.definition)} className="definition">
      <p><strong>{name(measure.name)}</strong></p>
      <p>{name(measure.formula)}</p>
      <p className="quiet">{text(texts.definitionVersion, { id: measure.id, version: String(measure.version) })}</p>
      <h3>{text(texts.sources)}</h3>
      <ul>
        {measure.sources.map((s) => <li key={s.text}>{source(language, s.text)}{s.status === 'UNVERIFIED' && ` (${text(texts.unverified)})`}</li>)}
      </ul>
      <Link to="/dictionary" className="aksel-link">{text(texts.dictionary)}</Link>
    </ReadMore>
  );
}
