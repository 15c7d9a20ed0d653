import { createSeededRandom } from './random.ts';

/** Colours of a set of pixels as a mixture of Gaussians, laid out for {@link nearestGaussian}. */
export interface ColorModel {
  /** How many Gaussians there are: none where there were no pixels. */
  readonly count: number;
  /** For each ten numbers: mean (3), half the inverse covariance (6: rr, gg, bb, then twice rg, rb, gb), its fixed cost. */
  readonly terms: Float64Array;
}

const NUMBERS = 10;
const SAMPLES = 1000;
const ROUNDS = 4;
// Added to the variance of each channel, in squared byte values: no Gaussian is narrower than grain.
const LEAST_VARIANCE = 12;
/** What a colour costs of which nothing is known. */
const UNKNOWN_COST = 15;

/**
 * The colours of the pixels whose `label` is `wanted`, first parted into `count` groups by k-means from a seeded
 * k-means++ start (Arthur & Vassilvitskii 2007). Deterministic. `colors` are RGB bytes, three a pixel.
 */
export function fitColors(
  colors: Float32Array,
  labels: Uint8Array,
  wanted: number,
  { count, seed }: { readonly count: number; readonly seed: number },
): ColorModel {
  const pixels = samplePixels(labels, wanted);
  if (pixels.length === 0) return { count: 0, terms: new Float64Array(0) };
  const centres = pickCentres(colors, pixels, count, seed);
  const groups = new Uint8Array(pixels.length);
  for (let round = 0; round < ROUNDS; round++) {
    assign(colors, pixels, centres, groups);
    moveCentres(colors, pixels, groups, centres);
  }
  assign(colors, pixels, centres, groups);
  const moments = createMoments(centres.length / 3);
  for (let i = 0; i < pixels.length; i++) addColor(moments, groups[i] as number, colors, pixels[i] as number);
  return toModel(moments);
}

/** Each pixel of the `wanted` label joins the Gaussian that `nearest` names; then they are fitted anew. */
export function refitColors(
  colors: Float32Array,
  labels: Uint8Array,
  wanted: number,
  nearest: Uint8Array,
  count: number,
): ColorModel {
  const moments = createMoments(count);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === wanted) addColor(moments, nearest[i] as number, colors, i);
  }
  return toModel(moments);
}

/**
 * For each pixel the least of −log(weight · density) over the Gaussians, less a constant, into `costs`, and which one that
 * is into `nearest`. Without Gaussians every colour costs {@link UNKNOWN_COST}.
 */
export function nearestGaussian(
  model: ColorModel,
  colors: Float32Array,
  costs: Float32Array,
  nearest: Uint8Array,
): void {
  const { count, terms } = model;
  if (count === 0) {
    costs.fill(UNKNOWN_COST);
    nearest.fill(0);
    return;
  }
  for (let i = 0, c = 0; i < costs.length; i++, c += 3) {
    const red = colors[c] as number;
    const green = colors[c + 1] as number;
    const blue = colors[c + 2] as number;
    let least = Number.POSITIVE_INFINITY;
    let which = 0;
    for (let k = 0, t = 0; k < count; k++, t += NUMBERS) {
      const r = red - (terms[t] as number);
      const g = green - (terms[t + 1] as number);
      const b = blue - (terms[t + 2] as number);
      const cost =
        (terms[t + 9] as number) +
        r * (r * (terms[t + 3] as number) + g * (terms[t + 6] as number) + b * (terms[t + 7] as number)) +
        g * (g * (terms[t + 4] as number) + b * (terms[t + 8] as number)) +
        b * b * (terms[t + 5] as number);
      if (cost < least) {
        least = cost;
        which = k;
      }
    }
    costs[i] = least;
    nearest[i] = which;
  }
}

function samplePixels(labels: Uint8Array, wanted: number): Int32Array {
  let found = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === wanted) found++;
  const step = Math.max(1, Math.floor(found / SAMPLES));
  const pixels = new Int32Array(Math.ceil(found / step));
  for (let i = 0, at = 0, out = 0; i < labels.length; i++) {
    if (labels[i] === wanted && at++ % step === 0) pixels[out++] = i;
  }
  return pixels;
}

/** k-means++: each further centre a sample drawn by its squared distance to the nearest centre so far. */
function pickCentres(colors: Float32Array, pixels: Int32Array, count: number, seed: number): Float64Array {
  const random = createSeededRandom(seed);
  const centres: number[] = [];
  const nearest = new Float64Array(pixels.length).fill(Number.POSITIVE_INFINITY);
  let chosen = pixels[Math.floor(random() * pixels.length)] as number;
  while (centres.length < count * 3) {
    centres.push(...colors.subarray(chosen * 3, chosen * 3 + 3));
    let sum = 0;
    for (let i = 0; i < pixels.length; i++) {
      const squared = squaredDistance(colors, (pixels[i] as number) * 3, centres, centres.length - 3);
      if (squared < (nearest[i] as number)) nearest[i] = squared;
      sum += nearest[i] as number;
    }
    // No more different colours than centres.
    if (sum === 0) break;
    let left = random() * sum;
    let at = 0;
    while (at < pixels.length - 1 && left >= (nearest[at] as number)) left -= nearest[at++] as number;
    chosen = pixels[at] as number;
  }
  return Float64Array.from(centres);
}

function squaredDistance(a: ArrayLike<number>, i: number, b: ArrayLike<number>, k: number): number {
  const red = (a[i] as number) - (b[k] as number);
  const green = (a[i + 1] as number) - (b[k + 1] as number);
  const blue = (a[i + 2] as number) - (b[k + 2] as number);
  return red * red + green * green + blue * blue;
}

function assign(colors: Float32Array, pixels: Int32Array, centres: Float64Array, groups: Uint8Array): void {
  for (let i = 0; i < pixels.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < centres.length; k += 3) {
      const squared = squaredDistance(colors, (pixels[i] as number) * 3, centres, k);
      if (squared < least) {
        least = squared;
        groups[i] = k / 3;
      }
    }
  }
}

function moveCentres(colors: Float32Array, pixels: Int32Array, groups: Uint8Array, centres: Float64Array): void {
  const sums = new Float64Array(centres.length);
  const sizes = new Int32Array(centres.length / 3);
  for (let i = 0; i < pixels.length; i++) {
    const group = groups[i] as number;
    sizes[group] = (sizes[group] as number) + 1;
    for (let c = 0; c < 3; c++) {
      sums[group * 3 + c] = (sums[group * 3 + c] as number) + (colors[(pixels[i] as number) * 3 + c] as number);
    }
  }
  for (let k = 0; k < centres.length; k++) {
    const size = sizes[Math.floor(k / 3)] as number;
    if (size > 0) centres[k] = (sums[k] as number) / size;
  }
}

/** By group: how many, sums of r, g, b, and of rr, gg, bb, rg, rb, gb. */
function createMoments(count: number): Float64Array {
  return new Float64Array(count * NUMBERS);
}

function addColor(moments: Float64Array, group: number, colors: Float32Array, pixel: number): void {
  const m = group * NUMBERS;
  const r = colors[pixel * 3] as number;
  const g = colors[pixel * 3 + 1] as number;
  const b = colors[pixel * 3 + 2] as number;
  moments[m] = (moments[m] as number) + 1;
  moments[m + 1] = (moments[m + 1] as number) + r;
  moments[m + 2] = (moments[m + 2] as number) + g;
  moments[m + 3] = (moments[m + 3] as number) + b;
  moments[m + 4] = (moments[m + 4] as number) + r * r;
  moments[m + 5] = (moments[m + 5] as number) + g * g;
  moments[m + 6] = (moments[m + 6] as number) + b * b;
  moments[m + 7] = (moments[m + 7] as number) + r * g;
  moments[m + 8] = (moments[m + 8] as number) + r * b;
  moments[m + 9] = (moments[m + 9] as number) + g * b;
}

/** Groups that have lost all pixels are left out. */
function toModel(moments: Float64Array): ColorModel {
  let total = 0;
  for (let m = 0; m < moments.length; m += NUMBERS) total += moments[m] as number;
  const terms: number[] = [];
  for (let m = 0; m < moments.length; m += NUMBERS) {
    const size = moments[m] as number;
    if (size > 0)
      terms.push(...toTerms(Array.from(moments.subarray(m, m + NUMBERS), (sum) => sum / size) as Ten, size / total));
  }
  return { count: terms.length / NUMBERS, terms: Float64Array.from(terms) };
}

type Ten = [number, number, number, number, number, number, number, number, number, number];

/** `log` here is once a Gaussian, not once a pixel, and its last bit is far below what the cut tells apart. */
function toTerms([, r, g, b, rr, gg, bb, rg, rb, gb]: Ten, weight: number): readonly number[] {
  const c00 = rr - r * r + LEAST_VARIANCE;
  const c11 = gg - g * g + LEAST_VARIANCE;
  const c22 = bb - b * b + LEAST_VARIANCE;
  const c01 = rg - r * g;
  const c02 = rb - r * b;
  const c12 = gb - g * b;
  // The inverse of the symmetric 3×3 matrix, by cofactors.
  const i00 = c11 * c22 - c12 * c12;
  const i01 = c02 * c12 - c01 * c22;
  const i02 = c01 * c12 - c02 * c11;
  const i11 = c00 * c22 - c02 * c02;
  const i12 = c01 * c02 - c00 * c12;
  const i22 = c00 * c11 - c01 * c01;
  const determinant = c00 * i00 + c01 * i01 + c02 * i02;
  const half = 0.5 / determinant;
  return [
    r,
    g,
    b,
    i00 * half,
    i11 * half,
    i22 * half,
    2 * i01 * half,
    2 * i02 * half,
    2 * i12 * half,
    0.5 * Math.log(determinant) - Math.log(weight),
  ];
}
