import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocateLocal } from '../../picture/picture.ts';
import { createCanvas, createCanvasRows } from './canvas.ts';

it('is read between its cells, opaque, with the same bits with SIMD as without', () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(side, side, side, side, fc.nat(999), (across, down, width, height, seed) => {
      const canvas = createCanvas({ width: across, height: down }, allocateLocal);
      canvas.data.forEach((_, i) => {
        canvas.data[i] = (Math.imul(i + seed, 2654435761) >>> 16) / 257;
      });
      const size = { width, height };
      const [fast, plain] = [true, false].map((simd) => createCanvasRows(canvas, size, { simd }));
      for (let y = 0; y < height; y += 7) {
        const [a, b] = [new Float32Array(width * 4), new Float32Array(width * 4)];
        fast?.(y, a);
        plain?.(y, b);
        expect(a).toEqual(b);
        expect(a.filter((_, i) => i % 4 === 3)).toEqual(new Float32Array(width).fill(255));
        expect(Math.max(...a)).toBeLessThanOrEqual(255);
      }
    }),
    { numRuns: 60 },
  );
});

it('has its own cells where it is as large as the picture', () => {
  const canvas = createCanvas({ width: 3, height: 2 }, allocateLocal);
  canvas.data.set([1, 2, 3, 40, 50, 60, 7, 8, 9], 9);
  const line = new Float32Array(12);
  createCanvasRows(canvas, { width: 3, height: 2 })(1, line);
  expect([...line]).toEqual([1, 2, 3, 255, 40, 50, 60, 255, 7, 8, 9, 255]);
});
