import { expect, test } from 'vitest';
import { type Cities, readCities } from './cities.ts';

let reading: Promise<Cities> | undefined;
const nameAt = async (latitude: number, longitude: number): Promise<string> => {
  reading ??= readCities();
  const city = (await reading).near(latitude, longitude);
  return city === undefined ? 'none' : `${city.name}, ${city.country}`;
};

test.each([
  [47.3769, 8.5417, 'Zürich, CH'],
  [48.137, 11.575, 'Munich, DE'],
  [-16.8, -179.99, 'Labasa, FJ'],
  [78.22, 15.65, 'Longyearbyen, SJ'],
  [-54.8, -68.3, 'Ushuaia, AR'],
])('%d, %d is near %s %s', async (latitude, longitude, name) => {
  expect(await nameAt(latitude, longitude)).toBe(name);
});

test('what lies within a large city belongs to it, and a town beside it to itself', async () => {
  expect(await nameAt(52.49, 13.42)).toBe('Berlin, DE');
  expect(await nameAt(40.78, -73.96)).toBe('New York City, US');
  expect(await nameAt(47.318, 8.582)).toBe('Küsnacht, CH');
});

test('far from all cities there is none, nor where there is no such place', async () => {
  for (const [latitude, longitude] of [
    [0, -30],
    [90, 0],
    [-90, 180],
    [Number.NaN, 0],
    [91, 0],
  ] as const) {
    expect(await nameAt(latitude, longitude)).toBe('none');
  }
});
