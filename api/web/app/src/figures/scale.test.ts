import { expect, it } from 'vitest';
import { scaled } from './scale';

it('keeps every value within the line, in order', () => {
  const x = scaled([48, 62, null, 59.52], 10, 310);
  expect(x(48)).toBeGreaterThan(10);
  expect(x(62)).toBeLessThan(310);
  expect(x(48)).toBeLessThan(x(59.52));
});

it('has a middle when all values are the same, zero too', () => {
  expect(scaled([7, 7], 0, 100)(7)).toBe(50);
  expect(scaled([0], 0, 100)(0)).toBe(50);
});
