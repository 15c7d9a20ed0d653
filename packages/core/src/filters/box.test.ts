import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxFilter } from './box.ts';

const anyPlane = fc.tuple(fc.integer({ min: 1, max: 17 }), fc.integer({ min: 1, max: 17 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    // At an offset of its buffer, as a view may be.
    data: fc
      .array(fc.integer({ min: -1000, max: 1000 }), { minLength: width * height, maxLength: width * height })
      .map((values) => Float32Array.from([0, 0, 0, ...values]).subarray(3)),
  }),
);

test('each value is the mean of the window, as summed up one by one', () => {
  fc.assert(
    fc.property(anyPlane, fc.integer({ min: 0, max: 25 }), ({ width, height, data }, radius) => {
      const output = boxFilter(data, width, height, radius);
      for (let i = 0; i < data.length; i++) {
        const x = i % width;
        const y = Math.floor(i / width);
        let sum = 0;
        let count = 0;
        for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++) {
          for (let k = Math.max(0, x - radius); k <= Math.min(width - 1, x + radius); k++) {
            sum += data[j * width + k] as number;
            count++;
          }
        }
        expect(Math.abs((output[i] as number) - sum / count)).toBeLessThan(1e-3);
      }
    }),
  );
});

test('the output may be the input, and radius 0 changes nothing', () => {
  fc.assert(
    fc.property(anyPlane, fc.integer({ min: 0, max: 5 }), ({ width, height, data }, radius) => {
      const expected = boxFilter(data, width, height, radius);
      expect(boxFilter(data, width, height, 0)).toEqual(Float32Array.from(data));
      const same = Float32Array.from(data);
      expect(boxFilter(same, width, height, radius, same)).toBe(same);
      expect(same).toEqual(expected);
    }),
  );
});

test('sizes that do not fit and broken radii are refused', () => {
  expect(() => boxFilter(new Float32Array(5), 2, 3, 1)).toThrow('Expected 6 numbers for 2×3, got 5.');
  expect(() => boxFilter(new Float32Array(6), 2, 3, 1.5)).toThrow(/whole number from 0 for the radius/);
});
