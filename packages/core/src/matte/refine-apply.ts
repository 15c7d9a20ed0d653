import type { Matte } from '../picture/matte.ts';
import type { Picture } from '../picture/picture.ts';
import { type CellGrid, cellRowOf } from './cells.ts';
import { ACTIVE, CERTAIN, overGrey } from './refine-fit.ts';

/** Rows of alpha from the lines of the cells, interpolated between cell centres. Certain cells are filled. */
export function applyLines(
  picture: Picture,
  matte: Matte,
  grid: CellGrid,
  flags: Uint8Array,
  lines: Float32Array,
  result: Matte,
  from: number,
  to: number,
): void {
  const { across, width, startsX } = grid;
  const { index: cellOf, share: shareOf } = grid.betweenX;
  const { data } = picture;
  const alphas = result.data;
  const mixed = new Float32Array(across * 4);
  const runs = createRuns(matte, flags);
  for (let y = from; y < to; y++) {
    const row = cellRowOf(grid, y);
    const cells = row * across;
    const count = runs.find(row);
    for (let run = 0; run < count; run++) {
      const first = runs.starts[run] as number;
      const i = runs.starts[run + 1] as number;
      const start = startsX[first] as number;
      const end = startsX[i] as number;
      if (flags[cells + first] === CERTAIN) {
        alphas.fill((matte.data[cells + first] as number) > 127 ? 255 : 0, y * width + start, y * width + end);
        continue;
      }
      mixRow(matte, grid, flags, lines, y, Math.max(0, first - 1), Math.min(across - 1, i), mixed);
      for (let x = start, o = y * width + start; x < end; ) {
        const index = cellOf[x] as number;
        const left = index * 4;
        const right = left + 4 < mixed.length ? left + 4 : left;
        const r0 = mixed[left] as number;
        const g0 = mixed[left + 1] as number;
        const b0 = mixed[left + 2] as number;
        const c0 = mixed[left + 3] as number;
        const r1 = mixed[right] as number;
        const g1 = mixed[right + 1] as number;
        const b1 = mixed[right + 2] as number;
        const c1 = mixed[right + 3] as number;
        for (; x < end && cellOf[x] === index; x++, o++) {
          const share = shareOf[x] as number;
          const rest = 1 - share;
          const p = o * 4;
          let r = data[p] as number;
          let g = data[p + 1] as number;
          let b = data[p + 2] as number;
          const own = data[p + 3] as number;
          if (own !== 255) {
            r = overGrey(r, own);
            g = overGrey(g, own);
            b = overGrey(b, own);
          }
          const alpha =
            (r0 * rest + r1 * share) * r +
            (g0 * rest + g1 * share) * g +
            (b0 * rest + b1 * share) * b +
            (c0 * rest + c1 * share);
          alphas[o] = alpha <= 0 ? 0 : alpha >= 255 ? 255 : (alpha + 0.5) | 0;
        }
      }
    }
  }
}

/** Cells side by side in a row that are all certain and alike, or all uncertain. */
interface Runs {
  /** Finds those of a row of cells; gives how many there are. Costs next to nothing for the row that was asked last. */
  find(row: number): number;
  /** The first cell of each, and then where the last one ends. */
  readonly starts: Int32Array;
}

function createRuns({ data, width }: Matte, flags: Uint8Array): Runs {
  const starts = new Int32Array(width + 1);
  let found = { row: -1, count: 0 };
  return {
    starts,
    find(row) {
      if (found.row === row) return found.count;
      let count = 0;
      for (let i = 0, cell = row * width, before = -1; i < width; i++, cell++) {
        const kind = flags[cell] !== CERTAIN ? 0 : (data[cell] as number) > 127 ? 1 : 2;
        if (kind !== before) starts[count++] = i;
        before = kind;
      }
      starts[count] = width;
      found = { row, count };
      return count;
    },
  };
}

/** The lines of the cells `first`..`last`, interpolated between two rows of cells. */
function mixRow(
  matte: Matte,
  grid: CellGrid,
  flags: Uint8Array,
  lines: Float32Array,
  y: number,
  first: number,
  last: number,
  mixed: Float32Array,
): void {
  const { across, down, betweenY } = grid;
  const upper = betweenY.index[y] as number;
  const lower = Math.min(down - 1, upper + 1);
  const share = betweenY.share[y] as number;
  for (let i = first; i <= last; i++) {
    const o = i * 4;
    mixed[o] = 0;
    mixed[o + 1] = 0;
    mixed[o + 2] = 0;
    mixed[o + 3] = 0;
    addLine(matte, flags, lines, upper * across + i, 1 - share, mixed, o);
    addLine(matte, flags, lines, lower * across + i, share, mixed, o);
  }
}

function addLine(
  matte: Matte,
  flags: Uint8Array,
  lines: Float32Array,
  cell: number,
  weight: number,
  mixed: Float32Array,
  o: number,
): void {
  if (flags[cell] === ACTIVE) {
    for (let k = 0; k < 4; k++) mixed[o + k] = (mixed[o + k] as number) + weight * (lines[cell * 4 + k] as number);
  } else {
    mixed[o + 3] = (mixed[o + 3] as number) + weight * (matte.data[cell] as number);
  }
}

/** For one row of cells, how much the mean of the result falls short of the matte; 0 in certain cells. */
export function findMissing(
  matte: Matte,
  grid: CellGrid,
  flags: Uint8Array,
  result: Matte,
  row: number,
  missing: Float32Array,
): void {
  const { across, areaX, areaY, width } = grid;
  for (let i = 0; i < across; i++) {
    const cell = row * across + i;
    if (flags[cell] === CERTAIN) continue;
    let mean = 0;
    for (let v = 0; v < areaY.count; v++) {
      const weightY = areaY.weights[row * areaY.count + v] as number;
      if (weightY === 0) continue;
      const p = ((areaY.starts[row] as number) + v) * width + (areaX.starts[i] as number);
      let line = 0;
      for (let u = 0; u < areaX.count; u++) {
        line += (areaX.weights[i * areaX.count + u] as number) * (result.data[p + u] as number);
      }
      mean += weightY * line;
    }
    missing[cell] = (matte.data[cell] as number) - mean;
  }
}

/** Adds to the pixels of rows `from`..`to` what is missing from their cells, interpolated between cell centres. */
export function restore(
  matte: Matte,
  grid: CellGrid,
  flags: Uint8Array,
  missing: Float32Array,
  result: Matte,
  from: number,
  to: number,
): void {
  const { across, down, width, startsX, betweenY } = grid;
  const { index: cellOf, share: shareOf } = grid.betweenX;
  const alphas = result.data;
  const runs = createRuns(matte, flags);
  for (let y = from; y < to; y++) {
    const row = cellRowOf(grid, y);
    const count = runs.find(row);
    const upper = (betweenY.index[y] as number) * across;
    const lower = Math.min((down - 1) * across, upper + across);
    const shareY = betweenY.share[y] as number;
    const restY = 1 - shareY;
    for (let run = 0; run < count; run++) {
      const first = runs.starts[run] as number;
      if (flags[row * across + first] === CERTAIN) continue;
      const end = startsX[runs.starts[run + 1] as number] as number;
      for (let x = startsX[first] as number; x < end; ) {
        const left = cellOf[x] as number;
        const right = left + 1 < across ? left + 1 : left;
        const upperLeft = missing[upper + left] as number;
        const upperRight = missing[upper + right] as number;
        const lowerLeft = missing[lower + left] as number;
        const lowerRight = missing[lower + right] as number;
        for (let o = y * width + x; x < end && cellOf[x] === left; x++, o++) {
          const shareX = shareOf[x] as number;
          const restX = 1 - shareX;
          const top = upperLeft * restX + upperRight * shareX;
          const bottom = lowerLeft * restX + lowerRight * shareX;
          const alpha = (alphas[o] as number) + top * restY + bottom * shareY;
          alphas[o] = alpha <= 0 ? 0 : alpha >= 255 ? 255 : (alpha + 0.5) | 0;
        }
      }
    }
  }
}
