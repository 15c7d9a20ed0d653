import fc from 'fast-check';
import { expect, test } from 'vitest';
import { knownName } from '../fixtures/known-name.ts';
import { parseQuery } from './parse-query.ts';
import { suggest } from './suggest.ts';
import type { KnownName } from './vocabulary.ts';

const NAMES: readonly KnownName[] = [
  knownName('person', 'Anna'),
  knownName('person', 'Ben Miller'),
  knownName('thing', 'dog'),
  knownName('thing', 'wine glass'),
  knownName('place', 'Zürich', ['Switzerland']),
  knownName('album', 'Best of 2023'),
  knownName('camera', 'Canon EOS R6'),
];
const options = { today: '2024-05-31', people: ['Anna', 'Ben Miller'], albums: ['Best of 2023'] };
/** The search once the first suggestion is taken. */
const take = (text: string, at = text.length): string | undefined => {
  const [first] = suggest(text, at, NAMES, 8);
  return first === undefined
    ? undefined
    : text.slice(0, first.offset) + first.text + text.slice(first.offset + first.length);
};

test.each([
  ['do', 'thing:dog'],
  ['beach ann', 'beach person:Anna'],
  ['beach -do', 'beach -thing:dog'],
  ['ben mil', 'person:"Ben Miller"'],
  ['mil', 'person:"Ben Miller"'],
  ['(zur', '(place:Zürich'],
  ['swit', 'place:Zürich'],
  ['place:zu', 'place:Zürich'],
  ['in:"zü', 'place:Zürich'],
  ['who:b', 'person:"Ben Miller"'],
  ['is:fa', 'is:favourite'],
  ['sort:o', 'sort:oldest'],
  ['colour:re', 'color:red'],
  ['when:last s', 'when:last smiling'],
  ['date:"last s', 'date:"last summer"'],
  ['"do', undefined],
  ['xyzzy', undefined],
])('%s becomes %s', (text, taken) => {
  expect(take(text)).toBe(taken);
});

test('what stands behind stays', () => {
  expect(take('do beach', 2)).toBe('thing:dog beach');
});

test('where nothing is written some of each kind are proposed', () => {
  const kinds = suggest('dogs ', 5, NAMES, 20).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['person', 'thing', 'place', 'album', 'word', 'date']));
});

test('whatever is proposed lies in the text and is understood', () => {
  const piece = fc.constantFrom(
    'do',
    'ann',
    ' ',
    '"',
    '(',
    '-',
    'is:',
    'place:',
    'x',
    ':',
    ' or ',
    'b',
    'rating:',
    'last',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(30), (pieces, end) => {
      const text = pieces.join('');
      const at = Math.min(end, text.length);
      for (const { offset, length, text: written, kind } of suggest(text, at, NAMES, 8)) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(text.length);
        expect(offset + length).toBe(at);
        // A key is nothing yet without its value.
        const whole = kind === 'key' ? 'rating:1' : written;
        expect(parseQuery(whole, options)).not.toEqual({});
      }
    }),
    { numRuns: 500 },
  );
});
