import { describe, expect, test } from 'vitest';
import { emptyOf, formOf, keptGroups, patternOf, type Field } from './tree';

const field = (pointer: string, type: Field['type'], more: Partial<Field> = {}): Field => ({
  pointer: `/content${pointer}`, type, meaning_vi: pointer, meaning: pointer, required: false, private: false, computed: false, columns: [], source: '', status: 'V', ...more,
});

const lists = new Set(['provinces', 'factors', 'causes']);

describe('formOf', () => {
  test('makes one choice of an object that is nothing but a code and its list', () => {
    const [place] = formOf([field('/place', 'object', { required: true }), field('/place/list', 'text'), field('/place/code', 'text', { code_lists: ['provinces'] })], lists);
    expect(place).toMatchObject({ is: 'leaf', control: 'pair', pointer: '/content/place', list: 'provinces', listMember: 'list', required: true });
  });

  test('puts the choice of a code before what else an element says', () => {
    const [rows] = formOf(
      [field('/rows', 'list'), field('/rows/*/list', 'text'), field('/rows/*/code', 'text', { code_lists: ['factors'] }), field('/rows/*/victims', 'number')],
      lists,
    );
    expect(rows).toMatchObject({ is: 'list', children: [{ control: 'pair', pointer: '/content/rows/*' }, { control: 'whole', pointer: '/content/rows/*/victims' }] });
  });

  test('leaves out what the platform computes', () => {
    expect(formOf([field('/age', 'text', { computed: true })], lists)).toEqual([]);
  });

  test('types a code of a list that is not served', () => {
    expect(formOf([field('/job', 'text', { code_lists: ['occupations'], max_length: 10 })], lists)).toMatchObject([{ control: 'text' }]);
    expect(formOf([field('/cause', 'text', { code_lists: ['causes'] })], lists)).toMatchObject([{ control: 'code', list: 'causes' }]);
  });
});

test('a report begins with the groups that have to be there, and only these stay when empty', () => {
  const nodes = formOf(
    [field('/a', 'object', { required: true }), field('/a/n', 'number'), field('/b', 'object'), field('/b/n', 'number'), field('/l', 'list'), field('/l/*/n', 'number')],
    lists,
  );
  expect(emptyOf(nodes)).toEqual({ a: {} });
  expect(keptGroups(nodes)).toEqual(new Set(['/content', '/content/a', '/content/l', '/content/l/*']));
});

test('patternOf writes pointers as the dictionary does', () => {
  expect(patternOf('/content/victims/12/injuries/0')).toBe('/content/victims/*/injuries/*');
});
