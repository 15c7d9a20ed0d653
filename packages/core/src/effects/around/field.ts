import type { Pass, Plan } from '../../async/plan.ts';
import { findRunEnd, toWords, trimZeros } from '../../matte/runs.ts';
import type { Matte } from '../../picture/matte.ts';
import type { Allocate, Bytes } from '../../picture/picture.ts';
import { createAxes } from '../../picture/resize.ts';
import type { Taps } from '../../picture/taps.ts';

// [Note: fields around a subject] What surrounds a subject (distance, glow, shadow) changes slowly from pixel to pixel.
// So it is made on a grid of some cells per unit of what is to be seen, far coarser than a large picture, and read
// between its cells row by row. Sizes depend on the picture's size and on parameters only.

/** Floats on a grid that covers the picture edge to edge. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Where there is nothing to be seen. */
export const NO_FIELD: Plan<undefined> = { passes: [], result: undefined };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A grid whose longer side has so many cells, or the picture's own size where that is smaller. */
export function toGrid({ width, height }: Size, cells: number): Size {
  const ratio = Math.min(1, cells / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) };
}

/** A field that is written all over before it is read. */
export function createField({ width, height }: Size, allocate: Allocate): Field {
  const cells = width * height;
  return { width, height, data: new Float32Array(allocate(cells * 4, 'anything'), 0, cells) };
}

/** The mean alpha of each cell, 0..1. */
export function planCoverage(alpha: Matte, grid: Size, allocate: Allocate): Plan<Field> {
  const field = createField(grid, allocate);
  const { columns, rows } = createAxes(alpha, grid.width, grid.height, { filter: 'area' });
  const pass: Pass = {
    name: 'coverage',
    rows: grid.height,
    run(from, to) {
      const sums = new Float64Array(alpha.width);
      const words = toWords(alpha.data);
      for (let y = from; y < to; y++) {
        let [first, last] = [alpha.width, 0];
        let [solidFrom, solidTo] = [0, alpha.width];
        // What a pixel adds up to that is covered in all rows.
        let solid = 0;
        const spans: (readonly [start: number, left: number, right: number, weight: number])[] = [];
        for (let tap = 0; tap < rows.count; tap++) {
          const weight = (rows.weights[y * rows.count + tap] as number) / 255;
          if (weight === 0) continue;
          const start = ((rows.starts[y] as number) + tap) * alpha.width;
          const [left, right] = trimZeros(alpha.data, words, start, start + alpha.width);
          spans.push([start, left - start, right - start, weight]);
          [first, last] = [Math.min(first, left - start), Math.max(last, right - start)];
          const run = findSolid(alpha.data, words, left, right);
          [solidFrom, solidTo] = [Math.max(solidFrom, run[0] - start), Math.min(solidTo, run[1] - start)];
          solid += 255 * weight;
        }
        if (solidFrom >= solidTo) solidFrom = solidTo = alpha.width;
        for (const [start, left, right, weight] of spans) {
          addBytes(sums, alpha.data, start, left, Math.min(right, solidFrom), weight);
          addBytes(sums, alpha.data, start, solidTo, right, weight);
        }
        sums.fill(solid, solidFrom, solidTo);
        sumAcross(sums, columns, first, last, field.data.subarray(y * grid.width, (y + 1) * grid.width));
        sums.fill(0, first, last);
      }
    },
  };
  return { passes: [pass], result: field };
}

/** How far from the left end a run of 255 is looked for: edges are soft, and seldom wider. */
const SOFT_EDGE_PX = 256;

/** A long run of 255 between two places; empty where none begins near the first. */
function findSolid(
  data: Bytes,
  words: Int32Array | undefined,
  left: number,
  right: number,
): readonly [from: number, to: number] {
  let from = left;
  const latest = Math.min(right, left + SOFT_EDGE_PX);
  while (from < latest && data[from] !== 255) from++;
  return [from, findRunEnd(data, words, from, right, 255)];
}

function addBytes(sums: Float64Array, bytes: Bytes, start: number, from: number, to: number, weight: number): void {
  for (let x = from; x < to; x++) sums[x] = (sums[x] as number) + (bytes[start + x] as number) * weight;
}

/** Of sums that are 0 before `first` and from `last` on. */
function sumAcross(
  sums: Float64Array,
  { count, starts, weights }: Taps,
  first: number,
  last: number,
  out: Float32Array,
): void {
  for (let x = 0; x < starts.length; x++) {
    const start = starts[x] as number;
    let sum = 0;
    if (start < last && start + count > first) {
      for (let tap = 0; tap < count; tap++) sum += (sums[start + tap] as number) * (weights[x * count + tap] as number);
    }
    out[x] = sum;
  }
}

/** Reads a field between its cells, row by row of the picture. Belongs to one thread. */
export interface FieldRows {
  /** Goes to a row of the picture. Gives the pixels, from and to, outside of which nothing of it is to be seen. */
  enter(y: number): readonly [from: number, to: number];
  /** Writes pixels `from` to `to` of the row that was entered: within what {@link FieldRows.enter} gave. */
  read(out: Float32Array, from: number, to: number): void;
}

export interface FieldRowsOptions {
  /** As if the field lay so many pixels to the right and below; its ends go on. Default: 0. */
  readonly rightPx?: number;
  readonly downPx?: number;
  /** Whether a value is to be seen; of values of which none is, no mean is either. Default: all are. */
  readonly isSeen?: (value: number) => boolean;
}

/** Reads a field for a picture of this size. */
export function createFieldRows(
  field: Field,
  size: Size,
  { rightPx = 0, downPx = 0, isSeen = () => true }: FieldRowsOptions = {},
): FieldRows {
  const { width, height, data } = field;
  const index = new Int32Array(size.width);
  const share = new Float32Array(size.width);
  for (let x = 0; x < size.width; x++) {
    const at = place(x - rightPx, width, size.width);
    index[x] = Math.floor(at);
    share[x] = at - Math.floor(at);
  }
  // After the last cell comes the last again.
  const line = new Float32Array(width + 1);
  const toPixel = (cell: number): number => ((cell + 0.5) * size.width) / width - 0.5 + rightPx;
  const clampX = (x: number): number => Math.max(0, Math.min(size.width, x));
  let held = -1;
  let [first, last] = [0, -1];
  let span: readonly [number, number] = [0, 0];

  /** Looks for what is to be seen of two rows of cells. */
  function hold(above: number, below: number): void {
    const sees = (x: number): boolean => isSeen(data[above + x] as number) || isSeen(data[below + x] as number);
    [first, last] = [0, width - 1];
    while (first < width && !sees(first)) first++;
    while (last > first && !sees(last)) last--;
    span = [0, 0];
    if (first === width) return;
    const from = first === 0 ? 0 : Math.floor(toPixel(first - 1));
    const to = last === width - 1 ? size.width : Math.ceil(toPixel(last + 1)) + 1;
    span = [clampX(from), clampX(to)];
    // Pixels at the ends of the span read one cell more.
    [first, last] = [Math.max(0, first - 2), Math.min(width - 1, last + 2)];
  }

  return {
    enter(y) {
      const at = place(y - downPx, height, size.height);
      const cell = Math.floor(at);
      const weight = at - cell;
      const above = cell * width;
      const below = Math.min(height - 1, cell + 1) * width;
      if (held !== cell) hold(above, below);
      held = cell;
      for (let i = first; i <= last; i++) {
        const value = data[above + i] as number;
        line[i] = value + ((data[below + i] as number) - value) * weight;
      }
      if (last === width - 1) line[width] = line[width - 1] as number;
      return span;
    },
    read(out, from, to) {
      for (let x = from; x < to; x++) {
        const cell = index[x] as number;
        const value = line[cell] as number;
        out[x] = value + ((line[cell + 1] as number) - value) * (share[x] as number);
      }
    },
  };
}

/** Where the centre of a pixel lies between the centres of cells. */
function place(pixel: number, cells: number, pixels: number): number {
  return Math.max(0, Math.min(cells - 1, ((pixel + 0.5) * cells) / pixels - 0.5));
}
