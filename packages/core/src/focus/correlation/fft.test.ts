import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFft2, createLineFft } from './fft.ts';

const SIDE = 8;
const anyGrid = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: SIDE * SIDE,
  maxLength: SIDE * SIDE,
});

test('every frequency is the sum that the transform stands for, x down and y across', () => {
  fc.assert(
    fc.property(anyGrid, anyGrid, fc.nat(SIDE - 1), fc.nat(SIDE - 1), (real, imaginary, u, v) => {
      const [re, im] = [Float32Array.from(real), Float32Array.from(imaginary)];
      let [r, m] = [0, 0];
      for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) {
          const angle = (-2 * Math.PI * (u * x + v * y)) / SIDE;
          const [a, b] = [re[y * SIDE + x] as number, im[y * SIDE + x] as number];
          r += a * Math.cos(angle) - b * Math.sin(angle);
          m += a * Math.sin(angle) + b * Math.cos(angle);
        }
      }
      createFft2(SIDE).forward(re, im);
      expect(re[u * SIDE + v]).toBeCloseTo(r, 4);
      expect(im[u * SIDE + v]).toBeCloseTo(m, 4);
    }),
    { numRuns: 100 },
  );
});

test('the inverse undoes it', () => {
  fc.assert(
    fc.property(anyGrid, anyGrid, (real, imaginary) => {
      const [re, im] = [Float32Array.from(real), Float32Array.from(imaginary)];
      const [beforeRe, beforeIm] = [re.slice(), im.slice()];
      const fft = createFft2(SIDE);
      fft.forward(re, im);
      fft.inverse(re, im);
      for (let i = 0; i < re.length; i++) {
        expect(re[i]).toBeCloseTo(beforeRe[i] as number, 5);
        expect(im[i]).toBeCloseTo(beforeIm[i] as number, 5);
      }
    }),
  );
});

test('refuses lengths that are no power of two', () => {
  for (const length of [0, 1, 3, 12]) expect(() => createLineFft(length, 1)).toThrow('power of two');
});
