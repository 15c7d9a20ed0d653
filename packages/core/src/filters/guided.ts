import { FocalError } from '../errors.ts';
import { createBetween } from './between.ts';
import { boxFilter } from './box.ts';
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
  const planes = [0, 1, 2].map((channel) => reduce(guide, width, height, subsample, channel, 3));
  const target = reduce(input, width, height, subsample, 0, 1);
  const fit = fitWindows(planes, target, across, down, reach, epsilon);
  const output = new Float32Array(width * height);
  const columns = createBetween(across, across * subsample);
  const rows = createBetween(down, down * subsample);
  for (const [channel, plane] of fit.entries()) {
    for (let y = 0; y < height; y++) {
      const upper = (rows.index[y] as number) * across;
      const lower = Math.min((down - 1) * across, upper + across);
      const shareY = rows.share[y] as number;
      for (let x = 0, i = y * width; x < width; x++, i++) {
        const left = columns.index[x] as number;
        const right = left + 1 < across ? left + 1 : left;
        const shareX = columns.share[x] as number;
        const top = (plane[upper + left] as number) * (1 - shareX) + (plane[upper + right] as number) * shareX;
        const bottom = (plane[lower + left] as number) * (1 - shareX) + (plane[lower + right] as number) * shareX;
        const value = top * (1 - shareY) + bottom * shareY;
        output[i] = (output[i] as number) + (channel === 3 ? value : value * (guide[i * 3 + channel] as number));
      }
    }
  }
  return output;
}

/** One channel, as means over squares of `size` pixels; cut off at the borders. */
function reduce(
  input: Float32Array,
  width: number,
  height: number,
  size: number,
  channel: number,
  channels: number,
): Float32Array {
  const across = Math.ceil(width / size);
  const reduced = new Float32Array(across * Math.ceil(height / size));
  for (let cell = 0; cell < reduced.length; cell++) {
    const left = (cell % across) * size;
    const top = Math.floor(cell / across) * size;
    const right = Math.min(width, left + size);
    const bottom = Math.min(height, top + size);
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += input[(y * width + x) * channels + channel] as number;
    }
    reduced[cell] = sum / ((right - left) * (bottom - top));
  }
  return reduced;
}

/** The line `a · color + b` of each window, averaged over all windows that a pixel lies in: four planes. */
function fitWindows(
  planes: readonly Float32Array[],
  target: Float32Array,
  width: number,
  height: number,
  radius: number,
  epsilon: number,
): readonly Float32Array[] {
  const box = (plane: Float32Array) => boxFilter(plane, width, height, radius);
  const product = (a: Float32Array, b: Float32Array) => a.map((value, i) => value * (b[i] as number));
  const [r, g, b] = planes as [Float32Array, Float32Array, Float32Array];
  const [meanR, meanG, meanB, meanP] = [box(r), box(g), box(b), box(target)];
  const moments = [
    [r, r],
    [r, g],
    [r, b],
    [g, g],
    [g, b],
    [b, b],
    [r, target],
    [g, target],
    [b, target],
  ].map(([one, other]) => box(product(one as Float32Array, other as Float32Array)));
  const fit = [0, 1, 2, 3].map(() => new Float32Array(width * height));
  const [rr, rg, rb, gg, gb, bb, rp, gp, bp] = moments as Nine;
  const [outR, outG, outB, outP] = fit as Four;
  for (let i = 0; i < target.length; i++) {
    const mr = meanR[i] as number;
    const mg = meanG[i] as number;
    const mb = meanB[i] as number;
    const mp = meanP[i] as number;
    const c00 = (rr[i] as number) - mr * mr + epsilon;
    const c01 = (rg[i] as number) - mr * mg;
    const c02 = (rb[i] as number) - mr * mb;
    const c11 = (gg[i] as number) - mg * mg + epsilon;
    const c12 = (gb[i] as number) - mg * mb;
    const c22 = (bb[i] as number) - mb * mb + epsilon;
    const d0 = (rp[i] as number) - mr * mp;
    const d1 = (gp[i] as number) - mg * mp;
    const d2 = (bp[i] as number) - mb * mp;
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
    outR[i] = ar;
    outG[i] = ag;
    outB[i] = ab;
    outP[i] = mp - ar * mr - ag * mg - ab * mb;
  }
  return fit.map(box);
}

type Four = [Float32Array, Float32Array, Float32Array, Float32Array];
type Nine = [...Four, ...Four, Float32Array];
