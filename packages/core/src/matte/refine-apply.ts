import type { Matte } from '../picture/matte.ts';
import type { Picture } from '../picture/picture.ts';
import { type CellGrid, cellRowOf } from './cells.ts';
import { ACTIVE, CERTAIN, overGrey } from './refine-fit.ts';

/** What red, green and blue are multiplied by, and what is added. */
type Line = [number, number, number, number];

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
  const { across, width, startsX, betweenX } = grid;
  const mixed = new Float32Array(across * 4);
  for (let y = from; y < to; y++) {
    const cells = cellRowOf(grid, y) * across;
    for (let i = 0; i < across; ) {
      const certain = flags[cells + i] === CERTAIN;
      const first = i;
      const value = matte.data[cells + i] as number;
      for (i++; i < across && (flags[cells + i] === CERTAIN) === certain; i++) {
        if (certain && (matte.data[cells + i] as number) > 127 !== value > 127) break;
      }
      const start = startsX[first] as number;
      const end = startsX[i] as number;
      if (certain) {
        result.data.fill(value > 127 ? 255 : 0, y * width + start, y * width + end);
        continue;
      }
      mixRow(matte, grid, flags, lines, y, Math.max(0, first - 1), Math.min(across - 1, i), mixed);
      for (let x = start, p = (y * width + start) * 4; x < end; ) {
        const index = betweenX.index[x] as number;
        const left = index * 4;
        const right = left + 4 < mixed.length ? left + 4 : left;
        const [r0, g0, b0, c0] = [mixed[left], mixed[left + 1], mixed[left + 2], mixed[left + 3]] as Line;
        const [r1, g1, b1, c1] = [mixed[right], mixed[right + 1], mixed[right + 2], mixed[right + 3]] as Line;
        for (; x < end && betweenX.index[x] === index; x++, p += 4) {
          const share = betweenX.share[x] as number;
          const rest = 1 - share;
          let r = picture.data[p] as number;
          let g = picture.data[p + 1] as number;
          let b = picture.data[p + 2] as number;
          const own = picture.data[p + 3] as number;
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
          result.data[y * width + x] = alpha <= 0 ? 0 : alpha >= 255 ? 255 : (alpha + 0.5) | 0;
        }
      }
    }
  }
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
  grid: CellGrid,
  flags: Uint8Array,
  missing: Float32Array,
  result: Matte,
  from: number,
  to: number,
): void {
  const { across, down, width, startsX, betweenX, betweenY } = grid;
  for (let y = from; y < to; y++) {
    const cells = cellRowOf(grid, y) * across;
    const upper = (betweenY.index[y] as number) * across;
    const lower = Math.min((down - 1) * across, upper + across);
    const shareY = betweenY.share[y] as number;
    for (let i = 0; i < across; i++) {
      if (flags[cells + i] === CERTAIN) continue;
      const end = startsX[i + 1] as number;
      for (let x = startsX[i] as number; x < end; ) {
        const left = betweenX.index[x] as number;
        const right = left + 1 < across ? left + 1 : left;
        const upperLeft = missing[upper + left] as number;
        const upperRight = missing[upper + right] as number;
        const lowerLeft = missing[lower + left] as number;
        const lowerRight = missing[lower + right] as number;
        for (; x < end && betweenX.index[x] === left; x++) {
          const shareX = betweenX.share[x] as number;
          const top = upperLeft * (1 - shareX) + upperRight * shareX;
          const bottom = lowerLeft * (1 - shareX) + lowerRight * shareX;
          const alpha = (result.data[y * width + x] as number) + top * (1 - shareY) + bottom * shareY;
          result.data[y * width + x] = alpha <= 0 ? 0 : alpha >= 255 ? 255 : (alpha + 0.5) | 0;
        }
      }
    }
  }
}
