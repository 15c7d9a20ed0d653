import type { Pass } from '../../async/plan.ts';
import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { compile, instantiate, op, simd, type WasmFunction } from '../../filters/assemble.ts';
import { add, advance, multiply, repeat, subtract } from '../../filters/vectors.ts';
import type { Allocate } from '../../picture/picture.ts';
import { toGrid } from '../around/field.ts';
import type { Backdrop, BackdropRows, Size } from './backdrop.ts';

/** Red, green, blue in floats, 0..255, on a grid that covers the picture edge to edge. */
export interface Canvas extends Size {
  readonly data: Float32Array;
}

export function createCanvas({ width, height }: Size, allocate: Allocate): Canvas {
  const floats = width * height * 3;
  return { width, height, data: new Float32Array(allocate(floats * 4), 0, floats) };
}

/** Draws one row of a canvas: three floats a cell. Belongs to one thread. */
export type DrawRow = (y: number, line: Float32Array) => void;

/**
 * What is drawn on a grid of at most so many cells along the longer side, the same at any size of the picture, and
 * enlarged row by row: backgrounds are out of focus.
 */
export function createDrawn(
  picture: Size,
  cells: number,
  createDraw: (grid: Size) => DrawRow,
  allocate: Allocate,
  cache?: ThreadCache,
): Backdrop {
  const grid = toGrid(picture, cells);
  const canvas = createCanvas(grid, allocate);
  const pass: Pass = {
    name: 'backdrop',
    rows: grid.height,
    run(from, to) {
      const draw = createDraw(grid);
      for (let y = from; y < to; y++) draw(y, canvas.data.subarray(y * grid.width * 3, (y + 1) * grid.width * 3));
    },
  };
  return { passes: [pass], create: () => createCanvasRows(canvas, picture, { cache }) };
}

export interface CanvasRowsOptions {
  /** `false` keeps to TypeScript, the reference: the bits are equal. */
  readonly simd?: boolean;
  readonly cache?: ThreadCache | undefined;
}

/** Reads a canvas between its cells. */
export function createCanvasRows(
  { width, height, data }: Canvas,
  size: Size,
  { simd: isWanted = true, cache = createThreadCache(0) }: CanvasRowsOptions = {},
): BackdropRows {
  // After the last cell comes the last again.
  const at = { row: 0, index: (width + 1) * CELL_BYTES, share: 0, line: 0 };
  at.share = at.index + size.width * 4;
  at.line = (at.share + size.width * 4 + 15) & -16;
  const length = at.line + size.width * CELL_BYTES;
  const program = isWanted ? cache.take('canvas rows', () => compile([betweenFunction()])) : undefined;
  const ready = program && instantiate(program, length);
  const buffer = ready?.buffer ?? new ArrayBuffer(length);
  const between = (ready?.exports.between as Between | undefined) ?? createReference(buffer);
  const index = new Int32Array(buffer, at.index, size.width);
  const share = new Float32Array(buffer, at.share, size.width);
  for (let x = 0; x < size.width; x++) {
    const cell = place(x, width, size.width);
    index[x] = Math.floor(cell) * CELL_BYTES;
    share[x] = cell - Math.floor(cell);
  }
  const row = new Float32Array(buffer, at.row, (width + 1) * 4).fill(255);
  const drawn = new Float32Array(buffer, at.line, size.width * 4);
  return (y, line) => {
    const cell = place(y, height, size.height);
    const weight = cell - Math.floor(cell);
    const above = Math.floor(cell) * width * 3;
    const below = Math.min(height - 1, Math.floor(cell) + 1) * width * 3;
    for (let channel = 0; channel < 3; channel++) {
      for (let i = above + channel, k = below + channel, o = channel; o < width * 4; i += 3, k += 3, o += 4) {
        const value = data[i] as number;
        row[o] = value + ((data[k] as number) - value) * weight;
      }
    }
    row.copyWithin(width * 4, (width - 1) * 4, width * 4);
    between(size.width, at.index, at.share, at.row, at.line);
    line.set(drawn);
  };
}

const CELL_BYTES = 16;

/** Mixes two cells of four floats for each pixel. Addresses are in bytes, as is the index. */
type Between = (count: number, index: number, share: number, row: number, line: number) => void;

function betweenFunction(): WasmFunction {
  const [index, share, row, line, cell, value] = [1, 2, 3, 4, 5, 6];
  const next = [op.get(cell), simd.load(CELL_BYTES)];
  const body = repeat([
    [op.get(row), op.get(index), op.load(0), op.add, op.set(cell), op.get(cell), simd.load(0), op.set(value)],
    [op.get(line)],
    add(op.get(value), multiply(subtract(next, op.get(value)), [op.get(share), simd.loadSplat(0)])),
    [simd.store(0), advance(index, 4), advance(share, 4), advance(line, CELL_BYTES)],
  ]);
  return { name: 'between', arguments: 5, words: 1, vectors: 1, body };
}

/** The reference, in 32-bit floats step by step. */
function createReference(buffer: ArrayBuffer): Between {
  const floats = new Float32Array(buffer);
  const words = new Int32Array(buffer);
  const { fround } = Math;
  return (count, index, share, row, line) => {
    for (let x = 0; x < count; x++) {
      const from = (row + (words[(index >> 2) + x] as number)) >> 2;
      const part = floats[(share >> 2) + x] as number;
      for (let c = 0; c < 4; c++) {
        const value = floats[from + c] as number;
        const more = fround(fround((floats[from + 4 + c] as number) - value) * part);
        floats[(line >> 2) + x * 4 + c] = value + more;
      }
    }
  };
}

function place(pixel: number, cells: number, pixels: number): number {
  return Math.max(0, Math.min(cells - 1, ((pixel + 0.5) * cells) / pixels - 0.5));
}
