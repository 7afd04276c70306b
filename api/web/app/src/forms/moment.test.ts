import { expect, test } from 'vitest';
import { readClock, readMoment, writeMoment } from './moment';

test('times of day are read as people type them', () => {
  expect(['14:30', '14h30', '1430', '8.05', '805', ' 9:07 '].map(readClock)).toEqual(['14:30', '14:30', '14:30', '08:05', '08:05', '09:07']);
  expect(['24:00', '14:60', 'noon', '', '14', '14:3'].map(readClock)).toEqual(Array(6).fill(undefined));
});

test('a moment is RFC 3339 once both parts are there, and keeps what was typed before', () => {
  expect(writeMoment({ day: '2026-07-05', time: '14h30' })).toBe('2026-07-05T14:30:00+07:00');
  expect(writeMoment({ day: '', time: '' })).toBeUndefined();
  for (const typed of [{ day: '2026-07-05', time: '' }, { day: '', time: '14:3' }]) expect(readMoment(writeMoment(typed))).toEqual(typed);
});

test('a moment of the API is shown by the clock of Viet Nam', () => {
  expect(readMoment('2026-07-04T23:30:00Z')).toEqual({ day: '2026-07-05', time: '06:30' });
  expect(readMoment('2026-07-05T14:30:00+07:00')).toEqual({ day: '2026-07-05', time: '14:30' });
  expect(readMoment(undefined)).toEqual({ day: '', time: '' });
});
