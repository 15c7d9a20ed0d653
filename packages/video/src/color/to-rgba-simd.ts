import { advance, type Code, compile, instantiate, op, repeat, simd } from '@focal/core';

/** Factors in fixed point, as in to-rgba.ts. */
export interface ToRgbaFactors {
  readonly bits: number;
  readonly luma: number;
  /** Added to luma times its factor. */
  readonly add: number;
  readonly redOfV: number;
  readonly greenOfU: number;
  readonly greenOfV: number;
  readonly blueOfU: number;
}

/** A row in the kernel's memory, with one chroma value for two pixels. */
export interface ToRgbaRow {
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly alpha: Uint8Array;
  readonly rgba: Uint8Array;
  /** Makes `rgba` of the others. */
  convert(): void;
}

/** Pixels at a time. */
const BLOCK = 8;

/** A row of so many pixels by WebAssembly SIMD. Undefined where the engine lacks it. */
export function createToRgbaRow(factors: ToRgbaFactors, width: number): ToRgbaRow | undefined {
  const blocks = Math.ceil(width / BLOCK);
  const pixels = blocks * BLOCK;
  const at = { y: 0, alpha: pixels, u: 2 * pixels, v: 2.5 * pixels, rgba: 3 * pixels };
  const program = compile([{ name: 'convert', arguments: 1, words: 3, vectors: 9, body: toRgbaBody(factors, at) }]);
  if (program === undefined) return undefined;
  const { buffer, exports } = instantiate(program, 7 * pixels);
  const convert = exports.convert as (blocks: number) => void;
  const view = (from: number, length: number): Uint8Array => new Uint8Array(buffer, from, length);
  return {
    y: view(at.y, pixels),
    u: view(at.u, pixels / 2),
    v: view(at.v, pixels / 2),
    alpha: view(at.alpha, pixels),
    rgba: view(at.rgba, pixels * 4),
    convert: () => convert(blocks),
  };
}

type Layout = Readonly<Record<'y' | 'u' | 'v' | 'alpha' | 'rgba', number>>;

const { get, set } = op;
const LEFT = simd.shuffleBytes(0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7);
const RIGHT = simd.shuffleBytes(8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15);
/** Of eight values of each of four channels, channel after channel, four pixels from the given one on. */
const pixelsFrom = (first: number): Code =>
  simd.shuffleBytes(...[0, 1, 2, 3].flatMap((i) => [0, 8, 16, 24].map((channel) => channel + first + i)));

function toRgbaBody(factors: ToRgbaFactors, at: Layout): Code {
  const [pixel, cell, out, low, high, u, v, red, green, blue, redGreen, blueAlpha] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ];
  const times = (code: Code, factor: number): Code => [code, simd.constantI(factor), simd.multiplyI];
  const eight = (offset: number): Code => [get(pixel), simd.loadHalf(offset), simd.lowToShorts];
  const luma = (part: Code): Code => [
    times([eight(at.y), part], factors.luma),
    [simd.constantI(factors.add), simd.addI],
  ];
  const chroma = (offset: number): Code => [
    [get(cell), simd.loadWord(offset), simd.lowToShorts, simd.lowToI],
    [simd.constantI(128), simd.subtractI],
  ];
  /** Eight pixels of a channel as shorts: what luma gives them, and chroma gives two of them. */
  const channel = (local: number): Code => {
    const four = (brightness: number, part: Code): Code => [
      [get(brightness), get(local), get(local), part, simd.addI],
      [op.constant(factors.bits), simd.shiftRightI],
    ];
    return [four(low, LEFT), four(high, RIGHT), simd.narrowToShorts];
  };
  return repeat([
    [luma(simd.lowToI), set(low), luma(simd.highToI), set(high)],
    [chroma(at.u), set(u), chroma(at.v), set(v)],
    [times(get(v), factors.redOfV), set(red), times(get(u), factors.blueOfU), set(blue)],
    [times(get(u), factors.greenOfU), times(get(v), factors.greenOfV), simd.addI, set(green)],
    [channel(red), channel(green), simd.narrowToBytes, set(redGreen)],
    [channel(blue), eight(at.alpha), simd.narrowToBytes, set(blueAlpha)],
    [get(out), get(redGreen), get(blueAlpha), pixelsFrom(0), simd.store(at.rgba)],
    [get(out), get(redGreen), get(blueAlpha), pixelsFrom(4), simd.store(at.rgba + 16)],
    [advance(pixel, BLOCK), advance(cell, BLOCK / 2), advance(out, BLOCK * 4)],
  ]);
}
