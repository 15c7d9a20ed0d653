import { createBetween, type Picture } from '@focal/core';
import type { Claim } from './claim.ts';
import type { Area } from './grid.ts';

/** Side of a cell, in pixels of the grid. */
export const CELL = 2;
/** A pixel is contested where two people claim more than this. */
const CLAIMED = 0.1;
/** Cells more around what is contested, which lend their shares. */
const MARGIN = 6;

/** What holds all cells that are contested, with a margin; nothing where none is. */
export function contestedCells(grid: Picture, claims: readonly Claim[]): Area | undefined {
  const counts = new Uint8Array(grid.width * grid.height);
  let [left, top, right, bottom] = [grid.width, grid.height, 0, 0];
  for (const { area, values } of claims) {
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * grid.width + area.x; x < area.width; x++, i++, at++) {
        if ((values[i] as number) <= CLAIMED) continue;
        if (counts[at] === 1) {
          left = Math.min(left, x + area.x);
          right = Math.max(right, x + area.x + 1);
          top = Math.min(top, y + area.y);
          bottom = Math.max(bottom, y + area.y + 1);
        }
        counts[at] = 1;
      }
    }
  }
  if (right <= left) return undefined;
  const x = Math.max(0, Math.floor(left / CELL) - MARGIN);
  const y = Math.max(0, Math.floor(top / CELL) - MARGIN);
  const width = Math.min(Math.ceil(grid.width / CELL), Math.ceil(right / CELL) + MARGIN) - x;
  const height = Math.min(Math.ceil(grid.height / CELL), Math.ceil(bottom / CELL) + MARGIN) - y;
  return { x, y, width, height };
}

/** Means of claim and pose in each cell, 0 where the claim's area does not reach; `isInside` where it does. */
export interface Cells {
  readonly values: Float32Array;
  readonly poses: Float32Array;
  readonly isInside: Uint8Array;
}

export function toCells({ area, values, poses }: Claim, { x: left, y: top, width, height }: Area): Cells {
  const cells = {
    values: new Float32Array(width * height),
    poses: new Float32Array(width * height),
    isInside: new Uint8Array(width * height),
  };
  const counts = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < area.height; y++) {
    const row = (((y + area.y) / CELL) | 0) - top;
    for (let x = 0; x < area.width; x++, i++) {
      const column = (((x + area.x) / CELL) | 0) - left;
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const o = row * width + column;
      cells.values[o] = (cells.values[o] as number) + (values[i] as number);
      cells.poses[o] = (cells.poses[o] as number) + (poses[i] as number);
      cells.isInside[o] = 1;
      counts[o] = (counts[o] as number) + 1;
    }
  }
  for (let o = 0; o < counts.length; o++) {
    if (counts[o] === 0) continue;
    cells.values[o] = (cells.values[o] as number) / (counts[o] as number);
    cells.poses[o] = (cells.poses[o] as number) / (counts[o] as number);
  }
  return cells;
}

/** Mean RGB 0..1 of each cell. */
export function readCells({ width, height, data }: Picture, area: Area): Float32Array {
  const colours = new Float32Array(area.width * area.height * 3);
  for (let row = 0, o = 0; row < area.height; row++) {
    for (let column = 0; column < area.width; column++, o += 3) {
      let [r, g, b, count] = [0, 0, 0, 0];
      for (let y = (row + area.y) * CELL; y < Math.min(height, (row + area.y + 1) * CELL); y++) {
        for (let x = (column + area.x) * CELL; x < Math.min(width, (column + area.x + 1) * CELL); x++, count++) {
          const i = (y * width + x) * 4;
          r += data[i] as number;
          g += data[i + 1] as number;
          b += data[i + 2] as number;
        }
      }
      colours[o] = r / (255 * count);
      colours[o + 1] = g / (255 * count);
      colours[o + 2] = b / (255 * count);
    }
  }
  return colours;
}

/** The shares read between cells at each pixel of the claim's area; beyond the cells the claim itself. */
export function toPixels({ area, values }: Claim, shares: Float32Array, cells: Area): Float32Array {
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
