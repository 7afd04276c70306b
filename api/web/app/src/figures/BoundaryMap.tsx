import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Boundaries } from '#/api/boundaries';
import { useWords } from '#/language/LanguageProvider';
import { middleOf, pathOf, projection } from './projection';
import type { TileValue } from './TileMap';
import texts from './boundaryMessages';
import './boundarymap.css';

/** The archipelagos, about where they lie; they are named, whatever the operator's file has of them. */
const archipelagos = [
  { text: texts.hoangSa, of: '48', at: [112, 16.5] },
  { text: texts.truongSa, of: '56', at: [114, 9.5] },
];

const width = 480;
const next: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * BoundaryMap shows provinces by the boundaries that the operator supplied. One stop of the tab key,
 * arrow keys go from north to south, Enter opens.
 */
export function BoundaryMap({ boundaries, values, label, chosen, onChoose }: {
  boundaries: Boundaries;
  values: Record<string, TileValue | undefined>;
  label: string;
  chosen?: string;
  onChoose: (code: string) => void;
}) {
  const { text, name } = useWords();
  const map = useMemo(() => draw(boundaries), [boundaries]);
  const [at, setAt] = useState<string>();
  const stop = [at, chosen].find((code) => map.units.some((u) => u.code === code)) ?? map.units[0]?.code;
  const shapes = useRef(new Map<string, SVGGElement>());
  const keys = (event: KeyboardEvent, code: string) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onChoose(code);
    }
    const step = next[event.key];
    if (!step) return;
    event.preventDefault();
    const i = map.units.findIndex((u) => u.code === code) + step;
    const to = map.units[Math.min(Math.max(i, 0), map.units.length - 1)]!.code;
    setAt(to);
    shapes.current.get(to)?.focus();
  };
  return (
    <svg className="boundarymap" viewBox={`-4 -4 ${map.width + 8} ${map.height + 8}`} role="group" aria-label={`${label}. ${text(texts.keys)}`}>
      {map.units.map((u) => {
        const value = values[u.code];
        return (
          <g
            key={u.code}
            ref={(element) => {
              if (element) shapes.current.set(u.code, element);
              else shapes.current.delete(u.code);
            }}
            role="button"
            tabIndex={u.code === stop ? 0 : -1}
            aria-label={`${name(u)}: ${value?.words ?? text(texts.noFigure)}`}
            aria-current={u.code === chosen ? 'true' : undefined}
            className={`unit ${value?.status ?? (value?.ramp ? `ramp-${value.ramp}` : 'empty')}`}
            onClick={() => onChoose(u.code)}
            onFocus={() => setAt(u.code)}
            onKeyDown={(event) => keys(event, u.code)}
          >
            <title>{`${name(u)}: ${value?.words ?? text(texts.noFigure)}`}</title>
            <path d={u.path} />
            <text x={u.middle[0]} y={u.middle[1]}>{value?.glyph ?? ''}</text>
          </g>
        );
      })}
      {archipelagos.map((a) => {
        const [x, y] = map.place(a.at);
        return (
          <text key={a.of} className="archipelago" x={x} y={y}>
            {text(a.text)}
            <tspan className="of" x={x} dy="1.2em">({name(map.units.find((u) => u.code === a.of))})</tspan>
          </text>
        );
      })}
    </svg>
  );
}

/** draw makes paths of the boundaries, from north to south. The picture reaches to the archipelagos. */
function draw(boundaries: Boundaries) {
  const polygons = boundaries.features.map((f) => f.geometry.coordinates);
  const flat = projection([...polygons, [[archipelagos.map((a) => [a.at[0]! + 2, a.at[1]! - 0.8])]]], width);
  const units = boundaries.features
    .map((f) => ({ ...f.properties, path: pathOf(f.geometry.coordinates, flat), middle: middleOf(f.geometry.coordinates, flat) }))
    .sort((a, b) => a.middle[1] - b.middle[1]);
  return { ...flat, units };
}
