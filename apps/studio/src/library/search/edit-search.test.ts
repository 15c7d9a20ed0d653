import { expect, it } from 'vitest';
import type { SearchPart } from '../api/types.ts';
import { toChip, withChip, withoutParts, withSort } from './edit-search.ts';

const part = (offset: number, length: number, kind = 'thing'): SearchPart => ({
  offset,
  length,
  kind,
  chip: '',
  label: '',
});

it('writes chips that are read again', () => {
  expect(toChip('thing', 'dog')).toBe('thing:dog');
  expect(toChip('camera', 'Pixel 7')).toBe('camera:"Pixel 7"');
  expect(toChip('person', 'A "B" \\')).toBe('person:"A \\"B\\" \\\\"');
});

it('adds to a search, all of which still has to fit', () => {
  expect(withChip('', [], 'thing:dog')).toBe('thing:dog');
  expect(withChip('dogs', [part(0, 4)], 'is:favourite')).toBe('dogs is:favourite');
  expect(withChip('a or b', [part(0, 6, 'or')], 'thing:dog')).toBe('(a or b) thing:dog');
});

it('takes parts out and leaves the others as they were written', () => {
  const search = 'dogs and  last summer -car';
  const parts = [part(0, 4), part(10, 11, 'date'), part(22, 4, 'not')];
  expect(withoutParts(search, parts, ({ kind }) => kind === 'date')).toBe('dogs -car');
  expect(withoutParts(search, parts, () => true)).toBe('');
});

it('has one order at a time', () => {
  const sorted = 'dogs sort:size';
  const parts = [part(0, 4), part(5, 9, 'sort')];
  expect(withSort(sorted, parts, 'rating')).toBe('dogs sort:rating');
  expect(withSort(sorted, parts, 'newest')).toBe('dogs');
  expect(withSort('', [], 'oldest')).toBe('sort:oldest');
});
