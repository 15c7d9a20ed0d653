import type { Pass } from '../../async/plan.ts';
import type { Matte } from '../../picture/matte.ts';
import type { Allocate } from '../../picture/picture.ts';
import { planResizeMatte } from '../../picture/resize.ts';

// [Note: fields around a subject] What surrounds a subject (distance, glow, shadow) changes slowly from pixel to pixel.
// So it is made on a grid of some cells per unit of what is to be seen, far coarser than a large picture, and read
// between its cells row by row. Sizes depend on the picture's size and on parameters only.

/** Floats on a grid that covers the picture edge to edge. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A grid whose longer side has so many cells, or the picture's own size where that is smaller. */
export function toGrid({ width, height }: Size, cells: number): Size {
  const ratio = Math.min(1, cells / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) };
}

export function createField({ width, height }: Size, allocate: Allocate): Field {
  return { width, height, data: new Float32Array(allocate(width * height * 4)) };
}

/** The mean alpha of each cell, 0..1. */
export function planCoverage(alpha: Matte, grid: Size, allocate: Allocate): { passes: readonly Pass[]; field: Field } {
  const reduced = planResizeMatte(alpha, grid.width, grid.height, { filter: 'area', allocate });
  const field = createField(grid, allocate);
  const toShares: Pass = {
    name: 'coverage',
    rows: grid.height,
    run(from, to) {
      const { data } = reduced.result;
      for (let i = from * grid.width; i < to * grid.width; i++) field.data[i] = (data[i] as number) / 255;
    },
  };
  return { passes: [...reduced.passes, toShares], field };
}

/** Writes a row of the picture, read between the cells. Belongs to one thread. */
export type FieldRows = (y: number, out: Float32Array) => void;

/** Reads a field for a picture of this size, as if it lay so many pixels to the right and below; ends go on. */
export function createFieldRows(field: Field, size: Size, rightPx = 0, downPx = 0): FieldRows {
  const { width, height, data } = field;
  const index = new Int32Array(size.width);
  const next = new Int32Array(size.width);
  const share = new Float32Array(size.width);
  for (let x = 0; x < size.width; x++) {
    const at = place(x - rightPx, width, size.width);
    const cell = Math.floor(at);
    index[x] = cell;
    next[x] = Math.min(width - 1, cell + 1);
    share[x] = at - cell;
  }
  const line = new Float32Array(width);
  return (y, out) => {
    const at = place(y - downPx, height, size.height);
    const cell = Math.floor(at);
    const weight = at - cell;
    const above = cell * width;
    const below = Math.min(height - 1, cell + 1) * width;
    for (let i = 0; i < width; i++) {
      const value = data[above + i] as number;
      line[i] = value + ((data[below + i] as number) - value) * weight;
    }
    for (let x = 0; x < out.length; x++) {
      const value = line[index[x] as number] as number;
      out[x] = value + ((line[next[x] as number] as number) - value) * (share[x] as number);
    }
  };
}

/** Where the centre of a pixel lies between the centres of cells. */
function place(pixel: number, cells: number, pixels: number): number {
  return Math.max(0, Math.min(cells - 1, ((pixel + 0.5) * cells) / pixels - 0.5));
}
