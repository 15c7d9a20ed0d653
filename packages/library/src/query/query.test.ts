import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCondition } from '../fixtures/any-condition.ts';
import { type Chip, chipSchema, type Query, QueryError, querySchema, SORTS } from './ast.ts';
import { formatChip } from './chips.ts';
import { readDays } from './dates.ts';
import { formatQuery, parseQuery } from './parse-query.ts';
import { createThingWords } from './things.ts';

const options = { today: '2024-05-31', people: ['Anna', 'Ben Miller', 'Or'], albums: ['Best of 2023'] };
const where = (text: string) => parseQuery(text, options).where;
/** What a text is understood as, or the error that refuses it; any other error is thrown on. */
const attempt = (text: string): { readonly understood: Query; readonly refused?: QueryError } => {
  try {
    return { understood: parseQuery(text, options) };
  } catch (error) {
    if (error instanceof QueryError) return { understood: {}, refused: error };
    throw error;
  }
};
const failure = (text: string): QueryError => {
  const { refused } = attempt(text);
  if (refused === undefined) throw new Error(`Expected ${text} to be refused.`);
  return refused;
};
const thing = (label: string) => ({ kind: 'thing', label });

describe('words', () => {
  test.each([
    ['dogs', thing('dog')],
    ['Puppies', thing('dog')],
    ['traffic lights', thing('traffic light')],
    ['mobile phone', thing('cell phone')],
    ['anna', { kind: 'person', name: 'Anna' }],
    ['ben miller', { kind: 'person', name: 'Ben Miller' }],
    ['holiday', { kind: 'text', text: 'holiday' }],
    ['"dog"', { kind: 'text', text: 'dog' }],
    ['favourites', { kind: 'is', what: 'favourite' }],
    ['videos', { kind: 'type', type: 'video' }],
    ['screenshots', { kind: 'is', what: 'screenshot' }],
    ['2024', { kind: 'date', from: '2024-01-01', to: '2024-12-31' }],
    ['constructor', { kind: 'text', text: 'constructor' }],
  ])('%s', (text, chip) => {
    expect(where(text)).toEqual(chip);
  });

  test('and, or, not and parentheses', () => {
    expect(where('anna (dogs or -cats) beach')).toEqual({
      kind: 'and',
      parts: [
        { kind: 'person', name: 'Anna' },
        { kind: 'or', parts: [thing('dog'), { kind: 'not', part: thing('cat') }] },
        { kind: 'text', text: 'beach' },
      ],
    });
    expect(where('dogs and not cats')).toEqual(where('dogs -cats'));
    expect(where('dogs or cats birds')).toEqual({
      kind: 'or',
      parts: [thing('dog'), { kind: 'and', parts: [thing('cat'), thing('bird')] }],
    });
  });

  test('nothing means everything', () => {
    expect(parseQuery('  ', options)).toEqual({});
    expect(parseQuery('sort:oldest', options)).toEqual({ sort: 'oldest' });
  });

  test('all 80 names of things are known', () => {
    expect(new Set(createThingWords().values()).size).toBe(80);
  });
});

describe('chips', () => {
  test.each<[string, Chip]>([
    ['rating:4..', { kind: 'rating', least: 4 }],
    ['rating:>=4', { kind: 'rating', least: 4 }],
    ['faces:2', { kind: 'faces', least: 2, most: 2 }],
    ['size:>12mp', { kind: 'size', unit: 'mp', least: 12 }],
    ['size:..5MB', { kind: 'size', unit: 'mb', most: 5 }],
    ['camera:"Pixel 7"', { kind: 'camera', text: 'Pixel 7' }],
    ['in:Paris', { kind: 'place', name: 'Paris' }],
    ['box:47.3,8.4,47.5,8.7', { kind: 'box', south: 47.3, west: 8.4, north: 47.5, east: 8.7 }],
    ['colour:Red', { kind: 'color', color: 'red' }],
    ['color:#ff0000', { kind: 'color', color: '#ff0000' }],
    ['orientation:square', { kind: 'orientation', orientation: 'square' }],
    ['album:"best of 2023"', { kind: 'album', name: 'Best of 2023' }],
    ['date:"last summer"', { kind: 'date', from: '2023-06-01', to: '2023-08-31' }],
  ])('%s', (text, chip) => {
    expect(where(text)).toEqual(chip);
    expect(where(formatChip(chip))).toEqual(chip);
  });
});

describe('dates', () => {
  test.each([
    ['2023-05', '2023-05-01', '2023-05-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2023-05-01..2023-06-01', '2023-05-01', '2023-06-01'],
    ['2022..2023', '2022-01-01', '2023-12-31'],
    ['2023..', '2023-01-01', undefined],
    ['..june 2023', undefined, '2023-06-30'],
    ['june 2023', '2023-06-01', '2023-06-30'],
    ['jun 2023', '2023-06-01', '2023-06-30'],
    ['12 june 2023', '2023-06-12', '2023-06-12'],
    ['june', '2023-06-01', '2023-06-30'],
    ['april', '2024-04-01', '2024-04-30'],
    ['last summer', '2023-06-01', '2023-08-31'],
    ['last winter', '2023-12-01', '2024-02-29'],
    ['this spring', '2024-03-01', '2024-05-31'],
    ['winter 2022', '2022-12-01', '2023-02-28'],
    ['last month', '2024-04-01', '2024-04-30'],
    ['this week', '2024-05-27', '2024-06-02'],
    ['last week', '2024-05-20', '2024-05-26'],
    ['last year', '2023-01-01', '2023-12-31'],
    ['last 7 days', '2024-05-25', '2024-05-31'],
    ['yesterday', '2024-05-30', '2024-05-30'],
  ])('%s', (text, from, to) => {
    expect(readDays(text, options)).toEqual({ ...(from && { from }), ...(to && { to }) });
  });

  test('summer is at the turn of the year in the south', () => {
    expect(readDays('last summer', { today: '2024-05-31', isSouthern: true })).toEqual({
      from: '2023-12-01',
      to: '2024-02-29',
    });
  });

  test.each(['2023-13', '2023-02-30', 'may', '..', '2024..2023', 'last 0 days', 'soon', '31 june 2023'])(
    '%s is none',
    (text) => {
      expect(readDays(text, options)).toBeUndefined();
    },
  );
});

describe('errors point at the word', () => {
  test.each([
    ['beach thng:dog', 6, 5, 'Did you mean thing:?'],
    ['thing:dgo', 6, 3, 'Did you mean dog?'],
    ['who:Ana', 4, 3, 'Did you mean Anna?'],
    ['album:"best of 2024"', 6, 14, 'Did you mean Best of 2023?'],
    ['type:vidoe', 5, 5, 'Did you mean video?'],
    ['color:gren', 6, 4, 'Did you mean green?'],
    ['sort:newst', 5, 5, 'Did you mean newest?'],
    ['date:soon', 5, 4, undefined],
    ['rating:5..2', 7, 4, undefined],
    ['rating:9', 7, 1, undefined],
    ['rating:', 0, 7, undefined],
    ['(dogs', 0, 1, 'Put a ) at its end.'],
    ['dogs)', 4, 1, undefined],
    ['dogs or', 5, 2, 'To look for the word itself, put it in quotes.'],
    ['not', 0, 3, 'To look for the word itself, put it in quotes.'],
    ['a "b', 2, 2, 'Put a " at its end.'],
    ['dog\0s', 3, 1, undefined],
  ])('%s', (text, offset, length, hint) => {
    const error = failure(text);
    expect([error.offset, error.length, error.hint]).toEqual([offset, length, hint]);
    expect(error.code).toBe('invalid-argument');
  });
});

describe('any search', () => {
  const text = fc.string({ minLength: 1, maxLength: 12 }).filter((each) => each.trim() !== '');
  const day = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const number = fc.nat(99_999).map((value) => value / 100);
  const rangeOf = (value: fc.Arbitrary<number>) =>
    fc
      .tuple(fc.option(value, { nil: undefined }), fc.option(value, { nil: undefined }))
      .filter(([a, b]) => a !== undefined || b !== undefined)
      .map(([a, b]) => {
        const [least, most] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b];
        return { ...(least !== undefined && { least }), ...(most !== undefined && { most }) };
      });
  const stars = rangeOf(fc.integer({ min: 0, max: 5 }));
  const range = rangeOf(number);
  const chip: fc.Arbitrary<Chip> = fc.oneof(
    fc.constantFrom(...createThingWords().values()).map((label) => ({ kind: 'thing' as const, label })),
    fc.constantFrom(...options.people).map((name) => ({ kind: 'person' as const, name })),
    fc.constantFrom(...options.albums).map((name) => ({ kind: 'album' as const, name })),
    text.map((each) => ({ kind: 'text' as const, text: each })),
    text.map((name) => ({ kind: 'place' as const, name })),
    text.map((each) => ({ kind: 'camera' as const, text: each })),
    fc.tuple(day, day).map(([a, b]) => ({ kind: 'date' as const, from: a < b ? a : b, to: a < b ? b : a })),
    day.map((from) => ({ kind: 'date' as const, from })),
    fc.constantFrom('red', '#00ff00').map((color) => ({ kind: 'color' as const, color })),
    fc
      .constantFrom('favourite' as const, 'smiling' as const, 'screenshot' as const)
      .map((what) => ({ kind: 'is' as const, what })),
    stars.map((each) => ({ kind: 'rating' as const, ...each })),
    range.map((each) => ({ kind: 'size' as const, unit: 'mp' as const, ...each })),
    fc
      .tuple(
        fc.integer({ min: -90, max: 0 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: -180, max: 180 }),
      )
      .map(([south, north, west, east]) => ({ kind: 'box' as const, south, west, north, east })),
  );
  const query: fc.Arbitrary<Query> = fc.record(
    { where: anyCondition(chip), sort: fc.constantFrom(...SORTS) },
    { requiredKeys: [] },
  );

  test('is the same again from its text', () => {
    fc.assert(
      fc.property(query, (each) => {
        const formatted = formatQuery(each);
        fc.pre(formatted.length <= 2000);
        expect(parseQuery(formatted, options)).toEqual(each);
        expect(querySchema.parse(each)).toEqual(each);
      }),
      { numRuns: 1000 },
    );
  });

  test('is understood or refused with a place in it, and what is understood is the same again', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        '(',
        ')',
        '-',
        ' or ',
        ' not ',
        '|',
        '"',
        ':',
        'thing:',
        'date:',
        'size:',
        '..',
        ' last summer ',
        'dogs',
        '2023',
        '\\',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const typed = pieces.join('');
        const { understood, refused } = attempt(typed);
        const { offset, length } = refused ?? { offset: 0, length: 1 };
        expect(length).toBeGreaterThan(0);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(refused === undefined ? 1 : typed.length);
        expect(querySchema.parse(understood)).toEqual(understood);
        expect(parseQuery(formatQuery(understood), options)).toEqual(understood);
      }),
      { numRuns: 3000 },
    );
  });

  test('chips are plain data', () => {
    fc.assert(
      fc.property(chip, (each) => {
        expect(chipSchema.parse(structuredClone(each))).toEqual(each);
      }),
    );
  });
});
