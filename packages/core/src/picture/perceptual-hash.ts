import { FocalError } from '../errors.ts';

/** Side of the square of grey values that {@link perceptualHash} takes. */
export const HASH_SIDE = 32;
/** Frequencies kept in each direction. */
const KEPT = 8;

/** cos((2x + 1) u π / 64): the type II discrete cosine transform of 32 values, for its 8 lowest frequencies. */
const COSINES = Float64Array.from({ length: KEPT * HASH_SIDE }, (_, i) => {
  const [u, x] = [Math.floor(i / HASH_SIDE), i % HASH_SIDE];
  return Math.cos(((2 * x + 1) * u * Math.PI) / (2 * HASH_SIDE));
});

/**
 * 64 bits that stay nearly the same when a photo is resized, recompressed or retouched a little; of unlike photos about
 * half of them differ. Takes the photo squeezed to 32×32 grey values, row by row. Each bit says whether one of the
 * lowest 8×8 frequencies lies over their median (C. Zauner, Implementation and Benchmarking of Perceptual Image Hash
 * Functions, 2010).
 *
 * @example
 * perceptualHash(grey) // '9f172786e71f1e00'
 */
export function perceptualHash(grey: Uint8Array): string {
  if (grey.length !== HASH_SIDE * HASH_SIDE) {
    throw new FocalError('invalid-argument', `Expected ${HASH_SIDE * HASH_SIDE} grey values, got ${grey.length}.`);
  }
  const rows = new Float64Array(HASH_SIDE * KEPT);
  for (let y = 0; y < HASH_SIDE; y++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let x = 0; x < HASH_SIDE; x++) {
        sum += (grey[y * HASH_SIDE + x] as number) * (COSINES[u * HASH_SIDE + x] as number);
      }
      rows[y * KEPT + u] = sum;
    }
  }
  const frequencies = new Float64Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let y = 0; y < HASH_SIDE; y++)
        sum += (rows[y * KEPT + u] as number) * (COSINES[v * HASH_SIDE + y] as number);
      frequencies[v * KEPT + u] = sum;
    }
  }
  // The mean brightness would pull the median to its side.
  const others = frequencies.slice(1).sort();
  const median = others[others.length >> 1] as number;
  let hex = '';
  for (let nibble = 0; nibble < 16; nibble++) {
    let value = 0;
    for (let bit = 0; bit < 4; bit++) {
      const frequency = frequencies[nibble * 4 + bit] as number;
      value = value * 2 + (frequency > median ? 1 : 0);
    }
    hex += value.toString(16);
  }
  return hex;
}
