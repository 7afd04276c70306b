import { describe, expect, it } from 'vitest';
import { geographyOf, mapArea, type Province } from './geography';

const province = (list: string, code: string, name_vi: string, parent?: string): Province => ({ list, code, name_vi, name_en: name_vi, parent, source: '', status: 'S' }) as Province;
const provinces = [
  province('34', '48', 'Đà Nẵng'),
  province('34', '91', 'An Giang'),
  province('63', '48', 'Đà Nẵng', '34:48'),
  province('63', '49', 'Quảng Nam', '34:48'),
  province('63', '91', 'Kiên Giang', '34:91'),
  province('63', '89', 'An Giang', '34:91'),
];

describe('mapArea', () => {
  it('takes a former province to its successor', () => {
    expect(mapArea('63:49', '34', provinces)).toMatchObject({ area: '34:48', to: { name_vi: 'Đà Nẵng' } });
  });
  it('takes a province of today to the former one of its name, not of its code', () => {
    const mapped = mapArea('34:91', '63', provinces);
    expect(mapped.area).toBe('63:89');
    expect(mapped.parts.map((p) => p.code)).toEqual(['91', '89']);
  });
  it('leaves the nation, and what is on the list already', () => {
    expect(mapArea('VN', '63', provinces).area).toBe('VN');
    expect(mapArea('34:48', '34', provinces).area).toBe('34:48');
    expect(mapArea('34:48', 'reported', provinces).area).toBe('34:48');
  });
});

it('asks about a province on its own list, whatever else the address says', () => {
  expect(geographyOf(undefined, '63:49')).toBe('63');
  expect(geographyOf('63', '34:48')).toBe('34');
  expect(geographyOf('63', 'VN')).toBe('63');
  expect(geographyOf('reported', '34:48')).toBe('reported');
  expect(geographyOf(undefined, 'VN')).toBe('34');
});
