import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThreadCache } from '../../async/thread-cache.ts';
import { createHalver } from './halving.ts';

/** Light of highlights counts a hundred times. */
const MOST = 65535 * 100;
const rows = fc.integer({ min: 1, max: 33 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    cells: fc.array(fc.integer({ min: 0, max: MOST }), { minLength: width * 8, maxLength: width * 8 }),
  }),
);

describe('createHalver', () => {
  it.each([true, false])('takes the mean of each four cells, with SIMD: %s', (simd) => {
    fc.assert(
      fc.property(rows, ({ width, cells }) => {
        const halver = createHalver(width, createThreadCache(), { simd });
        const data = Int32Array.from(cells);
        for (const bottom of [width, 0]) {
          const halved = halver.halve(data, 0, bottom * 4);
          expect(halved).toHaveLength(Math.ceil(width / 2) * 4);
          for (const [i, mean] of halved.entries()) {
            const left = (i >> 2) * 2;
            const right = Math.min(left + 1, width - 1);
            const four = [left, right, bottom + left, bottom + right].map((cell) => data[cell * 4 + (i & 3)] ?? 0);
            expect(mean).toBe(Math.floor((four.reduce((sum, value) => sum + value) + 2) / 4));
          }
        }
      }),
    );
  });
});
