import { describe, expect, it } from 'vitest';
import { classesOf } from './classes';
import { apart, placeBeside, strong } from './options';
import { captioned, wrapped } from './picture';
import type { Line } from './values';

const line = (member: string, value: number | null) => ({ member, label: member, points: [{ figure: { value } }] }) as unknown as Line;

describe('lines', () => {
  it('colours eight at most, the largest', () => {
    const lines = Array.from({ length: 12 }, (_, i) => line(`m${i}`, i));
    expect([...strong(lines, undefined).keys()]).toEqual(['m11', 'm10', 'm9', 'm8', 'm7', 'm6', 'm5', 'm4']);
  });
  it('colours the one that was asked for', () => {
    expect([...strong([line('a', 1), line('b', 2)], 'a').keys()]).toEqual(['a']);
    expect(strong([line('a', 1), line('b', null)], 'gone').size).toBe(2);
  });
  it('moves names apart and keeps them above the bottom', () => {
    const placed = apart([{ y: 100, height: 20 }, { y: 98, height: 36 }, { y: 190, height: 20 }], 200).map((p) => p.y);
    expect(placed).toEqual([98, 126, 190]);
    expect(apart([{ y: 199, height: 36 }, { y: 200, height: 36 }], 200).map((p) => p.y)).toEqual([164, 200]);
  });
});

describe('names beside dots', () => {
  const area = { x: 0, y: 0, width: 200, height: 100 };
  const size = { width: 60, height: 18 };
  it('stand at the right, and at the left of what is at the edge', () => {
    expect(placeBeside({ x: 50, y: 50 }, size, area, [])).toMatchObject({ x: 60 });
    expect(placeBeside({ x: 190, y: 50 }, size, area, [])).toMatchObject({ x: 120 });
  });
  it('are left out where there is no room', () => {
    expect(placeBeside({ x: 50, y: 50 }, size, area, [{ x: 0, y: 0, width: 200, height: 100 }])).toBeUndefined();
  });
});

describe('pictures', () => {
  it('say what they show, of when and from where', () => {
    const { svg, width, height } = captioned('<circle r="5"/>', 600, 200, { title: 'A < B', answer: 'Down', notes: ['https://example.vn/trends?measure=N4&by=cause'] });
    expect(svg).toContain('A &lt; B');
    expect(svg).toContain('measure=N4&amp;by=cause');
    expect(svg).toContain('<circle r="5"/>');
    expect(width).toBe(648);
    expect(height).toBeGreaterThan(250);
  });
  it('break lines between words', () => {
    expect(wrapped('một hai ba bốn', 8)).toEqual(['một hai', 'ba bốn']);
    expect(wrapped('ở https://example.vn', 10)).toEqual(['ở', 'https://ex', 'ample.vn']);
    expect(wrapped('', 8)).toEqual([]);
  });
});

it('cuts five classes of as many provinces each', () => {
  expect(classesOf([5, 1, 4, 2, 3, 6, 7, 8, 9, 10])).toEqual([3, 5, 7, 9]);
  expect(classesOf([])).toBeUndefined();
});
