import { describe, expect, it } from 'vitest';
import type { Schemas } from '#/api/client';
import { ask, moveArea, movesBy, type Definition } from './question';

const measure = (id: string, dimensions: string[]) => ({ id, dimensions }) as Definition;
const measures = [measure('A3', ['province', 'sex']), measure('N4', ['province', 'cause', 'month'])];

describe('what an address leaves open', () => {
  it('asks of ten years up to the last closed one', () => {
    expect(ask({}, measures, 2025)).toMatchObject({ measure: 'N4', from: 2016, to: 2025, geo: '34', form: 'series', period: 'year', by: undefined, table: false });
  });
  it('drops a split that the measure does not have', () => {
    expect(ask({ measure: 'A3', by: 'cause' }, measures, 2025)?.by).toBeUndefined();
    expect(ask({ measure: 'N4', by: 'cause' }, measures, 2025)?.by).toBe('cause');
  });
  it('turns years the right way round', () => {
    expect(ask({ from: 2024, to: 2019 }, measures, 2025)).toMatchObject({ from: 2019, to: 2024 });
    expect(ask({ from: 2026 }, measures, 2025)).toMatchObject({ from: 2026, to: 2026 });
  });
  it('knows no measure that is not in the catalogue', () => {
    expect(ask({ measure: 'X9' }, measures, 2025)).toBeUndefined();
  });
  it('asks for an earlier moment of live figures only', () => {
    expect(ask({ as_of: '2026-01-01T00:00:00+07:00', view: 'closed' }, measures, 2025)?.view).toBe('live');
  });
  it('sets provinces beside each other, and within one its industries', () => {
    expect(movesBy(ask({ form: 'movers' }, measures, 2025)!)).toBe('province');
    expect(movesBy(ask({ form: 'movers', area: '34:01' }, measures, 2025)!)).toBe('vsic');
  });
});

describe('a place on another list', () => {
  const code = (list: string, id: string, parent?: string) => ({ list, code: id, parent }) as Schemas['Code'];
  const provinces = [code('34', '31'), code('63', '30', '34:31'), code('63', '31', '34:31'), code('63', '01', '34:01'), code('34', '01')];
  it('becomes its successor', () => {
    expect(moveArea('63:30', '34', provinces)).toEqual({ area: '34:31', others: [] });
  });
  it('becomes the part of the same code, and the others are told', () => {
    expect(moveArea('34:31', '63', provinces)).toEqual({ area: '63:31', others: [provinces[1]] });
  });
  it('stays where both lists are', () => {
    expect(moveArea('63:30', 'reported', provinces).area).toBe('63:30');
  });
});
