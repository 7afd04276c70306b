import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settling } from './live';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a change has figures asked for twice: the first answer may be the one before', () => {
  const ask = vi.fn();
  settling(ask).moved();
  expect(ask).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  expect(ask).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('a store that changes every second is not asked more often', () => {
  const ask = vi.fn();
  const figures = settling(ask);
  for (let second = 0; second < 20; second++) {
    figures.moved();
    vi.advanceTimersByTime(1_000);
  }
  expect(ask.mock.calls.length).toBeLessThanOrEqual(8);
  // The last change is not forgotten.
  const before = ask.mock.calls.length;
  vi.advanceTimersByTime(60_000);
  expect(ask.mock.calls.length).toBeGreaterThan(before);
});

test('nothing is asked after the end', () => {
  const ask = vi.fn();
  const figures = settling(ask);
  figures.moved();
  figures.stop();
  vi.advanceTimersByTime(60_000);
  expect(ask).not.toHaveBeenCalled();
});
