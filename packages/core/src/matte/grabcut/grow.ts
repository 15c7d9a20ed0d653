import { barrierDistances } from './barrier.ts';
import { type CutPicture, grabCut, MAYBE_BACKGROUND, MAYBE_SUBJECT, SUBJECT } from './grabcut.ts';
import { partAt } from './parts.ts';

// Lengths are shares of the picture's diagonal, weights are log odds in nats; tuned on one half of a labelled set.
/** How far from the point subjects of each size reach. */
const REACHES = [0.2, 0.3, 0.4] as const;
/** Radius of the disc around the point that is surely subject. */
const SEED_RADIUS = 0.04;
/** But for pixels from which colours stray this many times more on the way to the point than to the picture's border. */
const SPILLED = 3;
/** The picture's border this near to the point is not taken for background. */
const BORDER_GAP = 0.1;
const BARRIER_WEIGHT = 10;
/** Differences of colour up to here are taken for none, in byte values summed over the channels. */
const CALM = 10;
const NEAR_WEIGHT = 3;
const LEAST_NEAR = -3;
const BORDER_WEIGHT = 1;
const BIAS = 1;
const MOST_COLOR = 4;
const ROUNDS = 2;
/** How much a border that runs along no edges counts against a cut. */
const BORDER_COST = 0.3;

/** A place in pixels. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

export interface GrowOptions {
  /** What else speaks for the subject, as log odds of each pixel in nats: a matte that is unsure, say. */
  readonly evidence?: Float32Array;
}

/**
 * The subject that holds a pixel, as 1, in one connected part without holes. Where colours must stray less on the way to
 * the point than to the picture's border is likely subject ({@link barrierDistances}); from there GrabCut, once for each of three sizes
 * of the subject. Of the three cuts that one is taken which agrees most with the others and runs along edges.
 */
export function growSubject(picture: CutPicture, start: PixelPoint, options: GrowOptions = {}): Uint8Array {
  const { width, height } = picture;
  const at = start.y * width + start.x;
  const near = layOutSeeds(width, height, start);
  const fromBorder = barrierDistances(picture.colors, near.border, width, height);
  dropSpilled(picture, near.seeds, at, fromBorder);
  const odds = combineOdds(picture, near, fromBorder, options.evidence);
  const cuts = REACHES.map((reach) => {
    const trimap = new Uint8Array(odds.length);
    const prior = new Float32Array(odds.length);
    for (let i = 0; i < odds.length; i++) {
      const nearness = 1 - (near.squared[i] as number) / (reach * reach);
      prior[i] = (odds[i] as number) + NEAR_WEIGHT * Math.max(LEAST_NEAR, nearness);
      trimap[i] = near.seeds[i] === 1 ? SUBJECT : (prior[i] as number) > 0 ? MAYBE_SUBJECT : MAYBE_BACKGROUND;
    }
    const { sides, borderCost } = grabCut(picture, trimap, { prior, mostColor: MOST_COLOR, rounds: ROUNDS });
    return { sides: partAt(sides, width, height, at, true), borderCost };
  });
  const scores = cuts.map((cut, i) => {
    const others = cuts.filter((_, k) => k !== i).map((other) => overlap(cut.sides, other.sides));
    return others.reduce((sum, value) => sum + value, 0) / others.length - BORDER_COST * cut.borderCost;
  });
  return (cuts[scores.indexOf(Math.max(...scores))] as (typeof cuts)[number]).sides;
}

interface Seeds {
  /** 1 in the disc around the point. */
  readonly seeds: Uint8Array;
  /** 1 on the picture's border, but for what is near to the point. */
  readonly border: Uint8Array;
  /** Squared distance from the point in diagonals. */
  readonly squared: Float32Array;
}

function layOutSeeds(width: number, height: number, start: PixelPoint): Seeds {
  const squared = new Float32Array(width * height);
  const seeds = new Uint8Array(width * height);
  const border = new Uint8Array(width * height);
  const diagonal = width * width + height * height;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const away = ((x - start.x) * (x - start.x) + (y - start.y) * (y - start.y)) / diagonal;
      squared[i] = away;
      if (away <= SEED_RADIUS * SEED_RADIUS) seeds[i] = 1;
      const isBorder = x === 0 || y === 0 || x === width - 1 || y === height - 1;
      if (isBorder && away > BORDER_GAP * BORDER_GAP) border[i] = 1;
    }
  }
  seeds[start.y * width + start.x] = 1;
  border[start.y * width + start.x] = 0;
  return { seeds, border, squared };
}

/** Takes out of the seeds what lies beside a subject that is narrower than their disc. */
function dropSpilled(
  { width, height, colors }: CutPicture,
  seeds: Uint8Array,
  at: number,
  fromBorder: Float32Array,
): void {
  const point = new Uint8Array(seeds.length);
  point[at] = 1;
  const fromPoint = barrierDistances(colors, point, width, height);
  for (let i = 0; i < seeds.length; i++) {
    if ((fromPoint[i] as number) > SPILLED * ((fromBorder[i] as number) + CALM)) seeds[i] = 0;
  }
}

/** What speaks for each pixel apart from how near it is. */
function combineOdds(
  picture: CutPicture,
  { seeds, border }: Seeds,
  fromBorder: Float32Array,
  evidence: Float32Array | undefined,
): Float32Array {
  const { width, height, colors } = picture;
  const fromSeeds = barrierDistances(colors, seeds, width, height);
  const odds = new Float32Array(seeds.length);
  for (let i = 0; i < odds.length; i++) {
    const inward = fromSeeds[i] as number;
    const outward = fromBorder[i] as number;
    const likely = outward === Number.POSITIVE_INFINITY ? 1 : (outward - inward) / (outward + inward + CALM);
    odds[i] = BARRIER_WEIGHT * likely + BIAS - BORDER_WEIGHT * (border[i] as number) + (evidence?.[i] ?? 0);
  }
  return odds;
}

function overlap(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === 1 && b[i] === 1) both++;
    if (a[i] === 1 || b[i] === 1) either++;
  }
  return either === 0 ? 1 : both / either;
}
