import { FocalError } from '../errors.ts';
import type { Picture } from '../picture/picture.ts';
import type { Region } from '../picture/resize.ts';
import type { Point } from '../scene/geometry.ts';
import { createBetween } from './between.ts';
import { assertPlane } from './plane.ts';

export interface GuidedFilterOptions {
  /** Half the side of the windows, in pixels. */
  readonly radius: number;
  /** Variance of the guide below which it counts as flat, in the guide's units squared. Above 0. */
  readonly epsilon: number;
  /**
   * Fits on every n-th pixel only, then applies the fit to all of them: about n² times as fast and nearly the same
   * (He & Sun, "Fast guided filter", 2015). Default 1.
   */
  readonly subsample?: number;
}

/**
 * Smooths `input` but for the edges that the colour guide has (He, Sun & Tang, "Guided image filtering", 2013, the
 * version for colour guides). The cost does not grow with the radius.
 *
 * @param guide RGB, three numbers a pixel, in the same layout as the input.
 */
export function guidedFilter(
  guide: Float32Array,
  input: Float32Array,
  width: number,
  height: number,
  options: GuidedFilterOptions,
): Float32Array {
  const { radius, epsilon, subsample = 1 } = options;
  assertPlane(input, width, height, radius);
  assertPlane(guide, width, height, radius, 3);
  if (!(epsilon > 0)) {
    throw new FocalError('invalid-argument', `Expected a number above 0 for epsilon, got ${epsilon}.`);
  }
  if (!Number.isSafeInteger(subsample) || subsample < 1) {
    throw new FocalError('invalid-argument', `Expected a whole number from 1 for subsample, got ${subsample}.`);
  }
  const across = Math.ceil(width / subsample);
  const down = Math.ceil(height / subsample);
  const reach = subsample === 1 ? radius : Math.max(1, Math.round(radius / subsample));
  const pixels = reduce(guide, input, width, height, subsample);
  const lines = meanOfWindows(fitWindows(pixels, across, down, reach, epsilon), across, down, reach);
  const part = { x: 0, y: 0, width, height };
  return applyLines({ lines, across, down, size: subsample }, part, (y) =>
    guide.subarray(y * width * 3, (y + 1) * width * 3),
  );
}

/** A part of a picture under cells of `size` × `size` of its pixels. */
export interface FinerGuide {
  readonly picture: Picture;
  readonly size: number;
  /** Pixel of the picture where the first cell begins. */
  readonly origin: Point;
  /** The pixels that are wanted, all of them under cells. */
  readonly part: Region;
}

/**
 * The filter for an input that is coarser than the guide: fitted on cells, then applied to the guide's pixels, so that
 * edges come out as fine as those. The same as {@link guidedFilter} with `subsample`, of an input that was means of
 * cells before.
 *
 * @param guide means of the finer guide's cells, RGB 0..1, three numbers each.
 * @param options its radius counts in cells.
 */
export function guidedEnlarge(
  guide: Float32Array,
  input: Float32Array,
  width: number,
  height: number,
  options: Omit<GuidedFilterOptions, 'subsample'>,
  { picture, size, origin, part }: FinerGuide,
): Float32Array {
  const { radius, epsilon } = options;
  const pixels = reduce(guide, input, width, height, 1);
  const lines = meanOfWindows(fitWindows(pixels, width, height, radius, epsilon), width, height, radius);
  const row = new Float32Array(part.width * 3);
  const inCells = { ...part, x: part.x - origin.x, y: part.y - origin.y };
  return applyLines({ lines, across: width, down: height, size }, inCells, (y) => {
    for (let x = 0, o = 0, i = ((part.y + y) * picture.width + part.x) * 4; x < part.width; x++, o += 3, i += 4) {
      row[o] = (picture.data[i] as number) / 255;
      row[o + 1] = (picture.data[i + 1] as number) / 255;
      row[o + 2] = (picture.data[i + 2] as number) / 255;
    }
    return row;
  });
}

interface Lines {
  /** Four numbers a cell: `a · colour + b`. */
  readonly lines: Float32Array;
  readonly across: number;
  readonly down: number;
  /** Pixels along the side of a cell. */
  readonly size: number;
}

/** The lines, read between cells, of the guide's pixels in `part`, whose rows are asked for one after another. */
function applyLines(
  { lines, across, down, size }: Lines,
  { x: left, y: top, width, height }: Region,
  readRow: (y: number) => Float32Array,
): Float32Array {
  const output = new Float32Array(width * height);
  const columns = createBetween(across, across * size);
  const rows = createBetween(down, down * size);
  // The lines of one row of cells between two, not yet between columns.
  const mixed = new Float32Array(across * 4);
  for (let y = 0; y < height; y++) {
    const upper = (rows.index[y + top] as number) * across * 4;
    const lower = Math.min((down - 1) * across * 4, upper + across * 4);
    const shareY = rows.share[y + top] as number;
    for (let i = 0; i < mixed.length; i++) {
      const above = lines[upper + i] as number;
      mixed[i] = above + ((lines[lower + i] as number) - above) * shareY;
    }
    const guide = readRow(y);
    for (let x = 0, i = y * width, g = 0; x < width; x++, i++, g += 3) {
      const before = (columns.index[x + left] as number) * 4;
      const after = before + 4 < mixed.length ? before + 4 : before;
      const share = columns.share[x + left] as number;
      const rest = 1 - share;
      output[i] =
        ((mixed[before] as number) * rest + (mixed[after] as number) * share) * (guide[g] as number) +
        ((mixed[before + 1] as number) * rest + (mixed[after + 1] as number) * share) * (guide[g + 1] as number) +
        ((mixed[before + 2] as number) * rest + (mixed[after + 2] as number) * share) * (guide[g + 2] as number) +
        ((mixed[before + 3] as number) * rest + (mixed[after + 3] as number) * share);
    }
  }
  return output;
}

/** Guide and input side by side, four numbers a pixel, as means over squares of `size`; cut off at the borders. */
function reduce(guide: Float32Array, input: Float32Array, width: number, height: number, size: number): Float32Array {
  const across = Math.ceil(width / size);
  const down = Math.ceil(height / size);
  const reduced = new Float32Array(across * down * 4);
  for (let row = 0, o = 0; row < down; row++) {
    const bottom = Math.min(height, row * size + size);
    for (let column = 0; column < across; column++, o += 4) {
      const right = Math.min(width, column * size + size);
      let r = 0;
      let g = 0;
      let b = 0;
      let p = 0;
      for (let y = row * size; y < bottom; y++) {
        for (let i = y * width + column * size, end = y * width + right; i < end; i++) {
          r += guide[i * 3] as number;
          g += guide[i * 3 + 1] as number;
          b += guide[i * 3 + 2] as number;
          p += input[i] as number;
        }
      }
      const share = 1 / ((right - column * size) * (bottom - row * size));
      reduced[o] = r * share;
      reduced[o + 1] = g * share;
      reduced[o + 2] = b * share;
      reduced[o + 3] = p * share;
    }
  }
  return reduced;
}

/** Sums that a fit needs: of r, g, b and p, of rr, rg, rb, gg, gb, bb, and of rp, gp, bp. */
const SUMS = 13;

/**
 * The line `a · color + b` of each window, four numbers a pixel. Sums run down the columns and then along the row, in
 * doubles, so nothing is kept but one row of them.
 */
function fitWindows(
  pixels: Float32Array,
  width: number,
  height: number,
  radius: number,
  epsilon: number,
): Float32Array {
  const lines = new Float32Array(width * height * 4);
  // Columns of zeros on both sides stand for what lies outside.
  const pad = radius + 1;
  const sums = new Float64Array((width + 2 * pad) * SUMS);
  const window = new Float64Array(SUMS);
  for (let y = 0; y < Math.min(radius, height); y++) addMoments(pixels, y, width, 1, sums, pad);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addMoments(pixels, y + radius, width, 1, sums, pad);
    if (y > radius) addMoments(pixels, y - radius - 1, width, -1, sums, pad);
    const inColumn = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    for (let k = 0; k < SUMS; k++) {
      let sum = 0;
      for (let x = 0; x < radius; x++) sum += sums[(x + pad) * SUMS + k] as number;
      window[k] = sum;
    }
    for (let x = 0, o = y * width * 4; x < width; x++, o += 4) {
      const enters = (x + radius + pad) * SUMS;
      const leaves = x * SUMS;
      for (let k = 0; k < SUMS; k++) {
        window[k] = (window[k] as number) + ((sums[enters + k] as number) - (sums[leaves + k] as number));
      }
      const norm = 1 / (inColumn * (Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1));
      fitLine(window, norm, epsilon, lines, o);
    }
  }
  return lines;
}

/** Adds a row's moments, times `sign`, to the sums of the columns. */
function addMoments(
  pixels: Float32Array,
  row: number,
  width: number,
  sign: number,
  sums: Float64Array,
  pad: number,
): void {
  for (let x = 0, i = row * width * 4, o = pad * SUMS; x < width; x++, i += 4, o += SUMS) {
    const r = pixels[i] as number;
    const g = pixels[i + 1] as number;
    const b = pixels[i + 2] as number;
    const p = sign * (pixels[i + 3] as number);
    const sr = sign * r;
    const sg = sign * g;
    const sb = sign * b;
    sums[o] = (sums[o] as number) + sr;
    sums[o + 1] = (sums[o + 1] as number) + sg;
    sums[o + 2] = (sums[o + 2] as number) + sb;
    sums[o + 3] = (sums[o + 3] as number) + p;
    sums[o + 4] = (sums[o + 4] as number) + sr * r;
    sums[o + 5] = (sums[o + 5] as number) + sr * g;
    sums[o + 6] = (sums[o + 6] as number) + sr * b;
    sums[o + 7] = (sums[o + 7] as number) + sg * g;
    sums[o + 8] = (sums[o + 8] as number) + sg * b;
    sums[o + 9] = (sums[o + 9] as number) + sb * b;
    sums[o + 10] = (sums[o + 10] as number) + p * r;
    sums[o + 11] = (sums[o + 11] as number) + p * g;
    sums[o + 12] = (sums[o + 12] as number) + p * b;
  }
}

function fitLine(window: Float64Array, norm: number, epsilon: number, lines: Float32Array, o: number): void {
  const mr = (window[0] as number) * norm;
  const mg = (window[1] as number) * norm;
  const mb = (window[2] as number) * norm;
  const mp = (window[3] as number) * norm;
  const c00 = (window[4] as number) * norm - mr * mr + epsilon;
  const c01 = (window[5] as number) * norm - mr * mg;
  const c02 = (window[6] as number) * norm - mr * mb;
  const c11 = (window[7] as number) * norm - mg * mg + epsilon;
  const c12 = (window[8] as number) * norm - mg * mb;
  const c22 = (window[9] as number) * norm - mb * mb + epsilon;
  const d0 = (window[10] as number) * norm - mr * mp;
  const d1 = (window[11] as number) * norm - mg * mp;
  const d2 = (window[12] as number) * norm - mb * mp;
  // The inverse of the symmetric 3×3 matrix, by cofactors.
  const i00 = c11 * c22 - c12 * c12;
  const i01 = c02 * c12 - c01 * c22;
  const i02 = c01 * c12 - c02 * c11;
  const i11 = c00 * c22 - c02 * c02;
  const i12 = c01 * c02 - c00 * c12;
  const i22 = c00 * c11 - c01 * c01;
  const scale = 1 / (c00 * i00 + c01 * i01 + c02 * i02);
  const ar = (i00 * d0 + i01 * d1 + i02 * d2) * scale;
  const ag = (i01 * d0 + i11 * d1 + i12 * d2) * scale;
  const ab = (i02 * d0 + i12 * d1 + i22 * d2) * scale;
  lines[o] = ar;
  lines[o + 1] = ag;
  lines[o + 2] = ab;
  lines[o + 3] = mp - ar * mr - ag * mg - ab * mb;
}

/** The lines averaged over all windows that a pixel lies in. */
function meanOfWindows(lines: Float32Array, width: number, height: number, radius: number): Float32Array {
  const means = new Float32Array(lines.length);
  const pad = radius + 1;
  const sums = new Float64Array((width + 2 * pad) * 4);
  const addRow = (row: number, sign: number) => {
    for (let i = row * width * 4, end = i + width * 4, o = pad * 4; i < end; i++, o++) {
      sums[o] = (sums[o] as number) + sign * (lines[i] as number);
    }
  };
  for (let y = 0; y < Math.min(radius, height); y++) addRow(y, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(y + radius, 1);
    if (y > radius) addRow(y - radius - 1, -1);
    const inColumn = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    let r = 0;
    let g = 0;
    let b = 0;
    let p = 0;
    // The first windows reach over the border, where columns are zero.
    for (let x = -radius, o = y * width * 4, enters = pad * 4, leaves = enters - (2 * radius + 1) * 4; x < width; x++) {
      r += sums[enters++] as number;
      g += sums[enters++] as number;
      b += sums[enters++] as number;
      p += sums[enters++] as number;
      if (x > 0) {
        r -= sums[leaves] as number;
        g -= sums[leaves + 1] as number;
        b -= sums[leaves + 2] as number;
        p -= sums[leaves + 3] as number;
      }
      leaves += 4;
      if (x < 0) continue;
      const norm = 1 / (inColumn * (Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1));
      means[o++] = r * norm;
      means[o++] = g * norm;
      means[o++] = b * norm;
      means[o++] = p * norm;
    }
  }
  return means;
}
