import { createThreadCache } from '../../async/thread-cache.ts';
import { FocalError } from '../../errors.ts';
import { guidedFilter } from '../../filters/guided.ts';
import { fitSize } from '../../picture/fit-size.ts';
import type { Matte } from '../../picture/matte.ts';
import type { Picture } from '../../picture/picture.ts';
import type { Box } from '../../scene/geometry.ts';
import { createColorModel } from './color-model.ts';
import { cutFirstMask } from './first-mask.ts';
import { readMotion, type ViewBefore } from './motion.ts';
import { keepConnected } from './parts.ts';
import { type Grid, readGrid, type SubjectView, toFrameMatte, viewSubject } from './view.ts';

/** What a model says about whose a frame's pixels are. */
export interface MaskEvidence {
  /** 0..1, on a grid of its own. */
  readonly shares: Grid;
  /** How much it counts beside colours and the mask of the frame before: 1 as much as both. */
  readonly weight: number;
}

/**
 * The mask of one subject, carried from frame to frame: from the mask before, moved with the subject's box, the colours
 * of subject and surroundings, the frame's edges, what models say where they have looked and, where that is wished, what
 * moves as the subject does. Some 6 ms a frame, without motion.
 */
export interface MaskCarrier {
  /** Takes on a subject with its first mask, or with what GrabCut finds in the box and models say. */
  start(frame: Picture, box: Box, options?: { readonly first?: Grid; readonly evidence?: MaskEvidence }): Matte;
  /**
   * The next frame, with the subject's box in it. Throws `invalid-argument` before a start.
   *
   * @param motionSide long side of the picture in which it looks at what moves, as {@link readMotion} does; absent: it
   * does not
   */
  step(frame: Picture, box: Box, evidence?: MaskEvidence, motionSide?: number): Matte;
}

/** Weights of what colours say beside the mask before, tuned on clips with truth. */
const COLOR_WEIGHT = 1.2;
const MOTION_WEIGHT = 1;
/** How unsure one is of a place after it has moved, as a share of the view's longer side. */
const PRIOR_BLUR = 0.04;
/** Limbs reach out of a box by so much of its sides. */
const OUTSIDE = 0.12;
const LEARN_RATE = 0.1;
/** How much models that are sure count in the first mask beside GrabCut, which leaves out heads of people far away. */
const FIRST_EVIDENCE = 0.6;
/** What is left, a frame later, of the trust in a mask by a model whose weight is above 1. */
const TRUST_FADES = 0.8;
/** How far the mask before is kept where the new one agrees with it. */
const STEADY = 0.5;
const MOST_COLOR = 3;
const MOST_PRIOR = 4;
const MOST_EVIDENCE = 4;
/** A mask fills between so much of its box, and changes what it fills by so much at once. */
const LEAST_FILL = 0.25;
const MOST_FILL = 0.85;
const LEAST_OF_USUAL = 0.75;
const MOST_OF_USUAL = 1.3;
const MOST_SHIFT = 3;
const FILL_RATE = 0.05;
const EDGE = { radius: 4, epsilon: 4e-4, subsample: 2 };
/** Long side of the matte that is given. */
const MATTE_SIDE = 320;

export function createMaskCarrier(): MaskCarrier {
  const cache = createThreadCache();
  let colors = createColorModel();
  let mask: Grid | undefined;
  let maskBox: Box | undefined;
  let before: ViewBefore | undefined;
  /** The share of its box that the subject mostly fills. */
  let fill = 0;
  /** How far the mask before is by models that are sure, 0..1; it fades. */
  let trust = 0;

  function learn(view: SubjectView, alpha: Float32Array, rate: number): void {
    // What is half the subject's teaches nothing.
    const weights = new Float32Array(alpha.length);
    for (let i = 0; i < weights.length; i++) weights[i] = (2 * (alpha[i] as number) - 1) ** 2;
    colors.learn(view.colors, alpha, weights, rate);
  }

  function give(frame: Picture, grid: Grid): Matte {
    const { width, height } = fitSize(frame, MATTE_SIDE);
    return toFrameMatte(grid, width, height);
  }

  return {
    start(frame, box, options = {}) {
      const { first = mixFirst(cutFirstMask(frame, box), options.evidence) } = options;
      const view = viewSubject(frame, box, cache);
      const size = { area: view.area, width: view.picture.width, height: view.picture.height };
      colors = createColorModel();
      mask = { ...size, values: readGrid(first, size, first.area, first.area) };
      maskBox = box;
      before = keep(view);
      fill = fillOf(mask, box);
      trust = 0;
      learn(view, mask.values, 1);
      return give(frame, mask);
    },
    step(frame, box, evidence, motionSide) {
      if (mask === undefined || maskBox === undefined) {
        throw new FocalError('invalid-argument', 'Expected a subject to carry the mask of, got none.', {
          hint: 'Start with a frame and a box first.',
        });
      }
      const view = viewSubject(frame, box, cache);
      const { width, height } = view.picture;
      const size = { area: view.area, width, height };
      const moved = readGrid(mask, size, maskBox, box);
      const logits = colors.read(view.colors, MOST_COLOR);
      const prior = spread(moved, width, height, PRIOR_BLUR * (1 - trust / 2));
      const [colorWeight, priorWeight] = [COLOR_WEIGHT * (1 - trust / 2), 1 + trust];
      for (let i = 0; i < logits.length; i++) {
        logits[i] = colorWeight * (logits[i] as number) + priorWeight * logit(prior[i] as number, MOST_PRIOR);
      }
      if (evidence !== undefined) addEvidence(logits, evidence, size);
      const motion =
        motionSide === undefined || before === undefined ? undefined : readMotion(before, view, box, moved, motionSide);
      before = motionSide === undefined ? undefined : keep(view);
      if (motion !== undefined) {
        for (let i = 0; i < logits.length; i++)
          logits[i] = (logits[i] as number) + MOTION_WEIGHT * (motion[i] as number);
      }
      dropOutside(logits, size, box);
      const usual = Math.max(LEAST_FILL, Math.min(MOST_FILL, fill)) * box.width * box.height;
      balance(logits, usual / (view.area.width * view.area.height));
      const shares = new Float32Array(logits.length);
      for (let i = 0; i < shares.length; i++) shares[i] = sigmoid(logits[i] as number);
      const alpha = guidedFilter(view.colors, shares, width, height, EDGE);
      for (let i = 0; i < alpha.length; i++) {
        alpha[i] = sigmoid(0.5 * (logits[i] as number) + 3 * (2 * (alpha[i] as number) - 1));
      }
      keepConnected(alpha, moved, width, height);
      for (let i = 0; i < alpha.length; i++) {
        // Where both nearly agree the mean is steadier; where they differ the frame is right.
        const now = alpha[i] as number;
        const agreement = 1 - Math.abs(now - (moved[i] as number));
        alpha[i] = now + ((moved[i] as number) - now) * STEADY * agreement * agreement;
      }
      trust = Math.max(trust * TRUST_FADES, Math.min(1, (evidence?.weight ?? 0) - 1));
      mask = { ...size, values: alpha };
      maskBox = box;
      fill += (fillOf(mask, box) - fill) * FILL_RATE;
      learn(view, alpha, LEARN_RATE);
      return give(frame, mask);
    },
  };
}

/** Views are drawn over. */
function keep({ area, picture }: SubjectView): ViewBefore {
  return { area, picture: { ...picture, data: picture.data.slice() } };
}

/** What was cut by colours alone, and what models say where they are sure: colours are learned from both. */
function mixFirst(cut: Grid, evidence: MaskEvidence | undefined): Grid {
  if (evidence === undefined || evidence.weight < 1) return cut;
  const { shares } = evidence;
  const read = readGrid(shares, cut, shares.area, shares.area);
  const values = cut.values.map((share, i) => share + ((read[i] as number) - share) * FIRST_EVIDENCE);
  return { ...cut, values };
}

/** Models count beside colours and the mask before, which count the less the more models do. */
function addEvidence(scores: Float32Array, { shares, weight }: MaskEvidence, size: Omit<Grid, 'values'>): void {
  const read = readGrid(shares, size, shares.area, shares.area);
  const rest = 1 - 0.5 * Math.min(1, weight);
  for (let i = 0; i < scores.length; i++) {
    scores[i] = (scores[i] as number) * rest + weight * logit(read[i] as number, MOST_EVIDENCE);
  }
}

/** What lies outside of the box counts less, the farther the less. */
function dropOutside(scores: Float32Array, { area, width, height }: Omit<Grid, 'values'>, box: Box): void {
  for (let y = 0, i = 0; y < height; y++) {
    const v = (area.y + ((y + 0.5) / height) * area.height - box.y) / box.height;
    const above = Math.max(0, -v, v - 1);
    for (let x = 0; x < width; x++, i++) {
      const u = (area.x + ((x + 0.5) / width) * area.width - box.x) / box.width;
      const off = Math.max(above, -u, u - 1) / OUTSIDE;
      scores[i] = (scores[i] as number) - 2 * off * off;
    }
  }
}

/** Shifts scores until not much less and not much more of them are above 0 than is usual. */
function balance(scores: Float32Array, usual: number): void {
  const above = (shift: number): number => {
    let count = 0;
    for (let i = 0; i < scores.length; i++) if ((scores[i] as number) + shift > 0) count++;
    return count / scores.length;
  };
  const now = above(0);
  const least = usual * LEAST_OF_USUAL;
  const most = usual * MOST_OF_USUAL;
  if (now >= least && now <= most) return;
  const wanted = now < least ? least : most;
  let [low, high] = [-MOST_SHIFT, MOST_SHIFT];
  for (let round = 0; round < 8; round++) {
    const middle = (low + high) / 2;
    if (above(middle) < wanted) low = middle;
    else high = middle;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) + (low + high) / 2;
}

/** The share of the box that a mask fills. */
function fillOf({ area, values }: Grid, box: Box): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return ((sum / values.length) * area.width * area.height) / (box.width * box.height);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function logit(share: number, most: number): number {
  if (share <= 0) return -most;
  if (share >= 1) return most;
  return Math.max(-most, Math.min(most, Math.log(share / (1 - share))));
}

/** Blurred by a box, twice, of so large a share of the sides: how sure one is of a place after it has moved. */
function spread(values: Float32Array, width: number, height: number, share: number): Float32Array {
  const radius = Math.max(1, Math.round(share * Math.max(width, height)));
  const result = Float32Array.from(values);
  const line = new Float64Array(width + 1);
  /** Sums of each column down to each row. */
  const sums = new Float64Array((height + 1) * width);
  for (let round = 0; round < 2; round++) {
    for (let y = 0; y < height; y++) {
      const start = y * width;
      for (let x = 0; x < width; x++) line[x + 1] = (line[x] as number) + (result[start + x] as number);
      for (let x = 0, i = start; x < width; x++, i++) {
        const from = Math.max(0, x - radius);
        const to = Math.min(width, x + radius + 1);
        result[i] = ((line[to] as number) - (line[from] as number)) / (to - from);
      }
      for (let i = start; i < start + width; i++) sums[i + width] = (sums[i] as number) + (result[i] as number);
    }
    for (let y = 0, i = 0; y < height; y++) {
      const above = Math.max(0, y - radius);
      const below = Math.min(height, y + radius + 1);
      for (let a = above * width, b = below * width, end = a + width; a < end; a++, b++, i++) {
        result[i] = ((sums[b] as number) - (sums[a] as number)) / (below - above);
      }
    }
  }
  return result;
}
