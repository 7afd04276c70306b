import { describe, expect, it } from 'vitest';
import { columns, neighbour, rampStep, type Direction } from './tilegrid';
import { islands, tiles, type ProvinceList } from './tiles';

const lists: ProvinceList[] = ['34', '63'];
const ways: Direction[] = ['left', 'right', 'up', 'down'];

describe.each(lists)('tiles of %s', (list) => {
  it('are as many as the list has provinces, each at a place of its own', () => {
    expect(tiles[list]).toHaveLength(Number(list));
    expect(new Set(tiles[list].map((t) => t.code)).size).toBe(Number(list));
    const places = [...tiles[list], ...islands[list]].map((t) => `${t.col},${t.row}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('are all reached by arrow keys from the first', () => {
    const reached = new Set([tiles[list][0]!.code]);
    for (const code of reached) for (const way of ways) reached.add(neighbour(list, code, way));
    expect(reached.size).toBe(Number(list));
  });
});

describe('arrow keys', () => {
  it('lead to the next tile, past a gap, and nowhere over the edge', () => {
    expect(neighbour('34', '48', 'up')).toBe('46');
    expect(neighbour('34', '96', 'down')).toBe('96');
    expect(neighbour('34', '11', 'left')).toBe('11');
  });
});

it('has room for the archipelagos', () => {
  expect(columns('34')).toBe(7);
  expect(columns('63')).toBe(9);
});

it('puts a number into the class whose limit it has reached', () => {
  const limits = [5, 10, 20, 50] as const;
  expect([0, 5, 19, 20, 50].map((n) => rampStep(n, limits))).toEqual([1, 2, 3, 4, 5]);
});
