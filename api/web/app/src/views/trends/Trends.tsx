import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { useCodeList } from '#/api/codelists';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import figures from '#/figures/messages';
import { catalogueQuestion, closingsQuestion } from './answers';
import { ChosenChips, Controls } from './Controls';
import { ControlForm } from './ControlForm';
import type { Asked } from './Figure';
import { FunnelForm } from './FunnelForm';
import { MapForm } from './MapForm';
import texts from './messages';
import { MoversForm } from './MoversForm';
import { ask, closedYears, lastOf, movesBy, oneYear, type Definition, type Question, type Search } from './question';
import { RankingForm } from './RankingForm';
import { SeriesForm } from './SeriesForm';
import './trends.css';

const shapes = { series: SeriesForm, chart: ControlForm, funnel: FunnelForm, ranking: RankingForm, movers: MoversForm, map: MapForm };

const titles = { series: texts.titleSeries, chart: texts.titleChart, funnel: texts.titleFunnel, ranking: texts.titleRanking, movers: texts.titleMovers, map: texts.titleMap };

/** Trends answers a question that the address holds. */
export function Trends() {
  const catalogue = useQuery(catalogueQuestion);
  const closings = useQuery(closingsQuestion);
  return (
    <Answered of={catalogue} height={700}>
      {(measures) => (
        <Answered of={closings} height={700}>
          {(closed) => <Explorer measures={measures.indicators} closed={closedYears(closed.closings)} />}
        </Answered>
      )}
    </Answered>
  );
}

function Explorer({ measures, closed }: { measures: Definition[]; closed: number[] }) {
  const { text, name } = useWords();
  const search: Search = useSearch({ from: '/trends' });
  const navigate = useNavigate({ from: '/trends' });
  const phone = useNarrow();
  const provinces = useCodeList('provinces').data?.codes ?? [];
  const lastClosed = lastOf(closed);
  const q = ask(search, measures, lastClosed);
  const title = q ? titleOf(q) : text(texts.noMeasure);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const change = (next: Partial<Search>) => void navigate({ search: (was: Search) => ({ ...was, ...next }), resetScroll: false });

  function areaName(area: string): string {
    const found = provinces.find((p) => `${p.list}:${p.code}` === area);
    if (!found) return area;
    return found.list === '63' ? text(figures.former, { name: name(found) }) : name(found);
  }
  function spanText(of: Question): string {
    const years = oneYear(of.form) || of.from === of.to ? String(of.to) : of.form === 'movers' ? `${of.from}\u00a0→\u00a0${of.to}` : `${of.from}–${of.to}`;
    return of.period === 'year' ? years : `${text(texts.halves, { half: of.period })} ${years}`;
  }
  function titleOf(of: Question): string {
    const measure = measures.find((m) => m.id === of.measure);
    const by = of.form === 'movers' ? movesBy(of) : of.by;
    return text(titles[of.form], {
      measure: name(measure?.name),
      split: by ? text(texts.split, { by: text(texts.by[by]) }) : '',
      area: of.area ? text(texts.inArea, { area: areaName(of.area) }) : '',
      span: spanText(of),
    });
  }

  const measure = measures.find((m) => m.id === q?.measure);
  if (!q || !measure) {
    return (
      <>
        <h1>{title}</h1>
        <p><Link to="/trends" search={{}} className="aksel-link">{text(texts.toTrends)}</Link></p>
      </>
    );
  }
  const first = Math.min(...closed, q.from);
  const last = Math.max(lastClosed + 1, q.to);
  const years = Array.from({ length: last - first + 1 }, (_, i) => last - i);
  const choice = { q, measures, years, change };
  const Shape = shapes[q.form];
  const asked: Asked = { q, measure, title, change, chips: phone && <ChosenChips {...choice} areaName={q.area ? areaName(q.area) : ''} /> };
  return (
    <div className="trends">
      <h1>{title}</h1>
      {!phone && <aside aria-label={text(texts.controls)}><Controls {...choice} /></aside>}
      <Shape key={`${q.measure} ${q.by} ${q.form}`} {...asked} />
    </div>
  );
}

const narrow = '(max-width: 59.99rem)';

/** useNarrow tells whether there is no room for the question beside its answer. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(narrow);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(narrow).matches,
  );
}
