import { expect, test } from 'vitest';
import { createPicture } from '../picture/picture.ts';
import { estimateNoise } from './noise.ts';

/** Twelve uniform numbers make a good normal one. */
function grainOf(sigma: number, i: number): number {
  let sum = 0;
  for (let k = 0; k < 12; k++) {
    let mixed = Math.imul(i * 12 + k + 1, 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
    sum += ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32 - 0.5;
  }
  return sum * sigma;
}

function draw(sigma: number, value: (x: number, y: number) => number) {
  const picture = createPicture(301, 203);
  for (let i = 0; i < 301 * 203; i++) {
    for (let c = 0; c < 3; c++) {
      picture.data[i * 4 + c] = Math.round(value(i % 301, Math.floor(i / 301)) + grainOf(sigma, i * 3 + c));
    }
    picture.data[i * 4 + 3] = 255;
  }
  return picture;
}

test.each([1.5, 2, 4, 8])('grain of σ %d is found on a slope, within a fifth', (sigma) => {
  const found = estimateNoise(draw(sigma, (x, y) => 60 + x * 0.3 + y * 0.2));
  expect(Math.abs(found / sigma - 1)).toBeLessThan(0.2);
});

test('edges are not taken for grain', () => {
  const found = estimateNoise(draw(2, (x, y) => (x % 40 < 20 === y % 60 < 30 ? 60 : 180)));
  expect(found).toBeGreaterThan(1.5);
  expect(found).toBeLessThan(3);
});

test('a picture without grain has hardly any, one too narrow or all clipped none', () => {
  expect(estimateNoise(draw(0, () => 90))).toBeLessThan(0.2);
  expect(estimateNoise(createPicture(2, 9))).toBe(0);
  expect(estimateNoise(createPicture(40, 40))).toBe(0);
});
