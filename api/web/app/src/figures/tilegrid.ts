import { islands, tiles, type ProvinceList, type Tile } from './tiles';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** How far two tiles stand apart in a direction, and aside of it; undefined if the other is not that way. */
function away(from: Tile, to: Tile, direction: Direction): number | undefined {
  const ahead = { left: from.col - to.col, right: to.col - from.col, up: from.row - to.row, down: to.row - from.row }[direction];
  if (ahead <= 0) return undefined;
  const aside = direction === 'left' || direction === 'right' ? Math.abs(to.row - from.row) : Math.abs(to.col - from.col);
  // Straight on before askew: a tile aside counts as if it were farther away.
  return ahead + 2.5 * aside;
}

/** neighbour is the tile that an arrow key leads to; the same one at the edge of the country. */
export function neighbour(list: ProvinceList, code: string, direction: Direction): string {
  const from = tiles[list].find((t) => t.code === code);
  if (!from) return tiles[list][0]!.code;
  let best: Tile = from;
  let least = Infinity;
  for (const to of tiles[list]) {
    const far = away(from, to, direction);
    if (far !== undefined && far < least) [best, least] = [to, far];
  }
  return best.code;
}

/** How many columns the tiles and the archipelagos of a list take. */
export const columns = (list: ProvinceList): number => 1 + Math.max(...tiles[list].map((t) => t.col), ...islands[list].map((i) => i.col));

/** rampStep is the colour of a number among class limits, 1 to 5. Limits are given by the view and stay over the years. */
export function rampStep(value: number, limits: readonly [number, number, number, number]): 1 | 2 | 3 | 4 | 5 {
  const step = limits.filter((l) => value >= l).length + 1;
  return step as 1 | 2 | 3 | 4 | 5;
}
