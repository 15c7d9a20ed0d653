import type { Area, Size } from './grid.ts';

/** Steps of each of red, green and blue that colours are counted in. */
const STEPS = 12;
const ROUNDS = 2;
/** Weight of what the colour says, and how much it may say at most, in logits. */
const WEIGHT = 0.6;
const LIMIT = 2;
/** Share that colours nobody has are taken to have, so that rare ones say little. */
const FLOOR = 1e-4;

/** The number of each colour's step. @param colours RGB 0..1, three numbers each. */
export function toColourSteps(colours: Float32Array): Uint16Array {
  const steps = new Uint16Array(colours.length / 3);
  for (let i = 0, o = 0; i < steps.length; i++, o += 3) {
    const r = toStep(colours[o] as number);
    const g = toStep(colours[o + 1] as number);
    const b = toStep(colours[o + 2] as number);
    steps[i] = (r * STEPS + g) * STEPS + b;
  }
  return steps;
}

/**
 * The shares 0..1 mended by the colours of the area: what has the person's colours gains, what has those of the
 * surroundings loses, so that a limb that was missed comes back and a piece of furniture goes. Two rounds of weighted
 * histograms, as in "GrabCut" (Rother, Kolmogorov & Blake 2004) without its cut: neighbours are smoothed later. Other
 * people are no surroundings: their skin has the person's colours.
 *
 * @param steps by {@link toColourSteps}, of the whole grid.
 * @param others how much other people claim each cell, 0..1.
 */
export function mendByColours(
  grid: Size,
  steps: Uint16Array,
  area: Area,
  shares: Float32Array,
  others: Float32Array,
): Float32Array {
  const bins = new Uint16Array(area.width * area.height);
  for (let y = 0; y < area.height; y++) {
    const start = (y + area.y) * grid.width + area.x;
    bins.set(steps.subarray(start, start + area.width), y * area.width);
  }
  const mended = shares.slice();
  for (let round = 0; round < ROUNDS; round++) {
    const evidence = weighColours(bins, mended, others);
    for (let i = 0; i < mended.length; i++) {
      mended[i] = addLogit(shares[i] as number, evidence[bins[i] as number] as number);
    }
  }
  return mended;
}

function toStep(value: number): number {
  return Math.min(STEPS - 1, (value * STEPS) | 0);
}

/** For each colour, by what factor it makes the odds of being the person's better. */
function weighColours(bins: Uint16Array, shares: Float32Array, others: Float32Array): Float32Array {
  const inside = new Float32Array(STEPS ** 3);
  const around = new Float32Array(STEPS ** 3);
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i] as number;
    const share = shares[i] as number;
    const free = 1 - (others[i] as number);
    inside[bin] = (inside[bin] as number) + share * share * free * free;
    around[bin] = (around[bin] as number) + (1 - share) * (1 - share) * free;
  }
  const own = toShares(inside);
  const surroundings = toShares(around);
  return own.map((share, bin) => {
    const odds = Math.log((share + FLOOR) / ((surroundings[bin] as number) + FLOOR));
    return Math.exp(WEIGHT * Math.min(LIMIT, Math.max(-LIMIT, odds)));
  });
}

/** Counts smoothed over neighbouring colours, adding up to 1. */
function toShares(counts: Float32Array): Float32Array {
  let smooth = counts;
  for (const step of [1, STEPS, STEPS * STEPS]) {
    smooth = smooth.map((count, bin, all) => {
      const at = Math.floor(bin / step) % STEPS;
      const before = at > 0 ? (all[bin - step] as number) : 0;
      const after = at < STEPS - 1 ? (all[bin + step] as number) : 0;
      return count + (before + after) / 2;
    });
  }
  const sum = smooth.reduce((total, count) => total + count, 0);
  return sum === 0 ? smooth : smooth.map((count) => count / sum);
}

/** A share whose odds are multiplied by the factor. */
function addLogit(share: number, factor: number): number {
  const yes = Math.max(0.01, Math.min(0.99, share));
  return (yes * factor) / (yes * factor + 1 - yes);
}
