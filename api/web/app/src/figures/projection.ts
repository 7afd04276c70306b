/** A position as GeoJSON has it: longitude, latitude. */
export type Position = number[];
export type Polygons = Position[][][];

/** Where a map lies on the picture. */
export interface Projection {
  width: number;
  height: number;
  /** The place of a position on the picture. */
  place: (position: Position) => [number, number];
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** projection lays polygons flat: degrees as they are, those of longitude narrowed as they are in the
 *  middle of the map. Over 15 degrees of latitude nobody sees the difference to an exact one. */
export function projection(all: Polygons[], width: number): Projection {
  const positions = all.flat(3);
  const [west, east] = bounds(positions.map((p) => p[0]!));
  const [south, north] = bounds(positions.map((p) => p[1]!));
  const narrow = Math.cos(radians((south + north) / 2));
  const scale = width / ((east - west) * narrow || 1);
  return {
    width,
    height: (north - south) * scale,
    place: (p) => [(p[0]! - west) * narrow * scale, (north - p[1]!) * scale],
  };
}

// Not Math.min(...all): a map has more positions than a call takes arguments.
const bounds = (all: number[]): [number, number] => all.reduce<[number, number]>(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [Infinity, -Infinity]);

/** pathOf is the d of an SVG path that polygons make, to a tenth of a pixel. */
export function pathOf(polygons: Polygons, { place }: Projection): string {
  const tenth = (n: number) => Math.round(n * 10) / 10;
  return polygons
    .flat()
    .map((ring) => `M${ring.map((p) => place(p).map(tenth).join(' ')).join('L')}Z`)
    .join('');
}

/** middleOf is where a name or a number stands: in the middle of the largest polygon's frame. */
export function middleOf(polygons: Polygons, { place }: Projection): [number, number] {
  const frames = polygons.map((rings) => {
    const placed = (rings[0] ?? []).map(place);
    const [left, right] = bounds(placed.map((p) => p[0]));
    const [top, bottom] = bounds(placed.map((p) => p[1]));
    return { x: (left + right) / 2, y: (top + bottom) / 2, size: (right - left) * (bottom - top) };
  });
  const largest = frames.reduce((a, b) => (b.size > a.size ? b : a), { x: 0, y: 0, size: -1 });
  return [largest.x, largest.y];
}
