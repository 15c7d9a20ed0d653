import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { type Code, compile, instantiate, op, type Program, simd } from '../../filters/assemble.ts';
import { advance, repeat } from '../../filters/vectors.ts';
import type { Bytes } from '../../picture/picture.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import { DIM, UNIT } from './figures.ts';

/**
 * The linear light of 2×2 pixels, row by row, where they are plain: neither transparent nor highlights, as most of all
 * pictures are. Owned by one thread.
 */
export interface CellLighter {
  /**
   * `top` and `bottom`: where the two rows of pixels begin; `row`: where the cells' weights do, 0..255. Overwritten by
   * the next call.
   */
  light(pixels: Bytes, top: number, bottom: number, weights: Uint8Array, row: number): LitCells;
}

export interface LitCells {
  /** Red, green, blue times weight, and the weight, in steps of 1/65535: four numbers a cell. */
  readonly light: Int32Array;
  /** 1 for cells with a weight that are not plain, whose light is not told; else 0. */
  readonly others: Uint8Array;
}

export interface CellLighterOptions {
  /** `false` keeps to TypeScript, the reference. */
  readonly simd?: boolean;
}

/** What linear light is a whole multiple of in the tables, so that sums of four are exact. */
const STEPS = 2 ** 22;
const VALUES = 256;
/** A vector for each value of red, green and blue, with its light in one place; then the factors of weights. */
const TABLE_BYTES = VALUES * 16;
const FACTORS = 3 * TABLE_BYTES;
const ROWS = FACTORS + VALUES * 8;
/** The picture's pixels of a cell, in each of the two rows. */
const CELL_BYTES = 8;

/** For rows of so many pixels; where that is odd, the last cell has its column twice. */
export function createCellLighter(
  width: number,
  cache: ThreadCache = createThreadCache(0),
  { simd: isWanted = true }: CellLighterOptions = {},
): CellLighter {
  const cells = (width + 1) >> 1;
  const at = {
    top: ROWS,
    bottom: ROWS + cells * CELL_BYTES,
    light: ROWS + 2 * cells * CELL_BYTES,
    weights: 0,
    others: 0,
  };
  at.weights = at.light + cells * 16;
  at.others = at.weights + cells;
  const length = at.others + cells;
  const ready = isWanted ? cache.take('cell light', compileLighter) : undefined;
  const { buffer, run } = ready === undefined ? createReference(length) : instantiateLighter(ready, length);
  const bytes = new Uint8Array(buffer);
  const lit = {
    light: new Int32Array(buffer, at.light, cells * 4),
    others: bytes.subarray(at.others, at.others + cells),
  };

  return {
    light(pixels, top, bottom, weights, row) {
      copyRow(pixels, top, at.top);
      copyRow(pixels, bottom, at.bottom);
      bytes.set(weights.subarray(row, row + cells), at.weights);
      run(cells, at.top, at.bottom, at.weights, at.light, at.others);
      return lit;
    },
  };

  function copyRow(pixels: Bytes, from: number, to: number): void {
    bytes.set(pixels.subarray(from, from + width * 4), to);
    const end = to + width * 4;
    if (width % 2 === 1) bytes.copyWithin(end, end - 4, end);
  }
}

/** Over so many cells; the rest are byte addresses. */
type Run = (count: number, top: number, bottom: number, weights: number, light: number, others: number) => void;

/** Light of each value of an opaque pixel, in steps of 1 / {@link STEPS}: whole numbers, four of which fit 32 bits. */
function createLights(): Uint32Array {
  return Uint32Array.from(createSrgbTables().toLinear, (light) => 255 * light * STEPS);
}

/** What the light of four opaque pixels is multiplied by for a weight. */
function factorOf(weight: number): number {
  return (weight * UNIT) / (4 * 255 * 255) / STEPS;
}

function compileLighter(): Program | undefined {
  return compile([{ name: 'light', arguments: 6, words: 1, vectors: 2, body: lightBody() }]);
}

function instantiateLighter(program: Program, length: number): { buffer: ArrayBuffer; run: Run } {
  const { buffer, exports } = instantiate(program, length);
  const words = new Uint32Array(buffer, 0, FACTORS / 4);
  for (const [value, light] of createLights().entries()) {
    for (let c = 0; c < 3; c++) words[c * VALUES * 4 + value * 4 + c] = light;
    words[value * 4 + 3] = 255 * STEPS;
  }
  const factors = new Float64Array(buffer, FACTORS, VALUES);
  for (let weight = 0; weight < VALUES; weight++) factors[weight] = factorOf(weight);
  return { buffer, run: exports.light as Run };
}

function lightBody(): Code {
  const [top, bottom, weights, light, others, weight, pixels, sum] = [1, 2, 3, 4, 5, 6, 7, 8];
  const pixel = (...bytes: readonly [number, number, number, number]): Code =>
    simd.constantBytes(...bytes, ...bytes, ...bytes, ...bytes);
  // With alpha turned round, so that nothing may be above these.
  const most = pixel(DIM, DIM, DIM, 0);
  const arePlain: Code = [
    [op.get(pixels), pixel(0, 0, 0, 255), simd.xor, most, simd.mostBytes],
    [most, simd.equalBytes, simd.areAllBytes],
  ];
  const values = [top, bottom].flatMap((row) => [0, 1, 2, 4, 5, 6].map((byte) => ({ row, byte })));
  const lightOf = ({ row, byte }: { row: number; byte: number }): Code => [
    [op.get(row), op.loadByte(byte), op.constant(4), op.shiftLeft],
    simd.load((byte % 4) * TABLE_BYTES),
  ];
  const scaled: Code = [
    [op.get(weight), op.constant(3), op.shiftLeft, simd.loadLongSplat(FACTORS), simd.multiplyD],
    [half, simd.addD, simd.fromD],
  ];
  const high = simd.shuffleBytes(...Array.from({ length: 16 }, (_, i) => (i + 8) % 16));
  const joined = simd.shuffleBytes(...Array.from({ length: 16 }, (_, i) => (i < 8 ? i : i + 8)));
  return repeat([
    [op.get(others), op.constant(0), op.storeByte(0)],
    [op.get(light), simd.constantI(0), simd.store(0)],
    [op.get(weights), op.loadByte(0), op.tee(weight), op.if],
    [op.get(top), simd.loadHalf(0), op.get(bottom), simd.loadHalf(0), joined, op.set(pixels)],
    [arePlain, op.if],
    [values.map((value, i) => [lightOf(value), i === 0 ? [] : simd.addI]), op.set(sum)],
    // Each pixel's opacity comes with its red.
    [op.get(light), op.get(sum), simd.lowToD, scaled],
    [op.get(sum), op.get(sum), high, simd.lowToD, scaled, joined, simd.store(0)],
    [op.else, op.get(others), op.constant(1), op.storeByte(0), op.end, op.end],
    [
      advance(top, CELL_BYTES),
      advance(bottom, CELL_BYTES),
      advance(weights, 1),
      advance(light, 16),
      advance(others, 1),
    ],
  ]);
}

/** Twice ½, as 64-bit floats. */
const half: Code = simd.constantBytes(...new Uint8Array(Float64Array.of(0.5, 0.5).buffer));

/** The reference of the SIMD kernel. */
function createReference(length: number): { buffer: ArrayBuffer; run: Run } {
  const buffer = new ArrayBuffer((length + 3) & -4);
  const words = new Int32Array(buffer);
  const bytes = new Uint8Array(buffer);
  // Not in 32 bits, so that sums need no care.
  const lights = Float64Array.from(createLights());
  return {
    buffer,
    run(count, top, bottom, weights, light, others) {
      for (let x = 0, o = light >> 2; x < count; x++, o += 4) {
        const weight = bytes[weights + x] as number;
        bytes[others + x] = 0;
        if (weight === 0) {
          words[o] = words[o + 1] = words[o + 2] = words[o + 3] = 0;
          continue;
        }
        const a = words[(top >> 2) + 2 * x] as number;
        const b = words[(top >> 2) + 2 * x + 1] as number;
        const c = words[(bottom >> 2) + 2 * x] as number;
        const d = words[(bottom >> 2) + 2 * x + 1] as number;
        if (!arePlain(a, b, c, d)) {
          bytes[others + x] = 1;
          continue;
        }
        const factor = factorOf(weight);
        words[o] = sumOf(lights, a, b, c, d) * factor + 0.5;
        words[o + 1] = sumOf(lights, a >> 8, b >> 8, c >> 8, d >> 8) * factor + 0.5;
        words[o + 2] = sumOf(lights, a >> 16, b >> 16, c >> 16, d >> 16) * factor + 0.5;
        words[o + 3] = 4 * 255 * STEPS * factor + 0.5;
      }
    },
  };
}

const TOP_BITS = 0x808080;
/** What takes seven bits over 127 from just those values on with which a byte is a highlight: 63, beside its top bit. */
const OVER_DIM = 0x010101 * (255 - DIM);

/** Whether four pixels, red in the lowest byte, are neither transparent nor highlights. */
function arePlain(a: number, b: number, c: number, d: number): boolean {
  return (a & b & c & d) >>> 24 === 255 && (brightBits(a) | brightBits(b) | brightBits(c) | brightBits(d)) === 0;
}

/** The top bits of those colours of a pixel, red in its lowest byte, that are above {@link DIM}. */
export function brightBits(pixel: number): number {
  return ((pixel & 0x7f7f7f) + OVER_DIM) & pixel & TOP_BITS;
}

/** Of the lowest bytes. */
function sumOf(lights: Float64Array, a: number, b: number, c: number, d: number): number {
  return (
    (lights[a & 255] as number) +
    (lights[b & 255] as number) +
    (lights[c & 255] as number) +
    (lights[d & 255] as number)
  );
}
