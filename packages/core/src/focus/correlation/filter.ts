import { createFft2 } from './fft.ts';

/** A filter of many channels over a grid of cells, learned from pictures of its subject in the middle. */
export interface CorrelationFilter {
  /** Learns, or moves by `rate` (0..1) towards, what these features teach. `mask`: where the subject is, 0..1. */
  learn(features: Float32Array, mask: Float32Array, rate: number): void;
  /** How well each place fits, 1 at its best: `side²` values, the middle at `side / 2`. Valid until the next call. */
  respond(features: Float32Array): Float32Array;
  /** The next lesson is the first. */
  forget(): void;
}

export interface FilterOptions {
  /** Cells on a side, a power of two. */
  readonly side: number;
  /** Even. */
  readonly channels: number;
  /** How wide the wanted answer is, in cells. */
  readonly sigma: number;
}

const LAMBDA = 0.01;
/** Of the alternating directions; more find the subject no better. */
const ITERATIONS = 2;
const PENALTY = 5;
const PENALTY_GROWTH = 3;

/**
 * A discriminative correlation filter with spatial and channel reliability: it may only look where the mask lets it,
 * by alternating directions, and each channel counts by how clear its answers are. Lukežič et al., "Discriminative
 * Correlation Filter with Channel and Spatial Reliability" (CVPR 2017).
 */
export function createCorrelationFilter(options: FilterOptions): CorrelationFilter {
  const { side, channels, sigma } = options;
  const fft = createFft2(side);
  const cells = side * side;
  const window = createWindow(side);
  const wanted = createWanted(side, sigma);
  fft.forward(wanted.re, wanted.im);
  const filterRe = new Float32Array(channels * cells);
  const filterIm = new Float32Array(channels * cells);
  const weights = new Float32Array(channels);
  const re = new Float32Array(channels * cells);
  const im = new Float32Array(channels * cells);
  const sumRe = new Float32Array(cells);
  const sumIm = new Float32Array(cells);
  const answer = new Float32Array(cells);
  const halves = [createHalf(cells), createHalf(cells)] as const;
  /** What it answers to what it was just taught. */
  let taught = 1;
  let isNew = true;

  return {
    learn(features, mask, rate) {
      const share = isNew ? 1 : rate;
      isNew = false;
      transform(features);
      const peaks = new Float32Array(channels);
      for (let channel = 0; channel < channels; channel += 2) {
        solve(channel, mask);
        for (const [k, { limited }] of halves.entries()) {
          const at = (channel + k) * cells;
          for (let i = 0; i < cells; i++) {
            filterRe[at + i] = (filterRe[at + i] as number) * (1 - share) + (limited.re[i] as number) * share;
            filterIm[at + i] = (filterIm[at + i] as number) * (1 - share) + (limited.im[i] as number) * share;
          }
        }
        answerBoth(channel * cells, peaks.subarray(channel, channel + 2));
      }
      let [total, best] = [0, 0];
      for (const peak of peaks) total += peak;
      for (let channel = 0; channel < channels; channel++) {
        const weight = total > 0 ? (peaks[channel] as number) / total : 1 / channels;
        weights[channel] = (weights[channel] as number) * (1 - share) + weight * share;
        best += weight * (peaks[channel] as number);
      }
      taught = taught * (1 - share) + best * share;
    },
    respond(features) {
      transform(features);
      sumRe.fill(0);
      sumIm.fill(0);
      for (let channel = 0; channel < channels; channel++) {
        const at = channel * cells;
        const weight = weights[channel] as number;
        for (let i = 0; i < cells; i++) {
          const a = re[at + i] as number;
          const b = im[at + i] as number;
          const c = filterRe[at + i] as number;
          const d = filterIm[at + i] as number;
          sumRe[i] = (sumRe[i] as number) + weight * (a * c + b * d);
          sumIm[i] = (sumIm[i] as number) + weight * (b * c - a * d);
        }
      }
      fft.inverse(sumRe, sumIm);
      // From the corner, where no move is, to the middle.
      const half = side >> 1;
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          answer[((y + half) % side) * side + ((x + half) % side)] = (sumRe[y * side + x] as number) / taught;
        }
      }
      return answer;
    },
    forget() {
      isNew = true;
    },
  };

  /** How well two channels answer on what they were just taught says how much they count. */
  function answerBoth(at: number, peaks: Float32Array): void {
    const [{ limited: first }, { limited: second }] = halves;
    for (let i = 0; i < cells; i++) {
      const a = re[at + i] as number;
      const b = im[at + i] as number;
      const c = first.re[i] as number;
      const d = first.im[i] as number;
      const e = re[at + cells + i] as number;
      const f = im[at + cells + i] as number;
      const g = second.re[i] as number;
      const h = second.im[i] as number;
      // Both answers are real: the second goes along as the imaginary part.
      sumRe[i] = a * c + b * d - (f * g - e * h);
      sumIm[i] = b * c - a * d + (e * g + f * h);
    }
    fft.inverse(sumRe, sumIm);
    let [one, two] = [0, 0];
    for (let i = 0; i < cells; i++) {
      one = Math.max(one, sumRe[i] as number);
      two = Math.max(two, sumIm[i] as number);
    }
    peaks[0] = one;
    peaks[1] = two;
  }

  /** Windowed and transformed, two real channels at once. */
  function transform(features: Float32Array): void {
    for (let channel = 0; channel < channels; channel++) {
      const at = channel * cells;
      for (let i = 0; i < cells; i++) re[at + i] = (features[at + i] as number) * (window[i] as number);
    }
    for (let channel = 0; channel + 1 < channels; channel += 2) {
      const a = re.subarray(channel * cells, (channel + 1) * cells);
      const b = re.subarray((channel + 1) * cells, (channel + 2) * cells);
      const aIm = im.subarray(channel * cells, (channel + 1) * cells);
      const bIm = im.subarray((channel + 1) * cells, (channel + 2) * cells);
      sumRe.set(a);
      sumIm.set(b);
      fft.forward(sumRe, sumIm);
      split(sumRe, sumIm, side, a, aIm, b, bIm);
    }
  }

  /** The filters of two channels, limited to the mask, in `limited`. */
  function solve(channel: number, mask: Float32Array): void {
    const pair = [channel, channel + 1];
    for (const [k, each] of pair.entries()) {
      const at = each * cells;
      const { limited } = halves[k] as Half;
      for (let i = 0; i < cells; i++) {
        const a = re[at + i] as number;
        const b = im[at + i] as number;
        const c = wanted.re[i] as number;
        const d = wanted.im[i] as number;
        const scale = 1 / (a * a + b * b + LAMBDA);
        // The filter answers with its conjugate: answer = features · conj(filter).
        limited.re[i] = (a * c + b * d) * scale;
        limited.im[i] = (b * c - a * d) * scale;
      }
    }
    keepWithin(mask, 1);
    for (const { dual } of halves) {
      dual.re.fill(0);
      dual.im.fill(0);
    }
    let penalty = PENALTY;
    for (let step = 0; step < ITERATIONS; step++) {
      for (const [k, each] of pair.entries()) {
        const at = each * cells;
        const { limited, learned, dual } = halves[k] as Half;
        for (let i = 0; i < cells; i++) {
          const a = re[at + i] as number;
          const b = im[at + i] as number;
          const c = wanted.re[i] as number;
          const d = wanted.im[i] as number;
          const scale = 1 / (a * a + b * b + penalty);
          const r = (a * c + b * d + penalty * (limited.re[i] as number) - (dual.re[i] as number)) * scale;
          const m = (b * c - a * d + penalty * (limited.im[i] as number) - (dual.im[i] as number)) * scale;
          learned.re[i] = r;
          learned.im[i] = m;
          limited.re[i] = penalty * r + (dual.re[i] as number);
          limited.im[i] = penalty * m + (dual.im[i] as number);
        }
      }
      keepWithin(mask, 1 / (LAMBDA / 2 + penalty));
      if (step + 1 < ITERATIONS) {
        for (const { limited, learned, dual } of halves) {
          for (let i = 0; i < cells; i++) {
            dual.re[i] = (dual.re[i] as number) + penalty * ((learned.re[i] as number) - (limited.re[i] as number));
            dual.im[i] = (dual.im[i] as number) + penalty * ((learned.im[i] as number) - (limited.im[i] as number));
          }
        }
      }
      penalty *= PENALTY_GROWTH;
    }
  }

  /** Both filters are real where they lie in the grid, so that they go there and back as one. */
  function keepWithin(mask: Float32Array, scale: number): void {
    const [{ limited: first }, { limited: second }] = halves;
    for (let i = 0; i < cells; i++) {
      sumRe[i] = (first.re[i] as number) - (second.im[i] as number);
      sumIm[i] = (first.im[i] as number) + (second.re[i] as number);
    }
    fft.inverse(sumRe, sumIm);
    for (let i = 0; i < cells; i++) {
      sumRe[i] = (sumRe[i] as number) * (mask[i] as number) * scale;
      sumIm[i] = (sumIm[i] as number) * (mask[i] as number) * scale;
    }
    fft.forward(sumRe, sumIm);
    split(sumRe, sumIm, side, first.re, first.im, second.re, second.im);
  }
}

interface Complex {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/** What one of two channels that are solved together needs. */
interface Half {
  readonly limited: Complex;
  readonly learned: Complex;
  readonly dual: Complex;
}

function createHalf(cells: number): Half {
  const create = () => ({ re: new Float32Array(cells), im: new Float32Array(cells) });
  return { limited: create(), learned: create(), dual: create() };
}

/** The transforms of two real grids that went in as real and imaginary part of one. */
function split(
  re: Float32Array,
  im: Float32Array,
  side: number,
  aRe: Float32Array,
  aIm: Float32Array,
  bRe: Float32Array,
  bIm: Float32Array,
): void {
  for (let y = 0; y < side; y++) {
    const mirrorY = ((side - y) % side) * side;
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      const j = mirrorY + ((side - x) % side);
      const r = re[i] as number;
      const m = im[i] as number;
      const rj = re[j] as number;
      const mj = im[j] as number;
      aRe[i] = (r + rj) / 2;
      aIm[i] = (m - mj) / 2;
      bRe[i] = (m + mj) / 2;
      bIm[i] = (rj - r) / 2;
    }
  }
}

/** Hann, so that the grid's borders do not look like edges. */
function createWindow(side: number): Float32Array {
  const line = Float32Array.from({ length: side }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / side));
  return Float32Array.from(
    { length: side * side },
    (_, i) => (line[i % side] ?? 0) * (line[Math.floor(i / side)] ?? 0),
  );
}

/** A peak of 1 at the corner, where no move is, falling off as a Gaussian. */
function createWanted(side: number, sigma: number): { readonly re: Float32Array; readonly im: Float32Array } {
  const distance = (i: number) => Math.min(i, side - i);
  const re = Float32Array.from({ length: side * side }, (_, i) => {
    const x = distance(i % side);
    const y = distance(Math.floor(i / side));
    return Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
  });
  return { re, im: new Float32Array(side * side) };
}
