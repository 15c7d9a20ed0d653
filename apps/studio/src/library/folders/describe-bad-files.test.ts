import { expect, it } from 'vitest';
import { describeBadFiles } from './describe-bad-files.ts';

it('tells what is in the library, and damaged, from what is not', () => {
  expect(describeBadFiles(undefined)).toBe('');
  expect(describeBadFiles({ damaged: 0, bad: 0 })).toBe('');
  expect(describeBadFiles({ damaged: 0, bad: 1 })).toBe('One file could not be read');
  expect(describeBadFiles({ damaged: 1, bad: 0 })).toBe('One item is damaged');
  expect(describeBadFiles({ damaged: 1, bad: 1 })).toBe('One item is damaged, one file could not be read');
  expect(describeBadFiles({ damaged: 2, bad: 3 })).toBe('2 items are damaged, 3 files could not be read');
});
