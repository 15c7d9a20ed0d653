import { type Code, compile, op, type Program, simd, type WasmFunction } from '../filters/assemble.ts';

/** The kernels of `createRowResampler`. All arguments but counts are byte addresses in the resampler's memory. */
export interface ResampleKernels {
  /** Ands so many blocks of 16 bytes into the 16 bytes at `to`. */
  readonly meet: (blocks: number, from: number, to: number) => void;
  /**
   * Sums rows of bytes, times weights (pairs of 16 bits), into four floats a pixel, for blocks of four pixels. `table`
   * names the rows.
   */
  readonly down: (blocks: number, table: number, weights: number, to: number) => void;
  /** Sums windows of such pixels times weights (floats); `starts` are byte offsets into `from`. */
  readonly across: (count: number, starts: number, weights: number, from: number, to: number) => void;
  /** Blocks of four such pixels as bytes, rounded and clamped. */
  readonly pack: (blocks: number, from: number, to: number) => void;
}

/** More weights an output pixel than this are left to TypeScript. */
export const MOST_TAPS = 32;

/** The kernels for so many weights down and across. Undefined where the engine lacks WebAssembly or SIMD. */
export function compileResampleKernels(down: number, across: number): Program | undefined {
  return compile([meetFunction(), downFunction(down), acrossFunction(across), packFunction()]);
}

const { get, set } = op;
const advance = (local: number, step: number): Code => [get(local), op.constant(step), op.add, set(local)];
const indices = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** `body` as often as the first argument says. */
function forEach(body: Code): Code {
  return [
    [op.block, op.loop, get(0), op.isZero, op.branchIf(1), body],
    [get(0), op.constant(1), op.subtract, set(0), op.branch(0), op.end, op.end],
  ];
}

function meetFunction(): WasmFunction {
  const [from, to, all] = [1, 2, 3];
  const body = [
    [simd.constantI(-1), set(all)],
    forEach([get(from), simd.load(0), get(all), simd.and, set(all), advance(from, 16)]),
    [get(to), get(all), simd.store(0)],
  ];
  return { name: 'meet', arguments: 3, words: 0, vectors: 1, body };
}

function downFunction(taps: number): WasmFunction {
  const pairs = (taps + 1) >> 1;
  const [table, weights, to, offset, rows] = [1, 2, 3, 4, 5];
  const weight = rows + 2 * pairs;
  const [one, other, bytes, sums] = [weight + pairs, weight + pairs + 1, weight + pairs + 2, weight + pairs + 3];
  const row = (number: number): Code => [get(rows + number), get(offset), op.add, simd.load(0)];
  const addPixel = (pair: number, pixel: number, widen: Code): Code => [
    [get(bytes), widen, get(weight + pair), simd.dotShorts],
    [pair === 0 ? [] : [get(sums + pixel), simd.addI], set(sums + pixel)],
  ];
  const body = [
    indices(2 * pairs).map((i) => [get(table), op.load(4 * i), set(rows + i)]),
    indices(pairs).map((i) => [get(weights), simd.loadSplat(4 * i), set(weight + i)]),
    forEach([
      indices(pairs).map((pair) => [
        [row(2 * pair), set(one), row(2 * pair + 1), set(other)],
        [get(one), get(other), simd.shuffleBytes(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), set(bytes)],
        [addPixel(pair, 0, simd.lowToShorts), addPixel(pair, 1, simd.highToShorts)],
        [get(one), get(other), simd.shuffleBytes(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)],
        [set(bytes), addPixel(pair, 2, simd.lowToShorts), addPixel(pair, 3, simd.highToShorts)],
      ]),
      indices(4).map((pixel) => [get(to), get(sums + pixel), simd.toF, simd.store(16 * pixel)]),
      [advance(offset, 16), advance(to, 64)],
    ]),
  ];
  return { name: 'down', arguments: 4, words: 1 + 2 * pairs, vectors: pairs + 7, body };
}

function acrossFunction(taps: number): WasmFunction {
  const [starts, weights, from, to, pixel, sum] = [1, 2, 3, 4, 5, 6];
  const body = forEach([
    [get(from), get(starts), op.load(0), op.add, set(pixel)],
    indices(taps).map((tap) => [
      [get(pixel), simd.load(16 * tap), get(weights), simd.loadSplat(4 * tap), simd.multiplyF],
      // From 0, not from the first product, so that there is no -0.
      [tap === 0 ? simd.constantI(0) : get(sum), simd.addF, set(sum)],
    ]),
    [get(to), get(sum), simd.store(0)],
    [advance(starts, 4), advance(weights, 4 * taps), advance(to, 16)],
  ]);
  return { name: 'across', arguments: 5, words: 1, vectors: 1, body };
}

function packFunction(): WasmFunction {
  const [from, to] = [1, 2];
  const half = new Uint8Array(Float32Array.of(0.5, 0.5, 0.5, 0.5).buffer);
  const whole = (pixel: number): Code => [
    [get(from), simd.load(16 * pixel), simd.constantBytes(...half), simd.addF, simd.toI],
  ];
  const body = forEach([
    [get(to), whole(0), whole(1), simd.narrowToShorts, whole(2), whole(3), simd.narrowToShorts, simd.narrowToBytes],
    [simd.store(0), advance(from, 64), advance(to, 16)],
  ]);
  return { name: 'pack', arguments: 3, words: 0, vectors: 0, body };
}
