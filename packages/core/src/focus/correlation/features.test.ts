import { expect, test } from 'vitest';
import { createPicture, type Picture } from '../../picture/picture.ts';
import { CELL, CHANNELS, DIRECTIONS, describeCells } from './features.ts';

const SIDE = 32;
const CELLS = (SIDE / CELL) ** 2;

/** Waves of light that run in one direction. */
function drawWaves(halfTurns: number): Picture {
  const picture = createPicture(SIDE, SIDE);
  const [x0, y0] = [Math.cos(Math.PI * halfTurns), Math.sin(Math.PI * halfTurns)];
  for (let p = 0; p < SIDE * SIDE; p++) {
    const light = 128 + 100 * Math.sin(((p % SIDE) * x0 + Math.floor(p / SIDE) * y0) * 0.8);
    picture.data.set([light, light, light, 255], p * 4);
  }
  return picture;
}

function strongest(features: Float32Array): number {
  const sums = Array.from({ length: DIRECTIONS }, (_, o) =>
    features.subarray(o * CELLS, (o + 1) * CELLS).reduce((sum, value) => sum + value, 0),
  );
  return sums.indexOf(Math.max(...sums));
}

test.each(Array.from({ length: DIRECTIONS }, (_, o) => [o]))('edges of direction %d go to its channel', (direction) => {
  expect(strongest(describeCells(drawWaves(direction / DIRECTIONS)))).toBe(direction);
});

test('dimmer light changes little, as edges are set against those around', () => {
  const bright = drawWaves(0.3);
  const dim = createPicture(SIDE, SIDE, { data: bright.data.map((value, i) => (i % 4 === 3 ? 255 : value / 3)) });
  const [a, b] = [describeCells(bright), describeCells(dim)];
  for (let i = 0; i < DIRECTIONS * CELLS; i++) expect(Math.abs((a[i] as number) - (b[i] as number))).toBeLessThan(0.03);
});

test('colours come last, and only where they are wanted', () => {
  const red = createPicture(SIDE, SIDE);
  for (let p = 0; p < red.data.length; p += 4) red.data.set([255, 0, 0, 255], p);
  const features = describeCells(red);
  expect(features).toHaveLength(CHANNELS * CELLS);
  expect(features[DIRECTIONS * CELLS]).toBeCloseTo(1 / 3 - 0.5);
  expect(features[(DIRECTIONS + 1) * CELLS]).toBeCloseTo(1);
  expect(features[(DIRECTIONS + 2) * CELLS]).toBeCloseTo(0.5);
  expect(features.subarray(0, DIRECTIONS * CELLS).every((value) => value === 0)).toBe(true);
  expect(describeCells(red, { withColor: false })).toHaveLength(DIRECTIONS * CELLS);
});
