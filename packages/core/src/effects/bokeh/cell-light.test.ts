import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThreadCache } from '../../async/thread-cache.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import { createCellLighter } from './cell-light.ts';
import { DIM, UNIT } from './figures.ts';

type Pixel = readonly [number, number, number, number];

/** Two rows of pixels, most of them plain, with the weights of their cells. */
const rows = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), offset: fc.integer({ min: 0, max: 5 }) })
  .chain(({ width, offset }) => {
    const value = fc.oneof(
      { weight: 30, arbitrary: fc.integer({ min: 0, max: DIM }) },
      fc.integer({ min: 0, max: 255 }),
    );
    const alpha = fc.oneof({ weight: 30, arbitrary: fc.constant(255) }, fc.integer({ min: 0, max: 255 }));
    const pixel = fc.tuple(value, value, value, alpha);
    const cells = Math.ceil(width / 2);
    return fc.record({
      width: fc.constant(width),
      offset: fc.constant(offset),
      pixels: fc.array(pixel, { minLength: 2 * width, maxLength: 2 * width }),
      weights: fc.uint8Array({ minLength: cells, maxLength: cells }),
    });
  });

describe('createCellLighter', () => {
  it.each([true, false])('takes plain cells to linear light and leaves the others, with SIMD: %s', (simd) => {
    const { toLinear } = createSrgbTables();
    fc.assert(
      fc.property(rows, ({ width, offset, pixels, weights }) => {
        const lighter = createCellLighter(width, createThreadCache(), { simd });
        const data = new Uint8Array(offset + pixels.length * 4);
        data.set(pixels.flat(), offset);
        const padded = Uint8Array.of(7, ...weights);
        for (const bottom of [width, 0]) {
          const { light, others } = lighter.light(data.subarray(offset), 0, bottom * 4, padded, 1);
          expect([light.length, others.length]).toEqual([weights.length * 4, weights.length]);
          for (const [x, weight] of weights.entries()) {
            const right = Math.min(x * 2 + 1, width - 1);
            const four = [x * 2, right, bottom + x * 2, bottom + right].map((at) => pixels[at] as Pixel);
            const isPlain = four.every(([r, g, b, a]) => a === 255 && Math.max(r, g, b) <= DIM);
            expect(others[x]).toBe(weight > 0 && !isPlain ? 1 : 0);
            if (others[x] === 1) continue;
            const scale = (weight * UNIT) / (4 * 255 * 255);
            const sum = (c: number) =>
              four.reduce((total, each) => total + 255 * (toLinear[each[c] as number] as number), 0);
            const wanted = [sum(0), sum(1), sum(2), 4 * 255].map((each) => Math.floor(each * scale + 0.5));
            expect([...light.subarray(x * 4, x * 4 + 4)]).toEqual(wanted);
          }
        }
      }),
    );
  });
});
