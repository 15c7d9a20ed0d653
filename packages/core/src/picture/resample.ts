import { createThreadCache, type ThreadCache } from '../async/thread-cache.ts';
import { instantiate, type Program } from '../filters/assemble.ts';
import type { Bytes, Picture } from './picture.ts';
import { compileResampleKernels, MOST_TAPS, type ResampleKernels } from './resample-simd.ts';
import { QUANTUM, type Taps } from './taps.ts';

// [Note: how pictures are resampled] First down the columns, whose sums of bytes times whole weights are exact, then
// across the rows, in 32-bit floats step by step: so WebAssembly SIMD gives the same bits as TypeScript, and rows
// without transparency, which are summed in whole numbers, the same as others. 12 MP to 1024² takes 30 ms on one thread
// with SIMD.

export interface ResampleOptions {
  /** `false` keeps to TypeScript, the reference. By default SIMD is used where it is worth it; the bits are equal. */
  readonly simd?: boolean | 'always';
  /** Keeps the kernels, and counts what was read without them: small pictures that come again and again are worth it too. */
  readonly cache?: ThreadCache | undefined;
}

/** Rows of a picture in another size. Owned by one thread; holds a few rows. */
export interface RowResampler {
  /** Row `row` as premultiplied RGBA, 0..255, not clamped. Rising rows cost least. Overwritten by the next call. */
  row(row: number): Float32Array;
  /** Writes that row as straight RGBA; where alpha rounds to 0 the colour is 0 too. */
  write(row: number, target: Bytes, offset: number): void;
}

/** Fewer pixels read than this, by all that need the same kernels, are sooner done in TypeScript than those are compiled. */
const WORTH_PIXELS = 250_000;
/** Fewer than this are sooner done than kernels that are there are given memory. */
const LEAST_PIXELS = 10_000;
const PIXEL_BYTES = 16;
const BLOCK = 4;

/** @param columns weights across, of the picture's width, and `rows` down, of its height. */
export function createRowResampler(
  picture: Picture,
  columns: Taps,
  rows: Taps,
  { simd = true, cache = createThreadCache(0) }: ResampleOptions = {},
): RowResampler {
  const span = spanOf(columns);
  const fits = columns.count <= MOST_TAPS && rows.count <= MOST_TAPS;
  const [down, across] = [rows.count, columns.count];
  const name = `resample ${down} ${across}`;
  const pixels = span.count * Math.min(picture.height, rows.starts.length * rows.count);
  const isWorth = (): boolean => {
    if (pixels < LEAST_PIXELS) return false;
    const before = cache.take(`${name} so far`, () => ({ pixels: 0 }));
    before.pixels += pixels;
    return before.pixels >= WORTH_PIXELS;
  };
  const program =
    simd !== false && fits && (simd === 'always' || isWorth())
      ? cache.take(name, () => compileResampleKernels(down, across))
      : undefined;
  return program === undefined
    ? createReference(picture, columns, rows, span)
    : createWithSimd(picture, columns, rows, span, program);
}

/** The columns of the source that are read. */
interface Span {
  readonly first: number;
  readonly count: number;
}

function spanOf({ starts, count }: Taps): Span {
  let first = starts[0] as number;
  let end = 0;
  for (const start of starts) {
    if (start < first) first = start;
    if (start + count > end) end = start + count;
  }
  return { first, count: end - first };
}

function createReference(picture: Picture, columns: Taps, rows: Taps, span: Span): RowResampler {
  const summed = new Float32Array(span.count * 4);
  const line = new Float32Array(columns.starts.length * 4);
  const resampler = {
    row(row: number): Float32Array {
      sumDown(picture, rows, span, row, summed);
      sumAcross(summed, columns, span, line);
      return line;
    },
    write(row: number, target: Bytes, offset: number): void {
      writePixels(resampler.row(row), target, offset);
    },
  };
  return resampler;
}

function createWithSimd(picture: Picture, columns: Taps, rows: Taps, span: Span, program: Program): RowResampler {
  const { width, data } = picture;
  const { count: taps } = rows;
  const outWidth = columns.starts.length;
  const rowBlocks = Math.ceil(span.count / BLOCK);
  const outBlocks = Math.ceil(outWidth / BLOCK);
  const rowBytes = rowBlocks * PIXEL_BYTES;
  const at = { ring: 0, meet: 0, table: 0, pairs: 0, summed: 0, starts: 0, weights: 0, line: 0, bytes: 0 };
  at.meet = at.ring + taps * rowBytes;
  at.table = at.meet + 16;
  at.pairs = at.table + (taps + 1) * 4;
  at.summed = align(at.pairs + (taps + 1) * 2 + 16);
  at.starts = at.summed + rowBlocks * BLOCK * PIXEL_BYTES;
  at.weights = at.starts + outWidth * 4;
  at.line = align(at.weights + columns.weights.length * 4 + 16);
  at.bytes = at.line + outBlocks * BLOCK * PIXEL_BYTES;
  const length = at.bytes + outBlocks * PIXEL_BYTES;

  const { buffer, exports } = instantiate(program, length);
  const { meet, down, across, pack } = exports as unknown as ResampleKernels;
  const memory = new Uint8Array(buffer, 0, length);
  const words = new Int32Array(buffer, 0, length >> 2);
  const pairs = new Int16Array(buffer, at.pairs, (taps + 1) & -2);
  const summed = new Float32Array(buffer, at.summed, rowBlocks * BLOCK * 4);
  const line = new Float32Array(buffer, at.line, outWidth * 4);
  columns.starts.forEach((start, i) => {
    words[(at.starts >> 2) + i] = (start - span.first) * PIXEL_BYTES;
  });
  new Float32Array(buffer, at.weights, columns.weights.length).set(columns.weights.map((weight) => weight * QUANTUM));
  // Beyond the row's end stays opaque, so that it does not count.
  memory.fill(255, at.ring, at.meet);
  const held = new Int32Array(taps).fill(-1);
  const isOpaque = new Uint8Array(taps);

  /** The slot of the ring with this row of the source. */
  function hold(row: number): number {
    const slot = row % taps;
    if (held[slot] === row) return slot;
    const start = at.ring + slot * rowBytes;
    const first = (row * width + span.first) * 4;
    memory.set(data.subarray(first, first + span.count * 4), start);
    meet(rowBlocks, start, at.meet);
    const all = at.meet >> 2;
    const common = (words[all] as number) & (words[all + 1] as number) & (words[all + 2] as number);
    isOpaque[slot] = (common & (words[all + 3] as number)) >>> 24 === 255 ? 1 : 0;
    held[slot] = row;
    return slot;
  }

  /** Computes a row into the line. True where all that it is made from is opaque. */
  function compute(row: number): boolean {
    const start = rows.starts[row] as number;
    let opaque = 1;
    for (let tap = 0; tap < pairs.length; tap++) {
      const slot = tap < taps ? hold(start + tap) : 0;
      opaque &= isOpaque[slot] as number;
      words[(at.table >> 2) + tap] = at.ring + slot * rowBytes;
      pairs[tap] = tap < taps ? (rows.quanta[row * taps + tap] as number) : 0;
    }
    if (opaque === 1) down(rowBlocks, at.table, at.pairs, at.summed);
    else sumDown(picture, rows, span, row, summed);
    across(outWidth, at.starts, at.weights, at.summed, at.line);
    return opaque === 1;
  }

  return {
    row(row) {
      compute(row);
      return line;
    },
    write(row, target, offset) {
      if (compute(row)) {
        pack(outBlocks, at.line, at.bytes);
        target.set(memory.subarray(at.bytes, at.bytes + outWidth * 4), offset);
      } else {
        writePixels(line, target, offset);
      }
    },
  };
}

function align(bytes: number): number {
  return (bytes + 15) & -16;
}

/** The columns' sums for a row of the result, in quanta: four floats for each pixel of the span, premultiplied. */
function sumDown(
  { data, width }: Picture,
  { count, starts, quanta }: Taps,
  span: Span,
  row: number,
  sums: Float32Array,
) {
  const { fround } = Math;
  const length = span.count * 4;
  sums.fill(0);
  for (let tap = 0; tap < count; tap++) {
    const weight = quanta[row * count + tap] as number;
    if (weight === 0) continue;
    let i = (((starts[row] as number) + tap) * width + span.first) * 4;
    for (let o = 0; o < length; o += 4, i += 4) {
      const alpha = data[i + 3] as number;
      const share = alpha === 255 ? weight : fround(weight * fround(alpha / 255));
      sums[o] = (sums[o] as number) + fround((data[i] as number) * share);
      sums[o + 1] = (sums[o + 1] as number) + fround((data[i + 1] as number) * share);
      sums[o + 2] = (sums[o + 2] as number) + fround((data[i + 2] as number) * share);
      sums[o + 3] = (sums[o + 3] as number) + alpha * weight;
    }
  }
}

function sumAcross(sums: Float32Array, { count, starts, weights }: Taps, span: Span, line: Float32Array): void {
  const { fround } = Math;
  for (let out = 0, w = 0; out < starts.length; out++) {
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    let i = ((starts[out] as number) - span.first) * 4;
    for (const end = w + count; w < end; w++, i += 4) {
      const weight = (weights[w] as number) * QUANTUM;
      r = fround(r + fround((sums[i] as number) * weight));
      g = fround(g + fround((sums[i + 1] as number) * weight));
      b = fround(b + fround((sums[i + 2] as number) * weight));
      a = fround(a + fround((sums[i + 3] as number) * weight));
    }
    const o = out * 4;
    line[o] = r;
    line[o + 1] = g;
    line[o + 2] = b;
    line[o + 3] = a;
  }
}

function writePixels(line: Float32Array, target: Bytes, offset: number): void {
  for (let i = 0; i < line.length; i += 4) {
    const alpha = line[i + 3] as number;
    const byte = toByte(alpha);
    const o = offset + i;
    if (byte === 0) {
      target[o] = target[o + 1] = target[o + 2] = target[o + 3] = 0;
      continue;
    }
    const scale = alpha === 255 ? 1 : 255 / alpha;
    target[o] = toByte((line[i] as number) * scale);
    target[o + 1] = toByte((line[i + 1] as number) * scale);
    target[o + 2] = toByte((line[i + 2] as number) * scale);
    target[o + 3] = byte;
  }
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.fround(value + 0.5) | 0;
}
