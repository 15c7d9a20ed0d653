import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runPlan } from '../../async/plan.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import { allocateLocal } from '../../picture/picture.ts';
import { shiftPasses } from './edge.ts';

/** A few boxes of any alpha on flat ground, so that most of it is far from edges. */
function drawBoxes(width: number, height: number, ground: number, seed: number): Matte {
  const matte = createMatte(width, height);
  matte.data.fill(ground);
  const random = (salt: number) => Math.imul(salt + seed * 17 + 1, 2654435761) >>> 8;
  for (let n = 0; n < 3; n++) {
    const [left, top] = [random(n * 5) % width, random(n * 5 + 1) % height];
    const [right, bottom] = [left + (random(n * 5 + 2) % 30), top + (random(n * 5 + 3) % 20)];
    const value = [0, 255, random(n * 5 + 4) & 255][n % 3] ?? 0;
    for (let y = top; y <= Math.min(height - 1, bottom); y++) {
      matte.data.fill(value, y * width + left, y * width + Math.min(width, right + 1));
    }
  }
  return matte;
}

/** The most along one line through each pixel, looked for everywhere. */
function mostAlongLine(matte: Matte, [dx, dy]: readonly [number, number], half: number, turn: number): Matte {
  const { width, height } = matte;
  const result = createMatte(width, height);
  const reach = Math.floor(half);
  const rest = Math.round((half - reach) * 256);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (k: number): number | undefined => {
        const [u, v] = [x + k * dx, y + k * dy];
        const isInside = u >= 0 && v >= 0 && u < width && v < height;
        return isInside ? (matte.data[v * width + u] ?? 0) ^ turn : undefined;
      };
      let most = 0;
      for (let k = -reach; k <= reach; k++) most = Math.max(most, at(k) ?? 0);
      for (const sign of [-1, 1]) {
        const [near, far] = [at(sign * reach), at(sign * (reach + 1))];
        if (near !== undefined && far !== undefined) most = Math.max(most, near + (((far - near) * rest + 128) >> 8));
      }
      result.data[y * width + x] = most ^ turn;
    }
  }
  return result;
}

it('shifts edges as if it were looked for them everywhere', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 260 }),
      fc.integer({ min: 1, max: 160 }),
      fc.constantFrom(0, 255, 90),
      fc.nat(999),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (width, height, ground, seed, amount) => {
        const source = drawBoxes(width, height, ground, seed);
        const result = createMatte(width, height);
        const scratch = createMatte(width, height);
        const passes = shiftPasses({ source, scratch, result }, amount, allocateLocal);
        const shifted = runPlan({ passes, result });
        const radiusPx = Math.abs(amount) * 0.005 * Math.max(width, height);
        const turn = amount < 0 ? 255 : 0;
        const [straight, diagonal] = [radiusPx * (Math.SQRT2 - 1), radiusPx * (1 - Math.SQRT1_2)];
        let expected = mostAlongLine(source, [1, 0], straight, turn);
        expected = mostAlongLine(expected, [0, 1], straight, turn);
        expected = mostAlongLine(expected, [1, 1], diagonal, turn);
        expected = mostAlongLine(expected, [1, -1], diagonal, turn);
        expect(shifted.data).toEqual(expected.data);
      },
    ),
    { numRuns: 60 },
  );
});
