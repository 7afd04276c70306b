import '@navikt/ds-css/dist/component/togglegroup.css';
import { ToggleGroup } from '@navikt/ds-react';
import { useState } from 'react';
import { Answered } from '#/frame/State';
import { GeographySwitch } from '#/figures/GeographySwitch';
import type { Geography } from '#/figures/geography';
import { TileMap } from '#/figures/TileMap';
import type { ProvinceList } from '#/figures/tiles';
import { useVerdictTiles } from '#/figures/verdictTiles';
import { useWords } from '#/language/LanguageProvider';
import { useProvinces, type DirectiveTarget } from './questions';
import texts from './messages';

const names = { 'D31-1': texts.accidents, 'D31-2': texts.examinations, 'D31-3': texts.monitoring } as const;

/** Provinces shows for one target at a time which provinces met it. */
export function Provinces({ geography, area, year, onArea, onGeography }: {
  geography: ProvinceList;
  area: string;
  year: number | undefined;
  onArea: (area: string) => void;
  onGeography: (geography: Geography, area: string) => void;
}) {
  const { text } = useWords();
  const [target, setTarget] = useState<DirectiveTarget>('D31-1');
  const provinces = useProvinces(target, geography, year);
  const tilesOf = useVerdictTiles();

  return (
    <section className="stack" aria-labelledby="map">
      <h2 id="map">{text(texts.map)}</h2>
      <div className="map-controls">
        <ToggleGroup label={text(texts.mapOf)} value={target} onChange={(v) => setTarget(v as DirectiveTarget)}>
          {(Object.keys(names) as DirectiveTarget[]).map((id) => (
            <ToggleGroup.Item key={id} value={id}>{text(names[id])}</ToggleGroup.Item>
          ))}
        </ToggleGroup>
        <GeographySwitch value={geography} area={area} onChange={onGeography} />
      </div>
      <Answered of={provinces} height={790}>
        {(data) => {
          const items = data.items.filter((i) => i.area.level === 'province');
          const met = items.filter((i) => i.verdict === 'met').length;
          const open = items.filter((i) => i.verdict !== 'met' && i.verdict !== 'not_met').length;
          const { values, legend } = tilesOf(items);
          return (
            <>
              <p>{text(texts.mapAnswer, { met, of: items.length, open, year: String(data.year) })} <span className="hint">{text(texts.tileHint)}</span></p>
              <TileMap
                list={geography}
                values={values}
                legend={legend}
                label={text(texts.mapLabel, { target: text(names[target]), year: String(data.year) })}
                chosen={area.startsWith(`${geography}:`) ? area.slice(3) : undefined}
                onChoose={(code) => onArea(`${geography}:${code}`)}
              />
            </>
          );
        }}
      </Answered>
    </section>
  );
}
