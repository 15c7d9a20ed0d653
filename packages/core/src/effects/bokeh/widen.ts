import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { type Code, compile, instantiate, op, type Program, simd } from '../../filters/assemble.ts';
import { advance, repeat } from '../../filters/vectors.ts';
import { CLEAN, MIXED, SOLID } from './figures.ts';

/** What the subject's shares of cells and their neighbours let through, row by row. Owned by one thread. */
export interface Widener {
  /**
   * From the largest and the least shares. `rows`: where the row above, the row itself and the row below begin.
   * Overwritten by the next call.
   */
  widen(most: Uint8Array, least: Uint8Array, rows: readonly number[]): WidenedRow;
}

export interface WidenedRow {
  /** How far the light of cells may enter the blur: by the largest share, see {@link createWeightTable}. */
  readonly weights: Uint8Array;
  /** 1 where the least share is not all of it, else 0. */
  readonly active: Uint8Array;
}

/** How far each share of the subject lets light enter the blur, 0..255. */
export function createWeightTable(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, share) =>
    Math.round(255 * Math.max(0, Math.min(1, (MIXED - share) / (MIXED - CLEAN)))),
  );
}

export interface WidenerOptions {
  /** `false` keeps to TypeScript, the reference. */
  readonly simd?: boolean;
}

/** Cells at a time. */
const BLOCK = 16;

export function createWidener(
  width: number,
  cache: ThreadCache = createThreadCache(0),
  { simd: isWanted = true }: WidenerOptions = {},
): Widener {
  const blocks = Math.ceil(width / BLOCK);
  // A cell on either side has the value of the outermost, and the last block reads a whole vector more.
  const stride = (blocks + 2) * BLOCK;
  const length = 8 * stride;
  const ready = isWanted ? cache.take(`widen ${stride}`, () => compileWidener(stride)) : undefined;
  const { buffer, widen } = ready === undefined ? createReference(width, stride) : instantiateWidener(ready, length);
  const row = (index: number): Uint8Array => new Uint8Array(buffer, index * stride, stride);
  const lines = [0, 1, 2, 3, 4, 5].map(row);
  const widened = { weights: row(6).subarray(0, width), active: row(7).subarray(0, width) };

  return {
    widen(most, least, rows) {
      for (const [i, line] of lines.entries()) {
        const from = rows[i % 3] as number;
        line.set((i < 3 ? most : least).subarray(from, from + width), 1);
        line[0] = line[1] as number;
        line[width + 1] = line[width] as number;
      }
      widen(blocks);
      return widened;
    },
  };
}

type Widen = (blocks: number) => void;

function compileWidener(stride: number): Program | undefined {
  return compile([{ name: 'widen', arguments: 1, words: 1, vectors: 1, body: widenBody(stride) }]);
}

function instantiateWidener(program: Program, length: number): { buffer: ArrayBuffer; widen: Widen } {
  const { buffer, exports } = instantiate(program, length);
  return { buffer, widen: exports.widen as Widen };
}

/** Three rows of the largest values, three of the least, a row for each result. */
function widenBody(stride: number): Code {
  const [cell, share] = [1, 2];
  const near = (first: number): readonly number[] =>
    [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => (first + row) * stride + column));
  const fold = (offsets: readonly number[], join: Code): Code =>
    offsets.map((offset, i) => [op.get(cell), simd.load(offset), i === 0 ? [] : join]);
  const all = (value: number): Code => simd.constantBytes(...new Uint8Array(16).fill(value));
  // What lies between nothing and all of the weight is in two parts of the table; numbers beyond a part give 0.
  const table = createWeightTable();
  const part = (first: number): Code => [
    simd.constantBytes(...table.subarray(first, first + 16)),
    [op.get(share), all(first), simd.subtractBytes, simd.pickBytes],
  ];
  const clean: Code = [op.get(share), op.get(share), all(CLEAN), simd.leastBytes, simd.equalBytes];
  const solid: Code = [op.get(share), op.get(share), all(SOLID), simd.mostBytes, simd.equalBytes];
  return repeat([
    [fold(near(0), simd.mostBytes), op.set(share)],
    [op.get(cell), part(CLEAN + 1), part(CLEAN + 17), simd.or, clean, simd.or, simd.store(6 * stride)],
    [fold(near(3), simd.leastBytes), op.set(share)],
    [op.get(cell), all(1), solid, simd.andNot, simd.store(7 * stride)],
    advance(cell, BLOCK),
  ]);
}

/** The reference of the SIMD kernel. */
function createReference(width: number, stride: number): { buffer: ArrayBuffer; widen: Widen } {
  const buffer = new ArrayBuffer(8 * stride);
  const cells = new Uint8Array(buffer);
  const table = createWeightTable();
  const fold = (x: number, first: number, join: (a: number, b: number) => number): number => {
    let value = cells[first * stride + x] as number;
    for (let row = first; row < first + 3; row++) {
      for (let column = 0; column < 3; column++) value = join(value, cells[row * stride + x + column] as number);
    }
    return value;
  };
  return {
    buffer,
    widen() {
      for (let x = 0; x < width; x++) {
        cells[6 * stride + x] = table[fold(x, 0, Math.max)] as number;
        cells[7 * stride + x] = fold(x, 3, Math.min) < SOLID ? 1 : 0;
      }
    },
  };
}
