import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThreadCache } from '../../async/thread-cache.ts';
import { SOLID } from './figures.ts';
import { createWeightTable, createWidener } from './widen.ts';

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
  const table = createWeightTable();

  it.each([true, false])('goes by the extremes of each cell and its neighbours, with SIMD: %s', (simd) => {
    fc.assert(
      fc.property(cells, ({ width, height, most, least }) => {
        const widener = createWidener(width, createThreadCache(), { simd });
        for (let y = 0; y < height; y++) {
          const rows = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)];
          const { weights, active } = widener.widen(
            most,
            least,
            rows.map((row) => row * width),
          );
          for (let x = 0; x < width; x++) {
            const near = rows.flatMap((row) =>
              [Math.max(0, x - 1), x, Math.min(width - 1, x + 1)].map((column) => row * width + column),
            );
            expect(weights[x]).toBe(table[Math.max(...near.map((i) => most[i] ?? -1))]);
            expect(active[x]).toBe(Math.min(...near.map((i) => least[i] ?? 256)) < SOLID ? 1 : 0);
          }
        }
      }),
    );
  });

  it.each([true, false])('gives each share its weight, with SIMD: %s', (simd) => {
    const widener = createWidener(1, createThreadCache(), { simd });
    for (let share = 0; share < 256; share++) {
      const { weights, active } = widener.widen(Uint8Array.of(share), Uint8Array.of(share), [0, 0, 0]);
      expect([weights[0], active[0]]).toEqual([table[share], share < SOLID ? 1 : 0]);
    }
  });
});
