import { createThreadCache, type ThreadCache } from '../async/thread-cache.ts';
import type { DiscKernels } from './disc-kernels.ts';
import { compileDiscLoops, createDiscLoops, type DiscGather, type DiscLoops } from './disc-simd.ts';

/** Four whole numbers a pixel, row by row: colours times weight, and the weight, on any buffer. */
export interface DiscSource {
  readonly width: number;
  readonly height: number;
  readonly data: Int32Array;
}

export interface DiscFilterOptions {
  /** `false` keeps to TypeScript, the reference. By default SIMD is used where the engine has it; the sums are equal. */
  readonly simd?: boolean;
  readonly cache?: ThreadCache | undefined;
}

/** Sums over an aperture that may be another one at each pixel. Owned by one thread; holds a band of rows. */
export interface DiscFilter {
  /**
   * The weighted sums of row `y`: four floats a pixel, zero outside the picture. `indices` names the kernel of each
   * pixel. Rows asked for in rising order cost least. The result is overwritten by the next call.
   */
  row(y: number, indices: Uint16Array): Float32Array;
}

// One row of a kernel in memory: where to find its prefix sums (byte offset in the table of row addresses), the byte
// offsets of the ends, and their fractions.
const ENTRY_BYTES = 20;
const PIXEL_BYTES = 16;

/**
 * Gathers over discs or polygons by prefix sums along each row: a kernel of radius r costs 2r + 1 look-ups, not r².
 * The sums are whole numbers modulo 2³², so differences are exact as long as one row of a kernel sums to less than
 * 2³¹: with values below 2²³ (light in steps of 2⁻¹⁶, boosted 100 times) for intervals to 250 pixels.
 */
export function createDiscFilter(
  source: DiscSource,
  kernels: DiscKernels,
  options: DiscFilterOptions = {},
): DiscFilter {
  const { width, height, data } = source;
  const pad = kernels.reach + 1;
  const slots = 2 * kernels.reach + 1;
  const stride = (width + 2 * pad + 1) * PIXEL_BYTES;
  const entries = kernels.dy.length;

  const at = { entries: 0, starts: 0, addresses: 0, indices: 0, sums: 0, rows: 0 };
  at.starts = at.entries + entries * ENTRY_BYTES;
  at.addresses = at.starts + (kernels.count + 2) * 4;
  at.indices = at.addresses + slots * 4;
  at.sums = align(at.indices + width * 2);
  at.rows = at.sums + width * PIXEL_BYTES;
  const length = at.rows + (slots + 1) * stride;

  const { buffer, loops } = createLoops(length, options);
  const words = new Int32Array(buffer, 0, length >> 2);
  const floats = new Float32Array(buffer, 0, length >> 2);
  const indexRow = new Uint16Array(buffer, at.indices, width);
  const sums = new Float32Array(buffer, at.sums, width * 4);
  writeKernels(kernels, words, floats, at);

  // Which source row each slot of the ring holds; the slot after the last stays zero, for rows outside the picture.
  const held = new Int32Array(slots).fill(-1);
  const origin = at.rows + pad * PIXEL_BYTES;
  const nowhere = origin + slots * stride;

  function hold(row: number): number {
    if (row < 0 || row >= height) return nowhere;
    const slot = row % slots;
    const start = origin + slot * stride;
    if (held[slot] !== row) {
      sumRow(row, start);
      held[slot] = row;
    }
    return start;
  }

  /** Prefix sums of a row: entry x (a pixel each from `start`) sums the pixels left of x; constant in the margins. */
  function sumRow(row: number, start: number): void {
    const [first, end] = [start >> 2, (start >> 2) + (width + 1) * 4];
    words.fill(0, first - pad * 4, first + 4);
    words.set(data.subarray(row * width * 4, (row + 1) * width * 4), first + 4);
    loops.sum(width, start + PIXEL_BYTES);
    for (let x = 0; x < pad; x++) words.copyWithin(end + x * 4, end - 4, end);
  }

  return {
    row(y, indices) {
      for (let i = 0; i < slots; i++) words[(at.addresses >> 2) + i] = hold(y - kernels.reach + i);
      indexRow.set(indices);
      loops.gather(width, at.indices, at.starts, at.addresses, at.sums);
      return sums;
    },
  };
}

function align(bytes: number): number {
  return (bytes + PIXEL_BYTES - 1) & -PIXEL_BYTES;
}

function createLoops(
  length: number,
  { simd = true, cache = createThreadCache(0) }: DiscFilterOptions,
): { buffer: ArrayBufferLike; loops: DiscLoops } {
  const ready = simd ? cache.take('disc loops', compileDiscLoops) : undefined;
  if (ready !== undefined) return createDiscLoops(ready, length);
  const buffer = new ArrayBuffer((length + 3) & -4);
  return { buffer, loops: { gather: createReferenceGather(buffer), sum: createReferenceSum(buffer) } };
}

function writeKernels(
  kernels: DiscKernels,
  words: Int32Array,
  floats: Float32Array,
  at: { readonly entries: number; readonly starts: number },
): void {
  for (let i = 0; i < kernels.dy.length; i++) {
    const entry = (at.entries + i * ENTRY_BYTES) >> 2;
    words[entry] = ((kernels.dy[i] as number) + kernels.reach) * 4;
    words[entry + 1] = (kernels.left[i] as number) * PIXEL_BYTES;
    words[entry + 2] = (kernels.right[i] as number) * PIXEL_BYTES;
    floats[entry + 3] = kernels.leftFraction[i] as number;
    floats[entry + 4] = kernels.rightFraction[i] as number;
  }
  for (let i = 0; i < kernels.starts.length; i++) {
    words[(at.starts >> 2) + i] = at.entries + (kernels.starts[i] as number) * ENTRY_BYTES;
  }
}

/** The reference of the SIMD sum. */
function createReferenceSum(buffer: ArrayBuffer): DiscLoops['sum'] {
  const words = new Int32Array(buffer);
  return (count, at) => {
    let [r, g, b, w] = [0, 0, 0, 0];
    for (let x = 0, to = at >> 2; x < count; x++, to += 4) {
      words[to] = r = (r + (words[to] as number)) | 0;
      words[to + 1] = g = (g + (words[to + 1] as number)) | 0;
      words[to + 2] = b = (b + (words[to + 2] as number)) | 0;
      words[to + 3] = w = (w + (words[to + 3] as number)) | 0;
    }
  };
}

/** The reference of the SIMD gather, in 32-bit floats step by step so that both give the same bits. */
function createReferenceGather(buffer: ArrayBuffer): DiscGather {
  const words = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  const halves = new Uint16Array(buffer);
  const { fround } = Math;

  return (count, indices, starts, addresses, sums) => {
    for (let x = 0; x < count; x++) {
      const start = (starts >> 2) + (halves[(indices >> 1) + x] as number);
      const end = words[start + 1] as number;
      let r = 0;
      let g = 0;
      let b = 0;
      let w = 0;
      for (let entry = words[start] as number; entry < end; entry += ENTRY_BYTES) {
        const at = entry >> 2;
        const row = (words[(addresses + (words[at] as number)) >> 2] as number) + x * PIXEL_BYTES;
        const i = (row + (words[at + 1] as number)) >> 2;
        const j = (row + (words[at + 2] as number)) >> 2;
        const p = floats[at + 3] as number;
        const q = floats[at + 4] as number;
        r = fround(r + interval(words, i, j, p, q));
        g = fround(g + interval(words, i + 1, j + 1, p, q));
        b = fround(b + interval(words, i + 2, j + 2, p, q));
        w = fround(w + interval(words, i + 3, j + 3, p, q));
      }
      const to = (sums >> 2) + x * 4;
      floats[to] = r;
      floats[to + 1] = g;
      floats[to + 2] = b;
      floats[to + 3] = w;
    }
  };
}

/** Prefix sum at j plus the fraction q of the pixel there, less the same at i and p. */
function interval(words: Int32Array, i: number, j: number, p: number, q: number): number {
  const { fround } = Math;
  const low = words[i] as number;
  const high = words[j] as number;
  const whole = fround((high - low) | 0);
  const right = fround(q * fround(((words[j + 4] as number) - high) | 0));
  const left = fround(p * fround(((words[i + 4] as number) - low) | 0));
  return fround(whole + fround(right - left));
}
