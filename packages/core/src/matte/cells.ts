import { type Between, createBetween } from '../filters/between.ts';
import { createTaps, type Taps } from '../picture/taps.ts';

/** The cells of a matte laid over a picture: which pixels each one is the mean of. */
export interface CellGrid {
  /** Cells across and down: the matte's size. */
  readonly across: number;
  readonly down: number;
  /** Size of the picture. */
  readonly width: number;
  readonly height: number;
  readonly areaX: Taps;
  readonly areaY: Taps;
  readonly betweenX: Between;
  readonly betweenY: Between;
  /** First column of each cell, and the width at the end: a pixel is of the cell that its centre lies in. */
  readonly startsX: Int32Array;
}

export function createCellGrid(across: number, down: number, width: number, height: number): CellGrid {
  return {
    across,
    down,
    width,
    height,
    areaX: createTaps(width, across, 'area'),
    areaY: createTaps(height, down, 'area'),
    betweenX: createBetween(across, width),
    betweenY: createBetween(down, height),
    startsX: Int32Array.from({ length: across + 1 }, (_, i) => Math.ceil((i * width) / across - 0.5)),
  };
}

/** The row of cells that a row of pixels is of. */
export function cellRowOf(grid: CellGrid, y: number): number {
  return Math.min(grid.down - 1, Math.floor(((y + 0.5) * grid.down) / grid.height));
}

/** Sets `near` for the cells of one row that have a cell with that flag within `reach` in any direction. */
export function markNear(
  flags: Uint8Array,
  flag: number,
  grid: { readonly across: number; readonly down: number },
  row: number,
  reach: number,
  near: Uint8Array,
): void {
  const { across, down } = grid;
  near.fill(0);
  const bottom = Math.min(down - 1, row + reach);
  for (let j = Math.max(0, row - reach); j <= bottom; j++) {
    const cells = flags.subarray(j * across, (j + 1) * across);
    const first = cells.indexOf(flag);
    const last = first < 0 ? -1 : cells.lastIndexOf(flag);
    for (let i = first; i <= last && i >= 0; i++) if (cells[i] === flag) near[i] = 1;
  }
  // What is only reached is marked 2, so that it does not reach further.
  for (let i = near.indexOf(1), since = 0; i >= 0 && i < across; i++) {
    since = near[i] === 1 ? 0 : since + 1;
    if (since > 0 && since <= reach) near[i] = 2;
  }
  for (let i = near.lastIndexOf(1), since = 0; i >= 0; i--) {
    since = near[i] === 1 ? 0 : since + 1;
    if (since > 0 && since <= reach) near[i] = 2;
  }
}
