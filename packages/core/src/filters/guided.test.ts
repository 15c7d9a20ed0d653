import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPicture } from '../picture/picture.ts';
import { guidedEnlarge, guidedFilter } from './guided.ts';

const side = fc.integer({ min: 1, max: 21 });

function noise(length: number, seed: number): Float32Array {
  const values = new Float32Array(length + 1);
  for (let i = 0; i <= length; i++) values[i] = (Math.imul(i + seed, 2654435761) >>> 8) / 2 ** 24;
  return values.subarray(1);
}

test('a flat input stays as it is, whatever the guide', () => {
  fc.assert(
    fc.property(
      side,
      side,
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(99),
      (w, h, radius, subsample, seed) => {
        const output = guidedFilter(noise(w * h * 3, seed), new Float32Array(w * h).fill(0.4), w, h, {
          radius,
          epsilon: 0.01,
          subsample,
        });
        for (const value of output) expect(value).toBeCloseTo(0.4, 4);
      },
    ),
  );
});

test('an input that is linear in the colours of the guide comes back', () => {
  fc.assert(
    fc.property(side, side, fc.nat(99), (width, height, seed) => {
      const guide = noise(width * height * 3, seed);
      const input = new Float32Array(width * height);
      for (let i = 0; i < input.length; i++) {
        const [r, g, b] = guide.subarray(i * 3, i * 3 + 3) as unknown as [number, number, number];
        input[i] = 0.2 + 0.5 * r - 0.3 * g + 0.1 * b;
      }
      const output = guidedFilter(guide, input, width, height, { radius: 4, epsilon: 1e-9 });
      for (let i = 0; i < input.length; i++)
        expect(Math.abs((output[i] as number) - (input[i] as number))).toBeLessThan(0.02);
    }),
  );
});

test('noise goes and the edge of the guide stays, at full and at reduced size', () => {
  const width = 64;
  const height = 48;
  const guide = new Float32Array(width * height * 3);
  const input = noise(width * height, 5).map((value) => (value - 0.5) * 0.2);
  for (let i = 0; i < width * height; i++) {
    const right = i % width >= 32 ? 1 : 0;
    guide.fill(right, i * 3, i * 3 + 3);
    input[i] = (input[i] as number) + right;
  }
  for (const subsample of [1, 4]) {
    const output = guidedFilter(guide, input, width, height, { radius: 8, epsilon: 1e-4, subsample });
    const errors = [...output].map((value, i) => Math.abs(value - (i % width >= 32 ? 1 : 0)));
    // The noise reaches 0.1 and is 0.05 in the mean; a plain box is 0.5 off at the edge.
    expect(Math.max(...errors)).toBeLessThan(0.15);
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.02);
  }
});

test('a coarser input gives what the fit on every second pixel gives, whole or in part', () => {
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 3 }), fc.nat(99), (width, height, radius, seed) => {
      const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
      const input = noise(across * down, seed);
      const picture = createPicture(width, height);
      for (let i = 0; i < picture.data.length; i++) picture.data[i] = (Math.imul(i + seed, 2654435761) >>> 24) & 255;
      const pixels = Array.from({ length: width * height }, (_, i) => i);
      const cellOf = (i: number) => (Math.floor(i / width) >> 1) * across + ((i % width) >> 1);
      const colours = Float32Array.from(
        pixels.flatMap((i) => [0, 1, 2].map((c) => (picture.data[i * 4 + c] ?? 0) / 255)),
      );
      const means = new Float32Array(across * down * 3);
      const counts = new Float32Array(across * down);
      for (const i of pixels) counts[cellOf(i)] = (counts[cellOf(i)] ?? 0) + 1;
      for (const i of pixels) {
        for (const c of [0, 1, 2]) {
          const at = cellOf(i) * 3 + c;
          means[at] = (means[at] ?? 0) + (colours[i * 3 + c] ?? 0) / (counts[cellOf(i)] ?? 1);
        }
      }
      const fine = Float32Array.from(pixels, (i) => input[cellOf(i)] ?? 0);
      const whole = guidedFilter(colours, fine, width, height, { radius: 2 * radius, epsilon: 0.01, subsample: 2 });
      const part = { x: width >> 1, y: height >> 2, width: width - (width >> 1), height: height - (height >> 2) };
      const origin = { x: 0, y: 0 };
      const enlarged = guidedEnlarge(
        means,
        input,
        across,
        down,
        { radius, epsilon: 0.01 },
        { picture, size: 2, origin, part },
      );
      for (let i = 0; i < enlarged.length; i++) {
        const at = (Math.floor(i / part.width) + part.y) * width + (i % part.width) + part.x;
        expect(enlarged[i]).toBeCloseTo(whole[at] as number, 4);
      }
    }),
  );
});

test('broken options are refused', () => {
  const run = (options: object) => () =>
    guidedFilter(new Float32Array(3), new Float32Array(1), 1, 1, { radius: 1, epsilon: 1, ...options });
  expect(run({ epsilon: 0 })).toThrow(/above 0 for epsilon, got 0/);
  expect(run({ subsample: 0.5 })).toThrow(/whole number from 1 for subsample/);
  expect(run({ radius: -1 })).toThrow(/radius/);
});
