import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { type Code, compile, instantiate, op, type Program, simd } from '../../filters/assemble.ts';
import { advance, repeat } from '../../filters/vectors.ts';

/** The subject's shares of 2×2 pixels, row by row, from a plane of alpha. Owned by one thread. */
export interface CellSharer {
  /** `top` and `bottom`: where the two rows of pixels begin. Overwritten by the next call. */
  share(alpha: Uint8Array | Uint8ClampedArray, top: number, bottom: number): CellShares;
}

export interface CellShares {
  /** The mean of the four, rounded. */
  readonly cover: Uint8Array;
  readonly most: Uint8Array;
  readonly least: Uint8Array;
}

export interface CellSharerOptions {
  /** `false` keeps to TypeScript, the reference. */
  readonly simd?: boolean;
}

/** Cells at a time. */
const BLOCK = 16;

/** For rows of so many pixels; where that is odd, the last cell has its column twice. */
export function createCellSharer(
  width: number,
  cache: ThreadCache = createThreadCache(0),
  { simd: isWanted = true }: CellSharerOptions = {},
): CellSharer {
  const cells = (width + 1) >> 1;
  const blocks = Math.ceil(cells / BLOCK);
  // Two rows of pixels, then a row for each result.
  const stride = blocks * BLOCK;
  const length = 7 * stride;
  const name = `cell shares ${stride}`;
  const ready = isWanted ? cache.take(name, () => compileSharer(stride)) : undefined;
  const { buffer, run } = ready === undefined ? createReference(cells, stride) : instantiateSharer(ready, length);
  const pixels = [0, 1].map((row) => new Uint8Array(buffer, row * 2 * stride, 2 * stride));
  const result = (index: number): Uint8Array => new Uint8Array(buffer, (4 + index) * stride, cells);
  const shares = { cover: result(0), most: result(1), least: result(2) };

  return {
    share(alpha, top, bottom) {
      for (const [i, line] of pixels.entries()) {
        const from = i === 0 ? top : bottom;
        line.set(alpha.subarray(from, from + width));
        if (width < line.length) line[width] = line[width - 1] as number;
      }
      run(blocks);
      return shares;
    },
  };
}

type Run = (blocks: number) => void;

function compileSharer(stride: number): Program | undefined {
  return compile([{ name: 'share', arguments: 1, words: 2, vectors: 4, body: shareBody(stride) }]);
}

function instantiateSharer(program: Program, length: number): { buffer: ArrayBuffer; run: Run } {
  const { buffer, exports } = instantiate(program, length);
  return { buffer, run: exports.share as Run };
}

function shareBody(stride: number): Code {
  const [pixel, cell, a, b, c, d] = [1, 2, 3, 4, 5, 6];
  const every = (first: number): Code => simd.shuffleBytes(...Array.from({ length: BLOCK }, (_, i) => first + 2 * i));
  const load = (offset: number, to: number): Code => [op.get(pixel), simd.load(offset), op.set(to)];
  /** Of one of the rows, its left or right pixels of all cells. */
  const side = (low: number, high: number, first: number): Code => [op.get(low), op.get(high), every(first)];
  const fold = (join: Code): Code => [
    [side(a, b, 0), side(a, b, 1), join],
    [side(c, d, 0), side(c, d, 1), join, join],
  ];
  /** Of eight cells, as shorts. */
  const mean = (top: number, bottom: number): Code => [
    [op.get(top), simd.addPairsOfBytes, op.get(bottom), simd.addPairsOfBytes, simd.addShorts],
    [simd.constantI(0x00020002), simd.addShorts, op.constant(2), simd.shiftRightShorts],
  ];
  return repeat([
    [load(0, a), load(16, b), load(2 * stride, c), load(2 * stride + 16, d)],
    [op.get(cell), mean(a, c), mean(b, d), simd.narrowToBytes, simd.store(4 * stride)],
    [op.get(cell), fold(simd.mostBytes), simd.store(5 * stride)],
    [op.get(cell), fold(simd.leastBytes), simd.store(6 * stride)],
    [advance(pixel, 2 * BLOCK), advance(cell, BLOCK)],
  ]);
}

/** The reference of the SIMD kernel. */
function createReference(cells: number, stride: number): { buffer: ArrayBuffer; run: Run } {
  const buffer = new ArrayBuffer(7 * stride);
  const bytes = new Uint8Array(buffer);
  return {
    buffer,
    run() {
      for (let x = 0; x < cells; x++) {
        const a = bytes[2 * x] as number;
        const b = bytes[2 * x + 1] as number;
        const c = bytes[2 * stride + 2 * x] as number;
        const d = bytes[2 * stride + 2 * x + 1] as number;
        bytes[4 * stride + x] = (a + b + c + d + 2) >> 2;
        const [high, low] = a > b ? [a, b] : [b, a];
        const [higher, lower] = c > d ? [c, d] : [d, c];
        bytes[5 * stride + x] = high > higher ? high : higher;
        bytes[6 * stride + x] = low < lower ? low : lower;
      }
    },
  };
}
