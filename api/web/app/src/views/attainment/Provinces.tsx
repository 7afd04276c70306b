import { Select } from '@navikt/ds-react';
import { Answered } from '#/frame/State';
import type { Geography } from '#/figures/geography';
import type { Item } from '#/figures/item';
import { ProvinceMap } from '#/figures/ProvinceMap';
import { useVerdictTiles } from '#/figures/verdictTiles';
import { useWords } from '#/language/LanguageProvider';
import { useProvinces } from './questions';
import { Ranking } from './Ranking';
import texts from './messages';

/** Provinces sets every province against one target: where they are, and who is farthest from it. */
export function Provinces({ heads, target, geography, view, mixed, wall, area, setTarget, setArea }: {
  /** The targets of the plan, as the board has them. */
  heads: Item[];
  target: string | undefined;
  geography: Geography;
  view: 'live' | 'closed';
  /** Whether only some provinces may be watched live. */
  mixed: boolean;
  /** Whether this is a wall screen, where nothing is chosen. */
  wall: boolean;
  area: string;
  setTarget: (target: string) => void;
  setArea: (area: string) => void;
}) {
  const { text, name } = useWords();
  const tilesOf = useVerdictTiles();
  const head = heads.find((h) => h.target.id === target) ?? heads[0]!;
  const provinces = useProvinces(
    { target: head.target.id, definition: head.definition.id, year: head.year, geography, view: view === 'live' && mixed ? undefined : view },
    view === 'live',
  );
  return (
    <section className="stack" aria-labelledby="provinces">
      <h2 id="provinces">{text(texts.provinces)}</h2>
      {wall && <p>{name(head.target.name)}</p>}
      {!wall && heads.length > 1 && (
        <div className="target-choice">
          <Select label={text(texts.targetLabel)} value={head.target.id} onChange={(event) => setTarget(event.target.value)}>
            {heads.map((h) => (
              <option key={h.target.id} value={h.target.id}>{name(h.target.name)}</option>
            ))}
          </Select>
        </div>
      )}
      <Answered of={provinces} height={900}>
        {(data) => {
          const items = data.items.filter((i) => i.area.level !== 'nation' && (i.path?.kind === undefined || i.path.kind === head.path?.kind));
          const real = items.filter((i) => i.area.level === 'province');
          const met = real.filter((i) => i.verdict === 'met').length;
          const missed = real.filter((i) => i.verdict === 'not_met').length;
          const { values, legend } = tilesOf(real);
          return (
            <>
              <p>{text(texts.provincesAnswer, { met, of: real.length, open: real.length - met - missed })} {!wall && text(texts.farthestFirst)}</p>
              {view === 'live' && mixed && <p className="quiet">{text(texts.mixed)}</p>}
              <div className="map-and-list">
                {geography !== 'reported' && (
                  <ProvinceMap
                    list={geography}
                    values={values}
                    legend={legend}
                    label={text(texts.mapLabel, { target: name(head.target.name), year: String(data.year) })}
                    chosen={area.startsWith(`${geography}:`) ? area.slice(3) : undefined}
                    onChoose={(code) => setArea(`${geography}:${code}`)}
                  />
                )}
                <Ranking items={items} chosen={area} />
              </div>
            </>
          );
        }}
      </Answered>
    </section>
  );
}
