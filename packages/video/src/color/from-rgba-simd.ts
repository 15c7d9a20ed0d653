import { advance, type Code, compile, instantiate, op, repeat, simd } from '@focal/core';

/** Factors in fixed point, as in from-rgba.ts. */
export interface FromRgbaFactors {
  readonly bits: number;
  readonly y: Channels;
  readonly u: Channels;
  readonly v: Channels;
  readonly lumaAdd: number;
  readonly chromaAdd: number;
}

type Channels = readonly [red: number, green: number, blue: number];

/** Two rows of pixels in the kernel's memory, whose width is a multiple of eight. */
export interface FromRgbaRows {
  readonly rgba: readonly [top: Uint8Array, bottom: Uint8Array];
  readonly y: readonly [top: Uint8Array, bottom: Uint8Array];
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Makes luma and chroma of the pixels. */
  convert(): void;
}

/** Pixels at a time. */
const BLOCK = 8;

/** Two rows of at least so many pixels by WebAssembly SIMD. Undefined where the engine lacks it. */
export function createFromRgbaRows(factors: FromRgbaFactors, width: number): FromRgbaRows | undefined {
  const blocks = Math.ceil(width / BLOCK);
  const pixels = blocks * BLOCK;
  const at = { rgba: [0, 4 * pixels], y: [8 * pixels, 9 * pixels], u: 10 * pixels, v: 10.5 * pixels } as const;
  const program = compile([{ name: 'convert', arguments: 1, words: 3, vectors: 11, body: fromRgbaBody(factors, at) }]);
  if (program === undefined) return undefined;
  const { buffer, exports } = instantiate(program, 11 * pixels);
  const convert = exports.convert as (blocks: number) => void;
  const view = (from: number, length: number): Uint8Array => new Uint8Array(buffer, from, length);
  return {
    rgba: [view(at.rgba[0], pixels * 4), view(at.rgba[1], pixels * 4)],
    y: [view(at.y[0], pixels), view(at.y[1], pixels)],
    u: view(at.u, pixels / 2),
    v: view(at.v, pixels / 2),
    convert: () => convert(blocks),
  };
}

interface Layout {
  readonly rgba: readonly [number, number];
  readonly y: readonly [number, number];
  readonly u: number;
  readonly v: number;
}

const { get, set } = op;
// Of eight numbers in two vectors those at even places, and those at odd ones.
const EVEN = simd.shuffleBytes(0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
const ODD = simd.shuffleBytes(4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);

function fromRgbaBody({ bits, y, u, v, lumaAdd, chromaAdd }: FromRgbaFactors, at: Layout): Code {
  const [pixel, cell, byte, own, low, red, green, blue] = [1, 2, 3, 4, 5, 6, 7, 8];
  const channels = [red, green, blue];
  /** Sums of the two rows: of the first four pixels, and of the last four. */
  const sums = [
    [9, 10, 11],
    [12, 13, 14],
  ];
  const mix = (factors: Channels, add: number, shift: number): Code => [
    simd.constantI(add),
    channels.map((local, i) => [get(local), simd.constantI(factors[i] as number), simd.multiplyI, simd.addI]),
    [op.constant(shift), simd.shiftRightI],
  ];
  /** Leaves the luma of four pixels of a row. */
  const four = (row: 0 | 1, half: 0 | 1): Code => [
    [get(byte), simd.load(at.rgba[row] + half * 16), set(own)],
    channels.map((local, i) => [
      [get(own), op.constant(8 * i), simd.shiftRightU, simd.constantI(255), simd.and, set(local)],
      [get(local), row === 0 ? [] : [get(sums[half]?.[i] as number), simd.addI], set(sums[half]?.[i] as number)],
    ]),
    mix(y, lumaAdd, bits),
  ];
  const row = (which: 0 | 1): Code => [
    [four(which, 0), set(low), get(low), four(which, 1), simd.narrowToShorts, set(own)],
    [get(pixel), get(own), get(own), simd.narrowToBytes, simd.storeHalf(at.y[which])],
  ];
  const chroma = (factors: Channels, offset: number): Code => [
    [get(cell), mix(factors, chromaAdd, bits + 2), set(own)],
    [get(own), get(own), simd.narrowToShorts, set(own), get(own), get(own), simd.narrowToBytes],
    [simd.laneI(0), op.store(offset)],
  ];
  return repeat([
    [row(0), row(1)],
    channels.map((local, i) => {
      const pair = [get(sums[0]?.[i] as number), get(sums[1]?.[i] as number)];
      return [pair, EVEN, pair, ODD, simd.addI, set(local)];
    }),
    [chroma(u, at.u), chroma(v, at.v)],
    [advance(pixel, BLOCK), advance(cell, BLOCK / 2), advance(byte, BLOCK * 4)],
  ]);
}
