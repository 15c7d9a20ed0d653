import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThreadCache } from '../../async/thread-cache.ts';
import { createWidener } from './widen.ts';

const cells = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 4 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      most: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
      least: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
    }),
  );

describe('createWidener', () => {
  it.each([true, false])('finds the extremes of each cell and its neighbours, with SIMD: %s', (simd) => {
    fc.assert(
      fc.property(cells, ({ width, height, most, least }) => {
        const widener = createWidener(width, createThreadCache(), { simd });
        for (let y = 0; y < height; y++) {
          const rows = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)];
          const { high, low } = widener.widen(
            most,
            least,
            rows.map((row) => row * width),
          );
          for (let x = 0; x < width; x++) {
            const near = rows.flatMap((row) =>
              [Math.max(0, x - 1), x, Math.min(width - 1, x + 1)].map((column) => row * width + column),
            );
            expect(high[x]).toBe(Math.max(...near.map((i) => most[i] ?? -1)));
            expect(low[x]).toBe(Math.min(...near.map((i) => least[i] ?? 256)));
          }
        }
      }),
    );
  });
});
