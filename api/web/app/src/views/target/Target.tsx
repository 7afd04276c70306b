import '@navikt/ds-css/dist/component/togglegroup.css';
import { Alert, ToggleGroup } from '@navikt/ds-react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '#/api/client';
import { useMe } from '#/api/me';
import { Answered } from '#/frame/State';
import { AreaSelect } from '#/figures/AreaSelect';
import { Bullet } from '#/figures/Bullet';
import { CoverageStrip } from '#/figures/CoverageStrip';
import { mayWatch } from '#/figures/entitled';
import { Flags } from '#/figures/Flags';
import { headlines, type Item } from '#/figures/item';
import { PathChart } from '#/figures/PathChart';
import { StillNeeded } from '#/figures/StillNeeded';
import { Verdict } from '#/figures/Verdict';
import { YearSelect } from '#/figures/YearSelect';
import { useWords } from '#/language/LanguageProvider';
import { Definitions } from './Definitions';
import { Evidence } from './Evidence';
import { Explanation } from './Explanation';
import { asks, useTarget } from './questions';
import texts from './messages';
import './target.css';

/** Target is one target of one area: the verdict and everything that it rests on. */
export function Target() {
  const { id } = useParams({ from: '/targets/$id' });
  const search = useSearch({ from: '/targets/$id' });
  const navigate = useNavigate({ from: '/targets/$id' });
  const { text } = useWords();
  const me = useMe();

  const asked = asks(search, me.data);
  const { area } = asked;
  const watch = mayWatch(me.data, area);
  const target = useTarget(id, asked, !me.isPending);
  const set = (to: Partial<typeof search>) => void navigate({ search: { ...search, ...to }, resetScroll: false });

  return (
    <div className="target-view">
      <Link to="/attainment" search={{ area: search.area, geo: search.geo, year: search.year, view: search.view }} className="aksel-link">{text(texts.back)}</Link>
      <Answered of={target} height={900}>
        {(data) => {
          const head = headlines(data.items)[0];
          if (!head) return <Alert variant="info">{text(texts.noTarget, { id })}</Alert>;
          return (
            <>
              <div className="target-top">
                <div className="stack">
                  <Verdicts data={data} head={head} />
                  <div className="row target-choices">
                    <AreaSelect geography={asked.geography} value={area} onChange={(chosen) => set({ area: chosen })} />
                    <YearSelect value={data.year} live={watch} onChange={(year) => set({ year })} />
                  </div>
                </div>
                <Paths items={data.items} head={head} />
              </div>
              <Definitions items={data.items.filter((i) => head.rule !== 'yearly_change' || i.path?.kind === 'yearly')} head={head} />
              <div className="beside">
                <Evidence item={head} points={data.coverage_points} />
                {head.definition.indicator && <Explanation key={`${area} ${data.year}`} indicator={head.definition.indicator} asked={asked} year={data.year} />}
              </div>
            </>
          );
        }}
      </Answered>
    </div>
  );
}

function Verdicts({ data, head }: { data: Schemas['IndicatorAttainment']; head: Item }) {
  const { text, name, moment } = useWords();
  return (
    <div className="stack">
      <h1>{name(head.target.name)}</h1>
      <p className="answer">
        {text(texts.answer, { area: name(head.area.name), year: String(data.year) })} <Verdict verdict={head.verdict} />
      </p>
      {head.reason && <p>{name(head.reason)}</p>}
      <StillNeeded item={head} />
      <Bullet item={head} />
      <Flags item={head} points={data.coverage_points} />
      <CoverageStrip coverage={head.coverage} />
      <p className="quiet">
        {head.current.as_of && text(texts.asOf, { time: moment(head.current.as_of) })} {head.retrospective && text(texts.retrospective)}
      </p>
    </div>
  );
}

/** Paths shows the years under the leading definition, on each path that the text may mean. */
function Paths({ items, head }: { items: Item[]; head: Item }) {
  const { text } = useWords();
  const paths = items.filter((i) => i.definition.id === head.definition.id && i.path !== null && i.path.steps.length > 0);
  const [kind, setKind] = useState<string>();
  const shown = paths.find((p) => p.path?.kind === kind) ?? paths[0];
  if (!shown) return null;
  return (
    <section className="stack" aria-labelledby="path">
      <h2 id="path">{text(texts.path)}</h2>
      {paths.length > 1 && (
        <ToggleGroup label={text(texts.pathKind)} value={shown.path?.kind ?? ''} onChange={setKind}>
          {paths.map((p) => (
            <ToggleGroup.Item key={p.path!.kind} value={p.path!.kind}>{text(texts[p.path!.kind], { year: String(p.path!.base_year) })}</ToggleGroup.Item>
          ))}
        </ToggleGroup>
      )}
      <PathChart item={shown} />
    </section>
  );
}
