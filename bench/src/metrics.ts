/** Bytes 0..255 as soft masks; truths are foreground from 128. Both of one length. */
export type Mask = Uint8Array | Uint8ClampedArray;

const FOREGROUND = 128;

/** Mean absolute error of a soft mask, 0..1. */
export function meanAbsoluteError(mask: Mask, truth: Mask): number {
  return sumOfAbsoluteDifferences(mask, truth) / mask.length;
}

/** Sum of absolute differences of alpha (each 0..1), over the pixels of `where` that are not 0, or over all. */
export function sumOfAbsoluteDifferences(mask: Mask, truth: Mask, where?: Mask): number {
  assertSameLength(mask, truth);
  let sum = 0;
  for (let i = 0; i < mask.length; i++) {
    if (where === undefined || where[i] !== 0) sum += Math.abs((mask[i] ?? 0) - (truth[i] ?? 0));
  }
  return sum / 255;
}

/** Intersection over union of the masks cut at one half (byte 128). Two empty masks agree: 1. */
export function intersectionOverUnion(mask: Mask, truth: Mask): number {
  assertSameLength(mask, truth);
  let both = 0;
  let either = 0;
  for (let i = 0; i < mask.length; i++) {
    const inMask = (mask[i] ?? 0) >= FOREGROUND;
    const inTruth = (truth[i] ?? 0) >= FOREGROUND;
    if (inMask && inTruth) both++;
    if (inMask || inTruth) either++;
  }
  return either === 0 ? 1 : both / either;
}

/**
 * Maximum F-measure of a set of soft masks, as usual for salient objects: precision and recall are taken at each of
 * 256 thresholds, averaged over the photos, and put together with β² = 0.3; the best threshold counts
 * (Achanta et al. 2009, "Frequency-tuned salient region detection").
 */
export interface MaxF {
  add(mask: Mask, truth: Mask): void;
  /** 0..1; NaN before the first photo. */
  value(): number;
}

export function createMaxF(betaSquared = 0.3): MaxF {
  const precision = new Float64Array(256);
  const recall = new Float64Array(256);
  let photos = 0;
  return {
    add(mask, truth) {
      assertSameLength(mask, truth);
      const inside = new Float64Array(256);
      const outside = new Float64Array(256);
      for (let i = 0; i < mask.length; i++) {
        const value = mask[i] ?? 0;
        if ((truth[i] ?? 0) >= FOREGROUND) inside[value] = (inside[value] ?? 0) + 1;
        else outside[value] = (outside[value] ?? 0) + 1;
      }
      const positives = inside.reduce((sum, count) => sum + count, 0);
      let hits = 0;
      let found = 0;
      for (let threshold = 255; threshold >= 0; threshold--) {
        hits += inside[threshold] ?? 0;
        found += (inside[threshold] ?? 0) + (outside[threshold] ?? 0);
        precision[threshold] = (precision[threshold] ?? 0) + (found === 0 ? 0 : hits / found);
        recall[threshold] = (recall[threshold] ?? 0) + (positives === 0 ? 0 : hits / positives);
      }
      photos++;
    },
    value() {
      if (photos === 0) return Number.NaN;
      let best = 0;
      for (let threshold = 0; threshold < 256; threshold++) {
        const p = (precision[threshold] ?? 0) / photos;
        const r = (recall[threshold] ?? 0) / photos;
        if (p + r > 0) best = Math.max(best, ((1 + betaSquared) * p * r) / (betaSquared * p + r));
      }
      return best;
    },
  };
}

/** Arithmetic mean; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function assertSameLength(a: Mask, b: Mask): void {
  if (a.length !== b.length) throw new Error(`Expected masks of one size, got ${a.length} and ${b.length} pixels.`);
}
