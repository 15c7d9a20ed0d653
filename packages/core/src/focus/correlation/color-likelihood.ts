import type { Picture } from '../../picture/picture.ts';

/** Steps of a colour channel. */
const STEPS = 16;
const BINS = STEPS ** 3;

/** How likely colours are the subject's rather than its surroundings'. */
export interface ColorLikelihood {
  /** Learns from a picture: weights of its pixels as subject, 0..1; `rate` 0..1 of the new. */
  learn(picture: Picture, inside: Float32Array, rate: number): void;
  /** For each pixel, 0..1. */
  of(picture: Picture): Float32Array;
  /** The next lesson is the first. */
  forget(): void;
}

/** Histograms of subject and surroundings, as Bertinetto et al., "Staple" (CVPR 2016). */
export function createColorLikelihood(): ColorLikelihood {
  const subject = new Float32Array(BINS);
  const around = new Float32Array(BINS);
  let isNew = true;
  return {
    learn(picture, inside, rate) {
      const share = isNew ? 1 : rate;
      isNew = false;
      const nowSubject = new Float32Array(BINS);
      const nowAround = new Float32Array(BINS);
      let [inSum, outSum] = [1e-6, 1e-6];
      for (let p = 0; p < inside.length; p++) {
        const bin = binOf(picture.data, p * 4);
        const weight = inside[p] as number;
        nowSubject[bin] = (nowSubject[bin] as number) + weight;
        nowAround[bin] = (nowAround[bin] as number) + 1 - weight;
        inSum += weight;
        outSum += 1 - weight;
      }
      for (let bin = 0; bin < BINS; bin++) {
        subject[bin] = (subject[bin] as number) * (1 - share) + ((nowSubject[bin] as number) / inSum) * share;
        around[bin] = (around[bin] as number) * (1 - share) + ((nowAround[bin] as number) / outSum) * share;
      }
    },
    of({ data }) {
      const likelihood = new Float32Array(data.length / 4);
      for (let p = 0; p < likelihood.length; p++) {
        const bin = binOf(data, p * 4);
        const own = subject[bin] as number;
        const other = around[bin] as number;
        likelihood[p] = (own + 1e-5) / (own + other + 2e-5);
      }
      return likelihood;
    },
    forget() {
      isNew = true;
    },
  };
}

function binOf(data: Uint8Array | Uint8ClampedArray, at: number): number {
  return (
    ((data[at] as number) >> 4) * STEPS * STEPS +
    ((data[at + 1] as number) >> 4) * STEPS +
    ((data[at + 2] as number) >> 4)
  );
}
