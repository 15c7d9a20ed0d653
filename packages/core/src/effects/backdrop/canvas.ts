import type { Pass } from '../../async/plan.ts';
import type { Allocate } from '../../picture/picture.ts';
import { toGrid } from '../around/field.ts';
import type { Backdrop, BackdropRows, Size } from './backdrop.ts';

/** Red, green, blue in floats, 0..255, on a grid that covers the picture edge to edge. */
export interface Canvas extends Size {
  readonly data: Float32Array;
}

export function createCanvas({ width, height }: Size, allocate: Allocate): Canvas {
  return { width, height, data: new Float32Array(allocate(width * height * 3 * 4)) };
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
  return { passes: [pass], create: () => createCanvasRows(canvas, picture) };
}

/** Reads a canvas between its cells. */
export function createCanvasRows({ width, height, data }: Canvas, size: Size): BackdropRows {
  const index = new Int32Array(size.width);
  const next = new Int32Array(size.width);
  const share = new Float32Array(size.width);
  for (let x = 0; x < size.width; x++) {
    const at = place(x, width, size.width);
    const cell = Math.floor(at);
    index[x] = cell * 3;
    next[x] = Math.min(width - 1, cell + 1) * 3;
    share[x] = at - cell;
  }
  const row = new Float32Array(width * 3);
  return (y, line) => {
    const at = place(y, height, size.height);
    const cell = Math.floor(at);
    const weight = at - cell;
    const above = cell * width * 3;
    const below = Math.min(height - 1, cell + 1) * width * 3;
    for (let i = 0; i < row.length; i++) {
      const value = data[above + i] as number;
      row[i] = value + ((data[below + i] as number) - value) * weight;
    }
    for (let o = 0, x = 0; o < line.length; o += 4, x++) {
      const i = index[x] as number;
      const j = next[x] as number;
      const part = share[x] as number;
      const r = row[i] as number;
      const g = row[i + 1] as number;
      const b = row[i + 2] as number;
      line[o] = r + ((row[j] as number) - r) * part;
      line[o + 1] = g + ((row[j + 1] as number) - g) * part;
      line[o + 2] = b + ((row[j + 2] as number) - b) * part;
      line[o + 3] = 255;
    }
  };
}

function place(pixel: number, cells: number, pixels: number): number {
  return Math.max(0, Math.min(cells - 1, ((pixel + 0.5) * cells) / pixels - 0.5));
}
