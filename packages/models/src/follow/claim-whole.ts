import { type Box, type Grid, type MaskEvidence, type Matte, readGrid, toGrid, WHOLE_FRAME } from '@focal/core';
import { widen } from './widen.ts';

/** Of what stands out, so much must lie in the box: others beside the subject stand out too. */
const LEAST_INSIDE = 0.5;
const SURELY_INSIDE = 0.75;
/** Of the box, so much at least must stand out: else it is not the subject that does. */
const LEAST_FILL = 0.1;
const SURE_FILL = 0.2;
/** Overlap with where the subject was thought to be. */
const LEAST_OVERLAP = 0.3;
const SURE_OVERLAP = 0.5;
/** What lies just outside of the box may be the subject's all the same, as a share of its sides. */
const MARGIN = 0.08;
/** Others that stand out are left out where they are farther from where the subject was than this share of the view. */
const NEAR = 0.05;

/** Belief from which a mask says more of the subject's box than the tracker. */
const MENDS_FROM = 0.5;
/** Of a mask, so much on each side does not count for its box. */
const STRAY = 0.005;

/** What stands out, as far as it is the subject's. */
export interface OwnShares {
  readonly shares: Grid;
  /** How sure it is that what stands out is the subject, 0..1. */
  readonly belief: number;
  /** How far others stand out beside it, 0..1. */
  readonly crowd: number;
}

/**
 * Judges what stands out by the subject's box and by where its mask is thought to be: a matte of the frame, or of one
 * before with the box it had there. What others have of it is taken away.
 */
export function claimWhole(
  { shares }: MaskEvidence,
  box: Box,
  mask: { readonly matte: Matte; readonly box: Box },
): OwnShares {
  const before = readGrid(toGrid(mask.matte), shares, mask.box, box);
  const inside = insideOf(shares, box);
  const crowd = 1 - between(inside.ofAll, LEAST_INSIDE, SURELY_INSIDE);
  const reach = Math.max(1, Math.round(NEAR * Math.max(shares.width, shares.height)));
  const near = crowd > 0 ? widen(before, shares, reach) : before;
  const own = shares.values.map((share, i) => share * (1 - crowd * (1 - (near[i] as number))));
  const belief =
    between(inside.ofBox, LEAST_FILL, SURE_FILL) * between(overlapOf(own, before), LEAST_OVERLAP, SURE_OVERLAP);
  return { shares: { ...shares, values: own }, belief, crowd };
}

/** The mask of a key frame: the subject's own shares as far as they are believed, else the mask that was carried there. */
export function chooseKey({ shares, belief }: OwnShares, carried: Matte): Grid {
  const before = readGrid(toGrid(carried), shares, WHOLE_FRAME, WHOLE_FRAME);
  return { ...shares, values: shares.values.map((share, i) => mix(before[i] as number, share, belief)) };
}

/**
 * The box, grown to hold what is believed to be the subject, if nothing else stands out. It never shrinks: of what is in
 * part in a tracker's box, a part may stand out.
 */
export function mendBox({ shares, belief, crowd }: OwnShares, box: Box): Box {
  const { area, width, height, values } = shares;
  const columns = new Float64Array(width);
  const rows = new Float64Array(height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if ((values[i] as number) < 0.5) continue;
      columns[x] = (columns[x] as number) + 1;
      rows[y] = (rows[y] as number) + 1;
    }
  }
  const [left, right] = extent(columns);
  const [top, bottom] = extent(rows);
  if (right <= left || bottom <= top) return box;
  const share = between(belief, MENDS_FROM, 1) * (1 - crowd);
  const x = mix(box.x, Math.min(box.x, area.x + (left / width) * area.width), share);
  const y = mix(box.y, Math.min(box.y, area.y + (top / height) * area.height), share);
  const [endX, endY] = [box.x + box.width, box.y + box.height];
  return {
    x,
    y,
    width: mix(endX, Math.max(endX, area.x + (right / width) * area.width), share) - x,
    height: mix(endY, Math.max(endY, area.y + (bottom / height) * area.height), share) - y,
  };
}

/** From where to where counts reach, less what is too little at either end. */
function extent(counts: Float64Array): readonly [number, number] {
  const least = STRAY * counts.reduce((sum, count) => sum + count, 0);
  let [from, to, before, after] = [0, counts.length, 0, 0];
  while (from < to && before + (counts[from] as number) <= least) before += counts[from++] as number;
  while (to > from && after + (counts[to - 1] as number) <= least) after += counts[--to] as number;
  return [from, to];
}

/** How much of what stands out lies in the box, and how much of the box stands out. */
function insideOf({ area, width, height, values }: Grid, box: Box) {
  let [all, inside] = [0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    const v = (area.y + ((y + 0.5) / height) * area.height - box.y) / box.height;
    for (let x = 0; x < width; x++, i++) {
      const u = (area.x + ((x + 0.5) / width) * area.width - box.x) / box.width;
      const share = values[i] as number;
      all += share;
      if (Math.min(u, v) > -MARGIN && Math.max(u, v) < 1 + MARGIN) inside += share;
    }
  }
  const ofBox = ((inside / values.length) * area.width * area.height) / (box.width * box.height);
  return { ofAll: inside / Math.max(1e-6, all), ofBox };
}

function overlapOf(one: Float32Array, other: Float32Array): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < one.length; i++) {
    both += Math.min(one[i] as number, other[i] as number);
    either += Math.max(one[i] as number, other[i] as number);
  }
  return both / Math.max(1e-6, either);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function between(value: number, none: number, full: number): number {
  return Math.max(0, Math.min(1, (value - none) / (full - none)));
}
