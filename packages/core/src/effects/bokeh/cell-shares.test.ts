import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThreadCache } from '../../async/thread-cache.ts';
import { createCellSharer } from './cell-shares.ts';

const plane = fc
  .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 3 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      alpha: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
    }),
  );

describe('createCellSharer', () => {
  it.each([true, false])('takes mean and extremes of each four pixels, with SIMD: %s', (simd) => {
    fc.assert(
      fc.property(plane, ({ width, height, alpha }) => {
        const sharer = createCellSharer(width, createThreadCache(), { simd });
        for (let y = 0; y < height; y += 2) {
          const rows = [y * width, Math.min(y + 1, height - 1) * width] as const;
          const { cover, most, least } = sharer.share(alpha, ...rows);
          expect([cover.length, most.length, least.length]).toEqual(Array(3).fill(Math.ceil(width / 2)));
          for (const [x, mean] of cover.entries()) {
            const four = rows.flatMap((row) =>
              [x * 2, Math.min(x * 2 + 1, width - 1)].map((at) => alpha[row + at] ?? 0),
            );
            expect(mean).toBe(Math.floor((four.reduce((sum, value) => sum + value) + 2) / 4));
            expect(most[x]).toBe(Math.max(...four));
            expect(least[x]).toBe(Math.min(...four));
          }
        }
      }),
    );
  });
});
