import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Schemas } from '#/api/client';
import { Answered } from '#/frame/State';
import { headlines } from '#/figures/item';
import { TargetCard } from '#/figures/TargetCard';
import { Verdict } from '#/figures/Verdict';
import { useWords } from '#/language/LanguageProvider';
import { ProvinceSearch } from './ProvinceSearch';
import { Provinces } from './Provinces';
import { asks, useArea } from './questions';
import { sentences } from './sentences';
import texts from './messages';
import './public.css';

/** Public is the country at a glance: three sentences, then what they rest on. */
export function Public() {
  const search = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const { area, geography, year } = asks(search);
  const asked = useArea({ area, geography, year });
  const go = (to: Partial<typeof search>) => void navigate({ search: { ...search, ...to }, resetScroll: false });

  return (
    <div className="public">
      <Answered of={asked} height={560}>
        {(data) => <Glance data={data} area={area} />}
      </Answered>
      <ProvinceSearch
        geography={geography}
        onChoose={(chosen) => {
          go({ area: chosen });
          toTop();
        }}
      />
      {asked.data && <Targets data={asked.data} geography={geography} />}
      {/* What is below the first screen is asked for once that screen is there. */}
      {asked.data && (
        <div className="map-and-words">
          <Provinces
            geography={geography}
            area={area}
            year={year}
            onArea={(chosen) => {
              go({ area: chosen });
              toTop();
            }}
            onGeography={(geo, chosen) => go({ geo: geo === '34' ? undefined : geo, area: chosen === 'VN' ? undefined : chosen })}
          />
          <Meanings />
        </div>
      )}
    </div>
  );
}

/** What was chosen is told at the top: whoever hears the page or goes on by keyboard is led there, too. */
function toTop(): void {
  document.getElementById('main')?.focus();
  scrollTo(0, 0);
}

/** Glance answers before any chart. */
function Glance({ data, area }: { data: Schemas['IndicatorAttainment']; area: string }) {
  const search = useSearch({ from: '/' });
  const words = useWords();
  const { text, name, day } = words;
  const sentence = sentences(words);
  const shown = headlines(data.items);
  const deaths = data.items.find((i) => i.definition.id === 'deaths_count');
  const first = shown[0];
  const year = String(data.year);
  return (
    <div className="glance">
      <h1>{area === 'VN' || !first ? text(texts.title, { year }) : text(texts.titleOf, { year, name: name(first.area.name) })}</h1>
      <ul className="sentences">
        {shown.map((item) => (
          <li key={item.target.id} data-target={item.target.id}>
            <Verdict verdict={item.verdict} />
            <p>{sentence(item, deaths)}</p>
          </li>
        ))}
      </ul>
      {first?.current.as_of && <p className="quiet dated">{text(texts.closed, { year, day: day(first.current.as_of) })}</p>}
      {area !== 'VN' && (
        <Link to="/" search={{ ...search, area: undefined }} className="aksel-link back">{text(texts.wholeCountry)}</Link>
      )}
    </div>
  );
}

function Targets({ data, geography }: { data: Schemas['IndicatorAttainment']; geography: '34' | '63' }) {
  const { text } = useWords();
  return (
    <section className="stack" aria-labelledby="targets">
      <h2 id="targets">{text(texts.targets)}</h2>
      <p className="hint">{text(texts.targetsWhy)}</p>
      <div className="target-cards">
        {headlines(data.items).map((item) => (
          <TargetCard key={item.target.id} item={item} points={data.coverage_points} geography={geography} view="closed" />
        ))}
      </div>
    </section>
  );
}

function Meanings() {
  const { text } = useWords();
  const words = [
    [texts.wordAccident, texts.wordAccidentIs],
    [texts.wordExamined, texts.wordExaminedIs],
    [texts.wordMonitored, texts.wordMonitoredIs],
    [texts.wordNoise, texts.wordNoiseIs],
    [texts.wordCoverage, texts.wordCoverageIs],
  ] as const;
  return (
    <section className="stack meaning" aria-labelledby="words">
      <h2 id="words">{text(texts.words)}</h2>
      <dl className="meanings">
        {words.map(([word, is]) => (
          <div key={word.vi}>
            <dt>{text(word)}</dt>
            <dd>{text(is)}</dd>
          </div>
        ))}
      </dl>
      <p><Link to="/dictionary" className="aksel-link">{text(texts.dictionary)}</Link></p>
    </section>
  );
}
