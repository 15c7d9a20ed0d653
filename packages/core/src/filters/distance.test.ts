import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_DISTANCE, squaredDistances } from './distance.ts';

const anyMask = fc
  .tuple(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 40 }))
  .chain(([width, height, rarity]) =>
    fc.array(fc.nat(rarity), { minLength: width * height, maxLength: width * height }).map((values) => ({
      width,
      height,
      mask: Uint8Array.from([9, ...values.map((value) => (value === 0 ? 1 : 0))]).subarray(1),
    })),
  );

test('every distance is that to the nearest set pixel, as found by trying all', () => {
  fc.assert(
    fc.property(anyMask, ({ width, height, mask }) => {
      const distances = squaredDistances(mask, width, height);
      for (let i = 0; i < mask.length; i++) {
        let nearest = NO_DISTANCE;
        for (let k = 0; k < mask.length; k++) {
          if (mask[k] === 0) continue;
          const dx = (i % width) - (k % width);
          const dy = Math.floor(i / width) - Math.floor(k / width);
          nearest = Math.min(nearest, dx * dx + dy * dy);
        }
        expect(distances[i]).toBe(nearest);
      }
    }),
    { numRuns: 300 },
  );
});

test('long distances are exact too', () => {
  const mask = new Uint8Array(20_000 * 3);
  mask[0] = 1;
  const distances = squaredDistances(mask, 20_000, 3);
  expect(distances[distances.length - 1]).toBe(19_999 ** 2 + 2 ** 2);
});
