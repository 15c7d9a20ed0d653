import { createBetween, type Picture } from '@focal/core';
import { toColourSteps } from './colours.ts';
import type { Area, Plane, Size } from './grid.ts';

/** Side of a cell, in pixels of the grid. */
export const CELL = 2;
/** A cell is contested where two people claim more than this. */
const CLAIMED = 0.1;
/** Cells more around what is contested, which lend their shares. */
const MARGIN = 6;

/** The picture that people are told apart in, in cells of 2 × 2 pixels: models and colours need no more. */
export interface Cells {
  readonly area: Area;
  /** The picture in cells, of which the last may be cut. */
  readonly size: Size;
  /** Mean RGB 0..1 of each, three numbers. */
  readonly colours: Float32Array;
  readonly steps: Uint16Array;
}

export function readCells({ width, height, data }: Picture): Cells {
  const area = { x: 0, y: 0, width: Math.ceil(width / CELL), height: Math.ceil(height / CELL) };
  const colours = new Float32Array(area.width * area.height * 3);
  for (let row = 0, o = 0; row < area.height; row++) {
    const bottom = Math.min(height, (row + 1) * CELL);
    for (let column = 0; column < area.width; column++, o += 3) {
      const right = Math.min(width, (column + 1) * CELL);
      let [r, g, b] = [0, 0, 0];
      for (let y = row * CELL; y < bottom; y++) {
        for (let x = column * CELL, i = (y * width + x) * 4; x < right; x++, i += 4) {
          r += data[i] as number;
          g += data[i + 1] as number;
          b += data[i + 2] as number;
        }
      }
      const count = (bottom - row * CELL) * (right - column * CELL);
      colours[o] = r / (255 * count);
      colours[o + 1] = g / (255 * count);
      colours[o + 2] = b / (255 * count);
    }
  }
  const size = { width: width / CELL, height: height / CELL };
  return { area, size, colours, steps: toColourSteps(colours) };
}

/** The pixels of cells. */
export function pixelsOf({ x, y, width, height }: Area, grid: Size): Area {
  const [left, top] = [x * CELL, y * CELL];
  return {
    x: left,
    y: top,
    width: Math.min(grid.width, left + width * CELL) - left,
    height: Math.min(grid.height, top + height * CELL) - top,
  };
}

/** The cells that these pixels lie in. */
export function cellsOf({ x, y, width, height }: Area): Area {
  const [left, top] = [Math.floor(x / CELL), Math.floor(y / CELL)];
  return { x: left, y: top, width: Math.ceil((x + width) / CELL) - left, height: Math.ceil((y + height) / CELL) - top };
}

/** Means of those values that lie in each cell. */
export function toCells({ area, values }: Plane): Plane {
  const cells = cellsOf(area);
  const means = new Float32Array(cells.width * cells.height);
  for (let row = 0, o = 0; row < cells.height; row++) {
    const from = (cells.y + row) * CELL - area.y;
    const [top, bottom] = [Math.max(0, from), Math.min(area.height, from + CELL)];
    for (let column = 0; column < cells.width; column++, o++) {
      const start = (cells.x + column) * CELL - area.x;
      const [left, right] = [Math.max(0, start), Math.min(area.width, start + CELL)];
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let i = y * area.width + left, end = y * area.width + right; i < end; i++) sum += values[i] as number;
      }
      means[o] = sum / ((bottom - top) * (right - left));
    }
  }
  return { area: cells, values: means };
}

/** What holds all cells that are contested, with a margin; nothing where none is. */
export function contestedCells(whole: Area, claims: readonly Plane[]): Area | undefined {
  const isClaimed = new Uint8Array(whole.width * whole.height);
  let [left, top, right, bottom] = [whole.width, whole.height, 0, 0];
  for (const { area, values } of claims) {
    for (let y = area.y, i = 0; y < area.y + area.height; y++) {
      for (let x = area.x, at = y * whole.width + x; x < area.x + area.width; x++, i++, at++) {
        if ((values[i] as number) <= CLAIMED) continue;
        if (isClaimed[at] === 1) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
        }
        isClaimed[at] = 1;
      }
    }
  }
  if (right <= left) return undefined;
  const x = Math.max(0, left - MARGIN);
  const y = Math.max(0, top - MARGIN);
  return {
    x,
    y,
    width: Math.min(whole.width, right + MARGIN) - x,
    height: Math.min(whole.height, bottom + MARGIN) - y,
  };
}

/** The shares read between cells at each pixel of the claim's area; beyond the cells the claim itself. */
export function toPixels({ area, values }: Plane, shares: Float32Array, cells: Area): Float32Array {
  const pixels = values.slice();
  const columns = createBetween(cells.width, cells.width * CELL);
  const rows = createBetween(cells.height, cells.height * CELL);
  const [left, top] = [cells.x * CELL, cells.y * CELL];
  const right = Math.min(area.x + area.width, left + cells.width * CELL);
  const bottom = Math.min(area.y + area.height, top + cells.height * CELL);
  for (let y = Math.max(area.y, top); y < bottom; y++) {
    const above = (rows.index[y - top] as number) * cells.width;
    const below = Math.min((cells.height - 1) * cells.width, above + cells.width);
    const shareY = rows.share[y - top] as number;
    for (let x = Math.max(area.x, left); x < right; x++) {
      const from = columns.index[x - left] as number;
      const to = Math.min(cells.width - 1, from + 1);
      const shareX = columns.share[x - left] as number;
      const upper = (shares[above + from] as number) * (1 - shareX) + (shares[above + to] as number) * shareX;
      const lower = (shares[below + from] as number) * (1 - shareX) + (shares[below + to] as number) * shareX;
      pixels[(y - area.y) * area.width + x - area.x] = upper + (lower - upper) * shareY;
    }
  }
  return pixels;
}
