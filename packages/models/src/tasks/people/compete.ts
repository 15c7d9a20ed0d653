import { eachOnBone } from './bones.ts';
import { type Cells, contestedCells, toCells, toPixels } from './cells.ts';
import type { Claim } from './claim.ts';
import { type Area, cropRows, type Plane, type Size } from './grid.ts';
import { eachInEllipse, faceWithHair, wholeFace } from './heads.ts';
import { giveIslands, NOBODY } from './islands.ts';
import { smoothWithin } from './smooth.ts';

// [Note: people who touch]
// Where several people claim a pixel, claims alone give islands: both models see skin beside skin, and colours tell
// little. So shares of people are made from claims, pose, bones and faces on cells of 2 × 2 pixels, sure cells lend
// them to unsure ones of the same colour, and islands go to those whom they lie in. Weights were chosen with all of
// coco_val128 in view, and on drawn composites; figures hardly move within half and twice of what they are, but for
// bones, which give people more of others at twice theirs.

/** Scores are logits: of the claim, plus so many times the pose model's, plus what bones and faces say. */
const POSE_WEIGHT = 0.5;
const HAIR_SCORE = 1.5;
const BONE_SCORE = 2;
const FACE_SCORE = 8;
const UNCLAIMED = -12;
/** Confidence of a cell is not less than this, and so much of it where nobody claims it. */
const LEAST_CONFIDENCE = 0.002;
const OUTSIDE_CONFIDENCE = 0.02;
/** A cell belongs to somebody from this claim on. */
const SOMEBODYS = 0.4;

/** The contested part of the grid. */
interface Field {
  readonly area: Area;
  readonly colours: Float32Array;
  /** The strongest claim on each cell. */
  readonly strongest: Float32Array;
}

/**
 * To what extent each pixel of each claim's area is that person's: beside the claim itself where nobody else wants it,
 * a share of 1 where they do.
 */
export function tellApart(cells: Cells, claims: readonly Claim[]): readonly Float32Array[] {
  const means = claims.map(toCells);
  const area = contestedCells(cells.area, means);
  if (area === undefined) return claims.map(({ values }) => values);
  const strongest = new Float32Array(area.width * area.height);
  for (const { area: own, values } of means) {
    eachShared(area, own, (i, at) => {
      if ((values[at] as number) > (strongest[i] as number)) strongest[i] = values[at] as number;
    });
  }
  const field = { area, colours: cropRows(cells.area, cells.colours, area, 3), strongest };
  const { scores, kept } = scoreCells(cells.size, claims, means, field);
  const smooth = smoothShares(scores, field);
  settleIslands(smooth, kept, field);
  return claims.map((claim, i) => toPixels(claim, smooth[i] as Float32Array, area));
}

/** Visits each cell that two areas have in common: its place in both. */
function eachShared(a: Area, b: Area, visit: (inA: number, inB: number) => void): void {
  const left = Math.max(a.x, b.x);
  const right = Math.min(a.x + a.width, b.x + b.width);
  for (let y = Math.max(a.y, b.y); y < Math.min(a.y + a.height, b.y + b.height); y++) {
    let i = (y - a.y) * a.width + left - a.x;
    let at = (y - b.y) * b.width + left - b.x;
    for (let x = left; x < right; x++) visit(i++, at++);
  }
}

/** How much speaks for each person in each cell, as logits; and where a face decides. */
function scoreCells(size: Size, claims: readonly Claim[], means: readonly Plane[], { area }: Field) {
  const scores = claims.map(({ poses }, person) => {
    const plane = new Float32Array(area.width * area.height).fill(UNCLAIMED);
    const { area: own, values } = means[person] as Plane;
    eachShared(area, own, (i, at) => {
      const share = Math.min(0.99, Math.max(0.01, values[at] as number));
      plane[i] = Math.log(share / (1 - share)) + POSE_WEIGHT * (poses[at] as number);
    });
    return plane;
  });
  const kept = new Uint8Array(area.width * area.height);
  for (const [person, { heads, bones }] of claims.entries()) {
    const own = scores[person] as Float32Array;
    const isOnBone = new Uint8Array(own.length);
    for (const bone of bones) {
      eachOnBone(size, area, bone, (i) => {
        if (isOnBone[i] === 1 || (own[i] as number) <= UNCLAIMED) return;
        isOnBone[i] = 1;
        own[i] = (own[i] as number) + BONE_SCORE;
      });
    }
    for (const head of heads) {
      eachInEllipse(size, area, faceWithHair(head), (i) => {
        if ((own[i] as number) > UNCLAIMED) own[i] = (own[i] as number) + HAIR_SCORE;
      });
    }
  }
  for (const [person, { heads }] of claims.entries()) {
    for (const head of heads) {
      eachInEllipse(size, area, wholeFace(head), (i) => {
        for (const [other, plane] of scores.entries()) plane[i] = other === person ? FACE_SCORE : -FACE_SCORE;
        kept[i] = 1;
      });
    }
  }
  return { scores, kept };
}

/** Shares of each cell that add up to 1, sure cells lending theirs to unsure ones. */
function smoothShares(scores: readonly Float32Array[], { area, colours, strongest }: Field): readonly Float32Array[] {
  const highest = new Float32Array(strongest.length).fill(UNCLAIMED);
  for (const plane of scores) {
    for (let i = 0; i < plane.length; i++) highest[i] = Math.max(highest[i] as number, plane[i] as number);
  }
  const sum = new Float32Array(strongest.length);
  const shares = scores.map((plane) => {
    const odds = new Float32Array(plane.length);
    for (let i = 0; i < plane.length; i++) {
      const score = plane[i] as number;
      const top = highest[i] as number;
      odds[i] = score === UNCLAIMED && top > UNCLAIMED ? 0 : Math.exp(score - top);
      sum[i] = (sum[i] as number) + (odds[i] as number);
    }
    return odds;
  });
  const first = new Float32Array(strongest.length);
  const second = new Float32Array(strongest.length);
  for (const plane of shares) {
    for (let i = 0; i < plane.length; i++) {
      const share = (plane[i] as number) / (sum[i] as number);
      plane[i] = share;
      second[i] = Math.max(second[i] as number, Math.min(first[i] as number, share));
      first[i] = Math.max(first[i] as number, share);
    }
  }
  const confidence = strongest.map((claim, i) => {
    const lead = (first[i] as number) - (second[i] as number);
    return LEAST_CONFIDENCE + (1 - LEAST_CONFIDENCE) * lead * Math.max(OUTSIDE_CONFIDENCE, claim);
  });
  return smoothWithin(shares, confidence, colours, area.width, area.height);
}

/** Islands given away in the shares, with the cells around them, which were torn between both. */
function settleIslands(shares: readonly Float32Array[], kept: Uint8Array, { area, strongest }: Field): void {
  const { width, height } = area;
  const owners = new Int16Array(width * height).fill(NOBODY);
  const most = new Float32Array(width * height);
  for (const [person, plane] of shares.entries()) {
    for (let i = 0; i < owners.length; i++) {
      if ((strongest[i] as number) < SOMEBODYS || (plane[i] as number) <= (most[i] as number)) continue;
      most[i] = plane[i] as number;
      owners[i] = person;
    }
  }
  for (const at of giveIslands(owners, kept, width, height)) {
    const to = owners[at] as number;
    const x = at % width;
    const y = (at - x) / width;
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const i = row * width + column;
        if (owners[i] !== to) continue;
        for (const [person, plane] of shares.entries()) plane[i] = person === to ? 1 : 0;
      }
    }
  }
}
