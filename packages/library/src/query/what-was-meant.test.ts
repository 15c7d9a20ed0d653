import { expect, test } from 'vitest';
import { knownName } from '../fixtures/known-name.ts';
import { parseSearch } from './parse-query.ts';
import { createThingWords } from './things.ts';
import type { KnownName } from './vocabulary.ts';
import { whatWasMeant } from './what-was-meant.ts';

const NAMES: readonly KnownName[] = [
  knownName('person', 'Anna'),
  knownName('person', 'Ben Miller'),
  knownName('thing', 'dog'),
  knownName('thing', 'wine glass'),
  knownName('place', 'Zürich', ['Switzerland']),
  knownName('place', 'New York', ['United States']),
  knownName('album', 'Best of 2023'),
];

test.each([
  ['dgo', 'dog'],
  ['dgo Beach last summer', 'dog Beach last summer'],
  ['pupy', 'puppy'],
  ['wine glas', 'wine glass'],
  ['ben miler dog', 'person:"Ben Miller" dog'],
  ['screnshots', 'screenshots'],
  ['zurich', 'place:Zürich'],
  ['place:Zurch', 'place:Zürich'],
  ['place:"new yrok" dgo', 'place:"New York" dog'],
  ['swizerland', 'place:Switzerland'],
  // What is right, or not to be guessed, stays as it is.
  ['dog', undefined],
  ['place:zurich', undefined],
  ['place:switzerland', undefined],
  ['"dgo"', undefined],
  ['kat', undefined],
  ['ab', undefined],
  ['harbour', undefined],
  ['', undefined],
])('%s is meant as %s', (text, meant) => {
  const { parts } = parseSearch(text, { today: '2024-05-31', people: ['Anna', 'Ben Miller'] });
  expect(whatWasMeant(text, parts, NAMES, createThingWords())).toBe(meant);
});
