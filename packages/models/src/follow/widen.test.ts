import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widen } from './widen.ts';

const GRIDS = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) => {
    const value = fc.integer({ min: 0, max: 100 });
    const values = fc.array(value, { minLength: width * height, maxLength: width * height });
    return fc.record({ width: fc.constant(width), height: fc.constant(height), values });
  });

test('each value becomes the greatest of those around it, for any size and reach', () => {
  fc.assert(
    fc.property(GRIDS, fc.integer({ min: 0, max: 15 }), ({ width, height, values }, reach) => {
      const widened = widen(Float32Array.from(values), { width, height }, reach);
      for (const [i, value] of widened.entries()) {
        const [x, y] = [i % width, Math.floor(i / width)];
        const around = values.filter((_, j) => {
          return Math.abs((j % width) - x) <= reach && Math.abs(Math.floor(j / width) - y) <= reach;
        });
        expect(value).toBe(Math.max(...around));
      }
    }),
  );
});
