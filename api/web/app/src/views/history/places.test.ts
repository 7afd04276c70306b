import { expect, it } from 'vitest';
import type { Field } from '#/api/dictionary';
import { asField, stepsTo } from './places';

const field = (kind: string | undefined, pointer: string) => ({ kind, pointer, meaning: pointer }) as unknown as Field;
const fields = [
  field(undefined, '/reason'), field('annex_xii', '/content/rows'), field('annex_xii', '/content/rows/*/women'), field('other', '/content/rows'), field('annex_xii', '/content/damage'), field('annex_xii', '/content/damage/property'),
];
const document = { content: { rows: [{ block: '1' }, { block: '1.1', code: '7', women: 2 }] } };

it('finds the field of a place', () => {
  expect(asField('/content/rows/12/women')).toBe('/content/rows/*/women');
  expect(asField('/content/victims/0/injuries/3')).toBe('/content/victims/*/injuries/*');
  expect(asField('/content/2025')).toBe('/content/*');
});

it('names each step, and a row by its own number', () => {
  expect(stepsTo('/content/rows/1/women', 'annex_xii', fields, document)).toEqual([
    { field: fields[1], name: 'rows', nth: 2, row: '1.1 – 7' },
    { field: fields[2], name: 'women' },
  ]);
  expect(stepsTo('/content/rows/0', 'annex_xii', fields, document)).toEqual([{ field: fields[1], name: 'rows', nth: 1, row: '1' }]);
  expect(stepsTo('/content/damage/property', 'annex_xii', fields, document).map((s) => s.field?.pointer)).toEqual(['/content/damage', '/content/damage/property']);
});

it('keeps the name of what the dictionary does not know, and the number of what is not there', () => {
  expect(stepsTo('/content/strange/4', 'annex_xii', fields, document)).toEqual([{ field: undefined, name: 'strange', nth: 5, row: undefined }]);
  expect(stepsTo('/reason', 'annex_xii', fields, document)).toEqual([{ field: fields[0], name: 'reason' }]);
});
