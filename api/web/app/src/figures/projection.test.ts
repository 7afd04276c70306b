import { expect, test } from 'vitest';
import { middleOf, pathOf, projection, type Polygons } from './projection';

const square = (west: number, south: number, size: number): Polygons => [[[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]]];

test('north is up, west is left, and the map fills its width', () => {
  const flat = projection([square(102, 8, 2), square(106, 20, 2)], 300);
  expect(flat.place([102, 22])).toEqual([0, 0]);
  expect(flat.place([108, 8])[0]).toBeCloseTo(300);
  expect(flat.place([108, 8])[1]).toBeCloseTo(flat.height);
});

test('a degree of longitude is narrower than one of latitude', () => {
  const flat = projection([square(100, 50, 10)], 100);
  const [x] = flat.place([101, 60]);
  const [, y] = flat.place([100, 59]);
  expect(x / y).toBeCloseTo(Math.cos((55 * Math.PI) / 180));
});

test('rings become one path, and its name stands in the largest polygon', () => {
  const both = [...square(102, 8, 1), ...square(104, 8, 4)];
  const flat = projection([both], 600);
  const path = pathOf(both, flat);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path.match(/Z/g)).toHaveLength(2);
  expect(middleOf(both, flat)[0]).toBeCloseTo(flat.place([106, 8])[0]);
});

test('many positions are no trouble', () => {
  const ring = Array.from({ length: 200_000 }, (_, i) => [102 + (i % 100) / 100, 8 + i / 100_000]);
  expect(projection([[[ring]]], 100).height).toBeGreaterThan(0);
});
