import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { type Code, compile, instantiate, op, type Program, simd } from '../../filters/assemble.ts';
import { advance, repeat } from '../../filters/vectors.ts';

/** Halves rows of cells of four whole numbers: the mean of each 2×2, rounded. Owned by one thread. */
export interface Halver {
  /** `top` and `bottom`: where the two rows begin. Overwritten by the next call. */
  halve(cells: Int32Array, top: number, bottom: number): Int32Array;
}

export interface HalverOptions {
  /** `false` keeps to TypeScript, the reference. */
  readonly simd?: boolean;
}

const CELL_BYTES = 16;

/** For rows of so many cells; where that is odd, the last is there twice. */
export function createHalver(
  width: number,
  cache: ThreadCache = createThreadCache(0),
  { simd: isWanted = true }: HalverOptions = {},
): Halver {
  const halved = (width + 1) >> 1;
  const rowBytes = 2 * halved * CELL_BYTES;
  const length = 2 * rowBytes + halved * CELL_BYTES;
  const ready = isWanted ? cache.take('halver', compileHalver) : undefined;
  const { buffer, run } = ready === undefined ? createReference(length) : instantiateHalver(ready, length);
  const rows = [0, 1].map((row) => new Int32Array(buffer, row * rowBytes, rowBytes >> 2));
  const result = new Int32Array(buffer, 2 * rowBytes, halved * 4);

  return {
    halve(cells, top, bottom) {
      for (const [i, row] of rows.entries()) {
        const from = i === 0 ? top : bottom;
        row.set(cells.subarray(from, from + width * 4));
        if (width % 2 === 1) row.copyWithin(width * 4, (width - 1) * 4, width * 4);
      }
      run(halved, 0, rowBytes, 2 * rowBytes);
      return result;
    },
  };
}

/** Of so many cells; the rest are byte addresses. */
type Run = (count: number, top: number, bottom: number, result: number) => void;

function compileHalver(): Program | undefined {
  return compile([{ name: 'halve', arguments: 4, words: 0, vectors: 0, body: halveBody() }]);
}

function instantiateHalver(program: Program, length: number): { buffer: ArrayBuffer; run: Run } {
  const { buffer, exports } = instantiate(program, length);
  return { buffer, run: exports.halve as Run };
}

function halveBody(): Code {
  const [top, bottom, result] = [1, 2, 3];
  const pair = (row: number): Code => [op.get(row), simd.load(0), op.get(row), simd.load(CELL_BYTES), simd.addI];
  return repeat([
    [op.get(result), pair(top), pair(bottom), simd.addI, simd.constantI(2), simd.addI],
    [op.constant(2), simd.shiftRightI, simd.store(0)],
    [advance(top, 2 * CELL_BYTES), advance(bottom, 2 * CELL_BYTES), advance(result, CELL_BYTES)],
  ]);
}

/** The reference of the SIMD kernel. */
function createReference(length: number): { buffer: ArrayBuffer; run: Run } {
  const buffer = new ArrayBuffer(length);
  const words = new Int32Array(buffer);
  return {
    buffer,
    run(count, top, bottom, result) {
      for (let x = 0, a = top >> 2, b = bottom >> 2, o = result >> 2; x < count; x++, a += 8, b += 8, o += 4) {
        words[o] = meanOf(words, a, b);
        words[o + 1] = meanOf(words, a + 1, b + 1);
        words[o + 2] = meanOf(words, a + 2, b + 2);
        words[o + 3] = meanOf(words, a + 3, b + 3);
      }
    },
  };
}

function meanOf(words: Int32Array, a: number, b: number): number {
  const sum = (words[a] as number) + (words[a + 4] as number) + (words[b] as number) + (words[b + 4] as number);
  return (sum + 2) >> 2;
}
