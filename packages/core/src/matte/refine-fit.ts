import type { Matte } from '../picture/matte.ts';
import type { Picture } from '../picture/picture.ts';
import type { CellGrid } from './cells.ts';

/** All subject or all background, as its neighbours are. */
export const CERTAIN = 0;
/** Alpha hardly changes: interpolated. */
const SMOOTH = 1;
/** Alpha changes: computed from colour. */
export const ACTIVE = 2;

// Models leave a haze of such values where they mean none or all.
const NONE = 4;
const ALL = 247;
// Alpha changing by less over three cells is not worth looking at the picture.
const CHANGE = 6;

/** Cells in each direction that a fit looks at. */
export const REACH = 2;
const SIDE = 2 * REACH + 1;
const LINE = [0.25, 0.7, 1, 0.7, 0.25] as const;
const WEIGHTS = Float64Array.from(LINE.flatMap((down) => LINE.map((across) => down * across)));

/** Sets the flags of one row of cells from the 3×3 cells around each. */
export function flagRow(matte: Matte, row: number, flags: Uint8Array): void {
  const { width, height, data } = matte;
  const above = Math.max(0, row - 1) * width;
  const here = row * width;
  const below = Math.min(height - 1, row + 1) * width;
  let lowLeft = 255;
  let highLeft = 0;
  let low = columnLow(data, above, here, below, 0);
  let high = columnHigh(data, above, here, below, 0);
  for (let i = 0; i < width; i++) {
    const right = Math.min(width - 1, i + 1);
    const lowRight = columnLow(data, above, here, below, right);
    const highRight = columnHigh(data, above, here, below, right);
    const least = Math.min(lowLeft, low, lowRight);
    const most = Math.max(highLeft, high, highRight);
    flags[here + i] = most <= NONE || least >= ALL ? CERTAIN : most - least < CHANGE ? SMOOTH : ACTIVE;
    lowLeft = low;
    highLeft = high;
    low = lowRight;
    high = highRight;
  }
}

function columnLow(data: Matte['data'], above: number, here: number, below: number, i: number): number {
  return Math.min(data[above + i] as number, data[here + i] as number, data[below + i] as number);
}

function columnHigh(data: Matte['data'], above: number, here: number, below: number, i: number): number {
  return Math.max(data[above + i] as number, data[here + i] as number, data[below + i] as number);
}

/** Mean colours by area of the marked cells of one row, three numbers a cell. Transparent pixels count as mid grey. */
export function meanColors(
  picture: Picture,
  grid: CellGrid,
  row: number,
  near: Uint8Array,
  colors: Float32Array,
): void {
  const { areaX, areaY, across } = grid;
  const { data, width } = picture;
  for (let i = 0; i < across; i++) {
    if (near[i] === 0) continue;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let v = 0; v < areaY.count; v++) {
      const weightY = areaY.weights[row * areaY.count + v] as number;
      if (weightY === 0) continue;
      let p = (((areaY.starts[row] as number) + v) * width + (areaX.starts[i] as number)) * 4;
      for (let u = 0; u < areaX.count; u++, p += 4) {
        const weight = weightY * (areaX.weights[i * areaX.count + u] as number);
        const alpha = data[p + 3] as number;
        if (alpha === 255) {
          r += weight * (data[p] as number);
          g += weight * (data[p + 1] as number);
          b += weight * (data[p + 2] as number);
        } else {
          r += weight * overGrey(data[p] as number, alpha);
          g += weight * overGrey(data[p + 1] as number, alpha);
          b += weight * overGrey(data[p + 2] as number, alpha);
        }
      }
    }
    const o = (row * across + i) * 3;
    colors[o] = r;
    colors[o + 1] = g;
    colors[o + 2] = b;
  }
}

/** A colour value as it shows over mid grey. */
export function overGrey(value: number, alpha: number): number {
  return 128 + ((value - 128) * alpha) / 255;
}

/**
 * For each active cell of one row the line `alpha = a · color + b` that fits the cells around it best, by ridge
 * regression (a weighted toward the middle); `b` is set so that it is exact for the cell itself. Four numbers a cell.
 * `ridge` is in squared byte values: the larger, the less colour is believed.
 */
export function fitRow(
  matte: Matte,
  flags: Uint8Array,
  colors: Float32Array,
  ridge: number,
  row: number,
  lines: Float32Array,
): void {
  const { width, height, data } = matte;
  const top = Math.max(0, row - REACH);
  const bottom = Math.min(height - 1, row + REACH);
  for (let i = 0; i < width; i++) {
    const cell = row * width + i;
    if (flags[cell] !== ACTIVE) continue;
    const left = Math.max(0, i - REACH);
    const right = Math.min(width - 1, i + REACH);
    // Differences from the cell itself keep the sums small.
    const r0 = colors[cell * 3] as number;
    const g0 = colors[cell * 3 + 1] as number;
    const b0 = colors[cell * 3 + 2] as number;
    const p0 = data[cell] as number;
    let sum = 0;
    let sr = 0;
    let sg = 0;
    let sb = 0;
    let sp = 0;
    let rr = 0;
    let rg = 0;
    let rb = 0;
    let gg = 0;
    let gb = 0;
    let bb = 0;
    let rp = 0;
    let gp = 0;
    let bp = 0;
    for (let j = top; j <= bottom; j++) {
      const last = j * width + right;
      let w = (j - row + REACH) * SIDE + left - i + REACH;
      for (let other = j * width + left; other <= last; other++, w++) {
        const weight = WEIGHTS[w] as number;
        const r = (colors[other * 3] as number) - r0;
        const g = (colors[other * 3 + 1] as number) - g0;
        const b = (colors[other * 3 + 2] as number) - b0;
        const p = (data[other] as number) - p0;
        const wr = weight * r;
        const wg = weight * g;
        const wb = weight * b;
        sum += weight;
        sr += wr;
        sg += wg;
        sb += wb;
        sp += weight * p;
        rr += wr * r;
        rg += wr * g;
        rb += wr * b;
        gg += wg * g;
        gb += wg * b;
        bb += wb * b;
        rp += wr * p;
        gp += wg * p;
        bp += wb * p;
      }
    }
    const norm = 1 / sum;
    const mr = sr * norm;
    const mg = sg * norm;
    const mb = sb * norm;
    const mp = sp * norm;
    const c00 = rr * norm - mr * mr + ridge;
    const c01 = rg * norm - mr * mg;
    const c02 = rb * norm - mr * mb;
    const c11 = gg * norm - mg * mg + ridge;
    const c12 = gb * norm - mg * mb;
    const c22 = bb * norm - mb * mb + ridge;
    const d0 = rp * norm - mr * mp;
    const d1 = gp * norm - mg * mp;
    const d2 = bp * norm - mb * mp;
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
    const o = cell * 4;
    lines[o] = ar;
    lines[o + 1] = ag;
    lines[o + 2] = ab;
    lines[o + 3] = p0 - ar * r0 - ag * g0 - ab * b0;
  }
}
