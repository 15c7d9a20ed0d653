import { FocalError } from '../../errors.ts';

/** The Fourier transform of square grids of one size, a power of two. Frequencies lie transposed: x down, y across. */
export interface Fft2 {
  readonly side: number;
  /** In place: real and imaginary parts of `side²` values. Not scaled. */
  forward(re: Float32Array, im: Float32Array): void;
  /** In place; scaled, so that it undoes `forward`. */
  inverse(re: Float32Array, im: Float32Array): void;
}

/** Radix-2 Cooley–Tukey with tables. Throws `invalid-argument` for a side that is no power of two. */
export function createFft2(side: number): Fft2 {
  const columns = createLineFft(side, side);
  function transform(re: Float32Array, im: Float32Array): void {
    columns(re, im);
    transpose(re, side);
    transpose(im, side);
    columns(re, im);
  }
  return {
    side,
    forward: transform,
    inverse(re, im) {
      // The transform of swapped parts is the inverse with swapped parts.
      transform(im, re);
      const scale = 1 / (side * side);
      for (let i = 0; i < re.length; i++) {
        re[i] = (re[i] as number) * scale;
        im[i] = (im[i] as number) * scale;
      }
    },
  };
}

/**
 * Transforms in place `count` lines at once that lie side by side: value `i` of line `k` at `i * count + k`.
 * Throws `invalid-argument` for a length that is no power of two.
 */
export function createLineFft(length: number, count: number): (re: Float32Array, im: Float32Array) => void {
  const bits = Math.log2(length);
  if (!Number.isInteger(bits) || bits < 1) {
    throw new FocalError('invalid-argument', `Expected a length that is a power of two, got ${length}.`);
  }
  const cos = Float64Array.from({ length: length / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / length));
  const sin = Float64Array.from({ length: length / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / length));
  const mirrored = Uint16Array.from({ length }, (_, i) => mirrorBits(i, bits));
  return (re, im) => {
    for (let i = 0; i < length; i++) {
      const j = mirrored[i] as number;
      if (j <= i) continue;
      swapLines(re, i * count, j * count, count);
      swapLines(im, i * count, j * count, count);
    }
    for (let half = 1, step = length >> 1; half < length; half <<= 1, step >>= 1) {
      for (let start = 0; start < length; start += half << 1) {
        for (let i = start, t = 0; i < start + half; i++, t += step) {
          const c = cos[t] as number;
          const s = sin[t] as number;
          const end = (i + 1) * count;
          for (let a = i * count, b = (i + half) * count; a < end; a++, b++) {
            const r = (re[b] as number) * c - (im[b] as number) * s;
            const m = (re[b] as number) * s + (im[b] as number) * c;
            re[b] = (re[a] as number) - r;
            im[b] = (im[a] as number) - m;
            re[a] = (re[a] as number) + r;
            im[a] = (im[a] as number) + m;
          }
        }
      }
    }
  };
}

function mirrorBits(value: number, bits: number): number {
  let turned = 0;
  for (let bit = 0; bit < bits; bit++) if (value & (1 << bit)) turned |= 1 << (bits - 1 - bit);
  return turned;
}

function swapLines(data: Float32Array, a: number, b: number, count: number): void {
  for (let k = 0; k < count; k++) {
    const kept = data[a + k] as number;
    data[a + k] = data[b + k] as number;
    data[b + k] = kept;
  }
}

function transpose(data: Float32Array, side: number): void {
  for (let y = 1; y < side; y++) {
    for (let x = 0; x < y; x++) {
      const kept = data[y * side + x] as number;
      data[y * side + x] = data[x * side + y] as number;
      data[x * side + y] = kept;
    }
  }
}
