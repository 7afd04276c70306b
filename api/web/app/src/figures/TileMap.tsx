import { useRef, useState, type KeyboardEvent } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { Legend, type LegendEntry } from './Legend';
import { columns, neighbour, type Direction } from './tilegrid';
import { islands, tiles, type ProvinceList } from './tiles';
import texts from './messages';
import './tilemap.css';

/** What a province's tile shows: a number, and a status or a step of the ramp. */
export interface TileValue {
  /** Stands below the abbreviation. */
  text: string;
  /** Stands before the text, for what a colour alone may not say. */
  glyph?: string;
  /** met, not_met, not_assessable or hidden: the colour of a verdict. */
  status?: 'met' | 'not_met' | 'not_assessable' | 'hidden';
  /** 1 to 5: the class of a number (tilegrid.rampStep). */
  ramp?: 1 | 2 | 3 | 4 | 5;
  /** The tile in words, after the province's name: "Không đạt, 59 vụ". */
  words: string;
  /** The province's name; the Vietnamese one by default. */
  name?: string;
}

const arrows: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

/**
 * TileMap shows the provinces as tiles of one size, about where they lie: a small province is seen as
 * well as a large one. One stop of the tab key, arrow keys within, Enter opens.
 */
export function TileMap({ list, values, legend, label, chosen, onChoose }: {
  list: ProvinceList;
  values: Record<string, TileValue | undefined>;
  legend: LegendEntry[];
  /** What the map shows, for who cannot see it. */
  label: string;
  chosen?: string;
  onChoose: (code: string) => void;
}) {
  const { text } = useWords();
  const first = tiles[list][0]!.code;
  const [at, setAt] = useState<string>();
  const known = (code: string | undefined) => tiles[list].some((t) => t.code === code);
  const stop = [at, chosen].find(known) ?? first;
  const buttons = useRef(new Map<string, HTMLButtonElement>());

  const move = (event: KeyboardEvent) => {
    const direction = arrows[event.key];
    if (!direction) return;
    event.preventDefault();
    const next = neighbour(list, stop, direction);
    setAt(next);
    buttons.current.get(next)?.focus();
  };

  return (
    <div className={`tilemap of-${list}`}>
      <div className="tiles" role="group" aria-label={`${label}. ${text(texts.tileKeys)}`} style={{ gridTemplateColumns: `repeat(${columns(list)}, minmax(0, var(--tile)))` }}>
        {tiles[list].map((t) => {
          const value = values[t.code];
          const colour = value?.status ?? (value?.ramp ? `ramp-${value.ramp}` : 'empty');
          return (
            <button
              key={t.code}
              ref={(element) => {
                if (element) buttons.current.set(t.code, element);
                else buttons.current.delete(t.code);
              }}
              type="button"
              className={`tile ${colour}`}
              style={{ gridColumn: t.col + 1, gridRow: t.row + 1 }}
              tabIndex={t.code === stop ? 0 : -1}
              aria-current={t.code === chosen ? 'true' : undefined}
              title={value?.name ?? t.name}
              onKeyDown={move}
              onFocus={() => setAt(t.code)}
              onClick={() => onChoose(t.code)}
            >
              <span className="visually-hidden">{`${value?.name ?? t.name}: ${value?.words ?? text(texts.noFigure)}`}</span>
              <span className="abbr" aria-hidden>{t.abbr}</span>
              <span className="what" aria-hidden>
                {value?.glyph && <span className="glyph">{value.glyph}</span>}
                {value?.text ?? '–'}
              </span>
            </button>
          );
        })}
        {islands[list].map((i) => (
          <span key={i.name} className="island" style={{ gridColumn: i.col + 1, gridRow: i.row + 1 }}>
            {i.name}
            <span className="visually-hidden"> ({i.of})</span>
          </span>
        ))}
      </div>
      <Legend legend={legend} />
    </div>
  );
}
