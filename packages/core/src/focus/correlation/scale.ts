import type { Picture } from '../../picture/picture.ts';
import { CELL, describeCells } from './features.ts';
import { createLineFft } from './fft.ts';

/** How the size of a subject is followed. */
export interface ScaleFilter {
  /** `isAsFound`: these are the samples of the last search, in the size that it found. */
  learn(sample: (factor: number) => Picture, rate: number, isAsFound?: boolean): void;
  /** The factor by which the subject seems to have grown. */
  find(sample: (factor: number) => Picture): number;
  /** The next lesson is the first. */
  forget(): void;
}

/** Sizes that are compared, a power of two: the middle one is the size as it was. */
const SCALES = 16;
const STEP = 1.03;
const LAMBDA = 0.01;

/** A filter over sizes: Danelljan et al., "Accurate Scale Estimation for Robust Visual Tracking" (BMVC 2014). */
export function createScaleFilter(): ScaleFilter {
  const fft = createLineFft(SCALES, 1);
  const factors = Array.from({ length: SCALES }, (_, i) => STEP ** (i - SCALES / 2));
  const window = Float32Array.from(
    { length: SCALES },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / SCALES),
  );
  const wanted = { re: new Float32Array(SCALES), im: new Float32Array(SCALES) };
  for (let i = 0; i < SCALES; i++) {
    const away = i - SCALES / 2;
    wanted.re[i] = Math.exp(-(away * away) / (2 * 1.1 * 1.1));
  }
  fft(wanted.re, wanted.im);
  let top: { readonly re: Float32Array; readonly im: Float32Array } | undefined;
  let many: ReturnType<typeof createLineFft> | undefined;
  /** What the last search saw, by size, and which of them it found. */
  let seen: readonly Float32Array[] = [];
  let found = 0;
  const power = new Float32Array(SCALES);
  const lineRe = new Float32Array(SCALES);
  const lineIm = new Float32Array(SCALES);

  const describe = (sample: Picture): Float32Array => describeCells(sample, { withColor: false });

  /** Every number of the samples' descriptions as a line over sizes, transformed. */
  function transform(samples: readonly Float32Array[]): { re: Float32Array; im: Float32Array; count: number } {
    const count = samples[0]?.length ?? 0;
    const re = new Float32Array(count * SCALES);
    const im = new Float32Array(count * SCALES);
    for (const [s, features] of samples.entries()) {
      for (let i = 0; i < count; i++) re[s * count + i] = (features[i] as number) * (window[s] as number);
    }
    many ??= createLineFft(SCALES, count);
    many(re, im);
    return { re, im, count };
  }

  return {
    learn(sample, rate, isAsFound = false) {
      const known = (i: number) => (isAsFound ? seen[i + found - SCALES / 2] : undefined);
      const { re, im, count } = transform(factors.map((factor, i) => known(i) ?? describe(sample(factor))));
      const share = top === undefined ? 1 : rate;
      top ??= { re: new Float32Array(re.length), im: new Float32Array(re.length) };
      const now = new Float32Array(SCALES);
      for (let s = 0, at = 0; s < SCALES; s++) {
        for (let i = 0; i < count; i++, at++) {
          const a = re[at] as number;
          const b = im[at] as number;
          const c = wanted.re[s] as number;
          const d = wanted.im[s] as number;
          top.re[at] = (top.re[at] as number) * (1 - share) + (a * c + b * d) * share;
          top.im[at] = (top.im[at] as number) * (1 - share) + (b * c - a * d) * share;
          now[s] = (now[s] as number) + a * a + b * b;
        }
      }
      for (let s = 0; s < SCALES; s++) power[s] = (power[s] as number) * (1 - share) + (now[s] as number) * share;
    },
    find(sample) {
      if (top === undefined) return 1;
      seen = factors.map((factor) => describe(sample(factor)));
      const { re, im, count } = transform(seen);
      lineRe.fill(0);
      lineIm.fill(0);
      for (let s = 0, at = 0; s < SCALES; s++) {
        for (let i = 0; i < count; i++, at++) {
          const a = re[at] as number;
          const b = im[at] as number;
          const c = top.re[at] as number;
          const d = top.im[at] as number;
          lineRe[s] = (lineRe[s] as number) + (a * c + b * d);
          lineIm[s] = (lineIm[s] as number) + (b * c - a * d);
        }
      }
      for (let s = 0; s < SCALES; s++) {
        lineRe[s] = (lineRe[s] as number) / ((power[s] as number) + LAMBDA);
        lineIm[s] = (lineIm[s] as number) / ((power[s] as number) + LAMBDA);
      }
      // Swapped parts: the inverse.
      fft(lineIm, lineRe);
      found = 0;
      for (let s = 1; s < SCALES; s++) if ((lineRe[s] as number) > (lineRe[found] as number)) found = s;
      return factors[found] ?? 1;
    },
    forget() {
      top = undefined;
      seen = [];
    },
  };
}

/** Side of the pictures that are compared, in pixels. */
export const SCALE_SIDE = 8 * CELL;
