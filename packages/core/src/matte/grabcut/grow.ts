import { barrierDistances } from './barrier.ts';
import { type CutPicture, grabCut, MAYBE_BACKGROUND, MAYBE_SUBJECT, SUBJECT } from './grabcut.ts';
import { partAt } from './parts.ts';

export interface GrowOptions {
  /** What else speaks for the subject, as log odds of each pixel in nats: a matte that is unsure, say. */
  readonly evidence?: Float32Array;
}

/** What grew from a point. */
export interface Grown {
  /** 1 where the subject is, which is one connected part without holes and holds the point. */
  readonly sides: Uint8Array;
  /** How well it holds together, higher is better; comparable within one picture. */
  readonly consistency: number;
}

export const TUNE = {
  reaches: [0.15, 0.3, 0.5],
  seed: 0.02,
  weight: 3,
  spatial: 1,
  border: 1,
  costWeight: 2,
  mostColor: 4,
  rounds: 3,
  bias: 0,
  areaWeight: 0,
  eps: 10,
};

export function growAll(picture: CutPicture, start: { x: number; y: number }, options: GrowOptions = {}) {
  const { width, height, colors } = picture;
  const count = width * height;
  const diagonal = Math.sqrt(width * width + height * height);
  const seeds = new Uint8Array(count);
  const border = new Uint8Array(count);
  const radius = Math.max(0.5, TUNE.seed * diagonal);
  const squared = new Float32Array(count);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const s = (x - start.x) ** 2 + (y - start.y) ** 2;
      squared[i] = s / (diagonal * diagonal);
      if (s <= radius * radius) seeds[i] = 1;
      else if ((x === 0 || y === 0 || x === width - 1 || y === height - 1) && s > (0.1 * diagonal) ** 2) border[i] = 1;
    }
  }
  const fromSeed = barrierDistances(colors, seeds, width, height);
  const fromBorder = barrierDistances(colors, border, width, height);
  const likely = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const s = fromSeed[i] as number;
    const b = fromBorder[i] as number;
    likely[i] = b === Number.POSITIVE_INFINITY ? 1 : (b - s) / (b + s + TUNE.eps);
  }
  return TUNE.reaches.map((reach) => {
    const trimap = new Uint8Array(count);
    const prior = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const near = 1 - (squared[i] as number) / (reach * reach);
      let odds = TUNE.weight * (likely[i] as number) + TUNE.spatial * Math.max(-3, near) + TUNE.bias;
      if (border[i] === 1) odds -= TUNE.border;
      odds += options.evidence?.[i] ?? 0;
      prior[i] = odds;
      trimap[i] = seeds[i] === 1 ? SUBJECT : odds > 0 ? MAYBE_SUBJECT : MAYBE_BACKGROUND;
    }
    const result = grabCut(picture, trimap, { prior, mostColor: TUNE.mostColor, rounds: TUNE.rounds });
    const at = Math.round(start.y) * width + Math.round(start.x);
    const sides = partAt(result.sides, width, height, at, true);
    let area = 0;
    for (let i = 0; i < count; i++) area += sides[i] as number;
    return { sides, margin: result.margin, borderCost: result.borderCost, area: area / count };
  });
}

export function growSubject(picture: CutPicture, start: { x: number; y: number }, options: GrowOptions = {}): Grown {
  const grown = growAll(picture, start, options).map(({ sides, margin, borderCost, area }) => ({
    sides,
    consistency: margin - TUNE.costWeight * borderCost + TUNE.areaWeight * Math.sqrt(area),
  }));
  return grown.reduce((best, other) => (other.consistency > best.consistency ? other : best));
}
