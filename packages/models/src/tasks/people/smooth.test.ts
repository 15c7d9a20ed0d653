import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smoothWithin } from './smooth.ts';

describe('smoothWithin', () => {
  it('keeps shares that add up to one so, and each of them from 0 to 1', () => {
    const sizes = fc.record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) });
    const input = sizes.chain(({ width, height }) => {
      const numbers = (length: number) =>
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: length, maxLength: length });
      return fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        first: numbers(width * height),
        confidence: numbers(width * height),
        colours: numbers(width * height * 3),
      });
    });
    fc.assert(
      fc.property(input, ({ width, height, first, confidence, colours }) => {
        const planes = [Float32Array.from(first), Float32Array.from(first, (value) => 1 - value)];
        const sure = Float32Array.from(confidence, (value) => 0.05 + 0.95 * value);
        const [a, b] = smoothWithin(planes, sure, Float32Array.from(colours), width, height);
        a?.forEach((value, i) => {
          expect(value + (b?.[i] ?? 0)).toBeCloseTo(1, 4);
          expect(value).toBeGreaterThan(-1e-5);
          expect(value).toBeLessThan(1 + 1e-5);
        });
      }),
    );
  });

  it('lends what is sure to what is not, up to where the colour changes', () => {
    const width = 40;
    const colours = new Float32Array(width * width * 3);
    const plane = new Float32Array(width * width).fill(0.5);
    const confidence = new Float32Array(width * width).fill(0.05);
    for (let i = 0; i < plane.length; i++) {
      const x = i % width;
      colours.fill(x < width / 2 ? 0.2 : 0.8, i * 3, i * 3 + 3);
      if (x !== 0 && x !== width - 1) continue;
      plane[i] = x === 0 ? 1 : 0;
      confidence[i] = 1;
    }
    const [smooth] = smoothWithin([plane], confidence, colours, width, width);
    const row = smooth?.subarray(width * 20, width * 21) ?? [];
    expect(row[19]).toBeGreaterThan(0.6);
    expect(row[20]).toBeLessThan(0.4);
  });
});
