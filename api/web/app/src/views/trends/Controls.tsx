import '@navikt/ds-css/dist/component/chips.css';
import '@navikt/ds-css/dist/component/togglegroup.css';
import { Alert, Button, Chips, Select, ToggleGroup } from '@navikt/ds-react';
import { FilterIcon } from '@navikt/aksel-icons';
import { lazy, Suspense, useId, useState } from 'react';
import { may } from '#/api/may';
import { useMe } from '#/api/me';
import { useCodeList } from '#/api/codelists';
import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import figures from '#/figures/messages';
import texts from './messages';
import { capital } from './values';
import { moveArea, oneYear, type Definition, type Geography, type Question, type Search } from './question';

// Whoever is content with the answer never opens it.
const Sheet = lazy(async () => ({ default: (await import('./Sheet')).Sheet }));

export interface Choice {
  q: Question;
  measures: Definition[];
  years: number[];
  change: (next: Partial<Search>) => void;
}

type Group = keyof typeof texts.groups;

/** groupOf puts a measure where its users look for it. */
function groupOf(id: string): Group {
  const first = id.slice(0, 1) as Group;
  return !id.includes('-') && !id.startsWith('SDG') && first in texts.groups ? first : id.startsWith('E1') ? 'E' : 'K';
}

/** Controls hold the question, one field for each part of it. */
export function Controls({ q, measures, years, change }: Choice) {
  const { text, name } = useWords();
  const me = useMe().data;
  const measure = measures.find((m) => m.id === q.measure);
  const splits = measure?.dimensions ?? [];
  const single = oneYear(q.form);
  return (
    <div className="controls">
      <Select label={text(texts.measure)} value={q.measure} onChange={(e) => change({ measure: e.target.value, line: undefined })}>
        {(Object.keys(texts.groups) as Group[]).map((group) => (
          <optgroup key={group} label={text(texts.groups[group])}>
            {measures.filter((m) => groupOf(m.id) === group).map((m) => <option key={m.id} value={m.id}>{name(m.name)}</option>)}
          </optgroup>
        ))}
      </Select>
      {!single && (
        <Select label={text(texts.splitBy)} value={q.by ?? ''} onChange={(e) => change({ by: e.target.value || undefined, line: undefined })}>
          <option value="">{text(texts.notSplit)}</option>
          {splits.map((d) => <option key={d} value={d}>{capital(text(texts.by[d as keyof typeof texts.by]))}</option>)}
        </Select>
      )}
      <div className="pair">
        {!single && (
          <Select label={text(texts.fromYear)} value={q.from} onChange={(e) => change({ from: Number(e.target.value), to: q.to })}>
            {years.filter((y) => y <= q.to).map((y) => <option key={y}>{y}</option>)}
          </Select>
        )}
        <Select label={text(single ? texts.year : texts.toYear)} value={q.to} onChange={(e) => change({ from: Math.min(q.from, Number(e.target.value)), to: Number(e.target.value) })}>
          {years.filter((y) => single || y >= q.from).map((y) => <option key={y}>{y}</option>)}
        </Select>
      </div>
      <Select label={text(texts.periodKind)} value={q.period} onChange={(e) => change({ period: e.target.value === 'year' ? undefined : (e.target.value as Search['period']) })}>
        <option value="year">{text(texts.year12)}</option>
        <option value="H1">{text(texts.h1)}</option>
        {/* Told of those who filed both, and so not to everybody. */}
        {may(me, 'read_live') && <option value="H2">{text(texts.h2)}</option>}
      </Select>
      <GeographyAndArea q={q} change={change} />
      {may(me, 'read_live') && (!single || me?.nation) && <Moment q={q} change={change} />}
    </div>
  );
}

/** The list of provinces and the place on it: another list takes the place along and says so. */
function GeographyAndArea({ q, change }: Pick<Choice, 'q' | 'change'>) {
  const { text, name } = useWords();
  const provinces = useCodeList('provinces').data?.codes ?? [];
  const [moved, setMoved] = useState('');
  const find = (area: string) => provinces.find((p) => `${p.list}:${p.code}` === area);
  const named = (p: Schemas['Code'] | undefined) => (p ? (p.list === '63' ? text(figures.former, { name: name(p) }) : name(p)) : '');
  const toList = (geo: Geography) => {
    setMoved('');
    if (!q.area) return change({ geo: geo === '34' ? undefined : geo });
    const to = moveArea(q.area, geo, provinces);
    if (to.area !== q.area) {
      const others = to.others.map(named).join(', ');
      setMoved(text(geo === '34' ? texts.movedTo34 : others ? texts.movedTo63 : texts.movedAlone, { name: named(find(to.area)), others }));
    }
    change({ geo: geo === '34' ? undefined : geo, area: to.area });
  };
  const offered = provinces.filter((p) => q.geo === 'reported' || p.list === q.geo);
  return (
    <>
      <ToggleGroup label={text(figures.geography)} size="small" value={q.geo} onChange={(v) => toList(v as Geography)} className="geography">
        <ToggleGroup.Item value="34" label={text(figures.geography34)} />
        <ToggleGroup.Item value="63" label={text(figures.geography63)} />
        {q.form !== 'map' && <ToggleGroup.Item value="reported" label={text(figures.geographyReported)} />}
      </ToggleGroup>
      <div className="place">
        {!oneYear(q.form) && (
          <Select label={text(texts.area)} value={q.area ?? ''} onChange={(e) => change({ area: e.target.value || undefined })}>
            <option value="">{text(figures.nation)}</option>
            {offered.map((p) => <option key={`${p.list}:${p.code}`} value={`${p.list}:${p.code}`}>{named(p)}</option>)}
          </Select>
        )}
        <div role="status">{moved && <Alert variant="info" size="small">{moved}</Alert>}</div>
      </div>
    </>
  );
}

const zone = '+07:00';

/** Moment chooses between closed and live figures, and for live ones the moment. */
function Moment({ q, change }: Pick<Choice, 'q' | 'change'>) {
  const { text } = useWords();
  const id = useId();
  const set = (value: string) => {
    const next = value ? `${value}:00${zone}` : undefined;
    if (next !== q.asOf) change({ as_of: next, view: next ? 'live' : q.view });
  };
  return (
    <>
      <Select label={text(texts.viewed)} description={q.view === 'live' ? text(texts.viewWhy) : undefined} value={q.view ?? ''} onChange={(e) => change({ view: (e.target.value || undefined) as Search['view'], as_of: undefined })}>
        <option value="">{text(texts.viewDefault)}</option>
        <option value="closed">{text(texts.viewClosed)}</option>
        <option value="live">{text(texts.viewLive)}</option>
      </Select>
      {q.view === 'live' && (
        <div className="moment">
          <label className="aksel-label" htmlFor={id}>{text(texts.asOf)}</label>
          <p className="quiet" id={`${id}-why`}>{text(texts.asOfWhy)}</p>
          <input key={q.asOf ?? ''} id={id} type="datetime-local" aria-describedby={`${id}-why`} className="aksel-text-field__input" defaultValue={q.asOf?.slice(0, 16)} onBlur={(e) => set(e.target.value)} onKeyDown={(e) => e.key === 'Enter' && set(e.currentTarget.value)} />
        </div>
      )}
    </>
  );
}

/** ChosenChips say on a phone what was asked; what can be dropped is dropped by its chip, the rest is in a sheet. */
export function ChosenChips({ areaName, ...choice }: Choice & { areaName: string }) {
  const { text } = useWords();
  const { q, change } = choice;
  const [sheet, setSheet] = useState<'unasked' | 'open' | 'closed'>('unasked');
  const dropped: { words: string; without: Partial<Search> }[] = [];
  if (q.geo !== '34') dropped.push({ words: text(q.geo === '63' ? figures.geography63 : figures.geographyReported), without: { geo: undefined, area: undefined } });
  if (q.by && !oneYear(q.form)) dropped.push({ words: capital(text(texts.by[q.by])), without: { by: undefined, line: undefined } });
  if (q.area && !oneYear(q.form)) dropped.push({ words: areaName, without: { area: undefined } });
  if (q.view) dropped.push({ words: text(q.view === 'live' ? texts.viewLive : texts.viewClosed), without: { view: undefined, as_of: undefined } });
  return (
    <div className="chosen">
      {dropped.length > 0 && (
        <Chips>{dropped.map((d) => <Chips.Removable key={d.words} onClick={() => change(d.without)}>{d.words}</Chips.Removable>)}</Chips>
      )}
      <Button variant="secondary" icon={<FilterIcon aria-hidden />} onClick={() => setSheet('open')}>{text(texts.changeChoice)}</Button>
      {sheet !== 'unasked' && (
        <Suspense>
          <Sheet {...choice} open={sheet === 'open'} onClose={() => setSheet('closed')} />
        </Suspense>
      )}
    </div>
  );
}
