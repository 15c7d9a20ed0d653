import { type Box, guidedEnlarge, type Matte, type Picture, resizeMatte } from '@focal/core';
import type { Session } from '../../ports.ts';
import { type Bone, bonesOf } from './bones.ts';
import { CELL, type Cells, cellsOf, pixelsOf } from './cells.ts';
import { mendByColours } from './colours.ts';
import { type Area, cropPlane, cropRows, type Plane, readLook, type Size, toArea } from './grid.ts';
import { eachInEllipse, innerFace } from './heads.ts';
import { LOOK_SIDE, type Look, type LookOptions, lookAtPose, lookForPeople, type PoseLook } from './looks.ts';
import type { Pyramid } from './pyramid.ts';
import { reachOf } from './reach.ts';

// [Note: whose pixel it is]
// The pose model tells a person from a neighbour but is coarse; the selfie model sees people sharply but all alike. The
// sum of both, each on a crop of its own around the box, is the claim of a person on a pixel; colours mend it, the
// photo's edges shape it, and where several people claim a pixel `compete.ts` decides. The pose model alone claims
// nothing (its weight is below one half): it may lock onto a neighbour, and sees people where there is hardly one; from
// such a claim neither colours nor the ellipse would save a person. Weights from .4 to .5 lie within .005.
const POSE_WEIGHT = 0.45;
/** The pose model's logits run to hundreds: so many of them are one, and it is never surer than so many. */
const POSE_LOGIT = 10;
const SUREST_POSE = 4;
/** The selfie model looks twice: at the box, and at one so many times as large. */
const WIDER = 1.25;
/** Room around the box for the colours of the surroundings and for limbs that reach out of it; share of its sides. */
const SURROUNDINGS = 0.25;
/** How far the box of a person who is guessed from a face may be widened to either side, in its own widths. */
const BESIDE = 0.25;
/** Where less than this share of the box is claimed the models saw nothing, and the ellipse in the box stands in. */
const TOO_LITTLE = 0.08;
const ELLIPSE_SHARE = 0.7;
/** A face is its person's, whatever the models say. */
const HEAD_SHARE = 0.97;
/** In cells. */
const EDGE = { radius: 2, epsilon: 1e-3 };
/** Weight of a matte of the whole picture, and from which intersection over union on it has some, and all of it. */
const MATTE_WEIGHT = 0.3;
const UNLIKE = 0.6;
const ALIKE = 0.85;

export interface PeopleSessions {
  /** `pose-full`, or `pose-lite`, which is faster and a little coarser. */
  readonly pose: Session;
  readonly selfie: Session;
}

/** What both models say about one person: shares 0..1 of the cells of an area with room around the box. */
export interface Sight extends Plane {
  /** The pose model's logits, of the same cells. */
  readonly poses: Float32Array;
  /** The part of the area that the person may reach, in pixels of the grid. */
  readonly reach: Area;
  /** Where the person's faces are. */
  readonly heads: readonly Box[];
  readonly bones: readonly Bone[];
}

/** A person's claim on the pixels of an area of the grid, 0..1; one half and more is theirs if nobody wants it more. */
export interface Claim extends Plane {
  /** What the pose model says of the area's cells, as logits of -4 to 4. */
  readonly poses: Float32Array;
  readonly heads: readonly Box[];
  readonly bones: readonly Bone[];
}

/** Looks at one person with both models. */
export async function lookAtPerson(
  sessions: PeopleSessions,
  look: Pyramid,
  grid: Size,
  person: { readonly box: Box; readonly isGuess?: boolean; readonly heads?: readonly Box[] },
  options: LookOptions,
): Promise<Sight> {
  const pose = await lookAtPose(sessions.pose, look, person.box, options);
  const box = person.isGuess === true ? spanOf(pose, person.box) : person.box;
  const close = await lookForPeople(sessions.selfie, look, box, { ...options, mirror: true });
  const wide = await lookForPeople(sessions.selfie, look, enlarge(box, WIDER), { ...options, mirror: false });
  const size = { width: grid.width / CELL, height: grid.height / CELL };
  const area = toArea(size, box, SURROUNDINGS);
  const poses = readLook(size, pose, area, -1000);
  const values = addUp(size, area, poses, close, wide);
  const { heads = [] } = person;
  fillHeads(size, area, heads, values);
  if (isTooLittle(size, area, box, values)) fillEllipse(size, area, box, values, ELLIPSE_SHARE);
  return {
    area,
    values,
    poses,
    reach: reachOf(grid, { box, heads, pose }, pixelsOf(area, grid)),
    heads,
    bones: bonesOf(pose, look.aspect),
  };
}

/** What each person claims, by the models and by the colours and edges of the photo. */
export function claimPixels(grid: Picture, cells: Cells, sights: readonly Sight[]): readonly Claim[] {
  const others = claimsOfOthers(cells.area, sights);
  return sights.map(({ area, values, poses, reach, heads, bones }, i) => {
    const mended = mendByColours(cells.area, cells.steps, area, values, others[i] as Float32Array);
    const own = cellsOf(reach);
    const near = grow(own, 2 * EDGE.radius, area);
    const colours = cropRows(cells.area, cells.colours, near, 3);
    const shaped = guidedEnlarge(colours, cropPlane({ area, values: mended }, near), near.width, near.height, EDGE, {
      picture: grid,
      size: CELL,
      origin: { x: near.x * CELL, y: near.y * CELL },
      part: reach,
    });
    fillHeads(grid, reach, heads, shaped);
    const limited = cropPlane({ area, values: poses }, own);
    for (let at = 0; at < limited.length; at++) {
      limited[at] = Math.max(-SUREST_POSE, Math.min(SUREST_POSE, (limited[at] as number) / POSE_LOGIT));
    }
    return { area: reach, values: shaped, poses: limited, heads, bones };
  });
}

/** The strongest claim of somebody else on each pixel of each area. */
function claimsOfOthers(whole: Area, sights: readonly Sight[]): readonly Float32Array[] {
  const first = new Float32Array(whole.width * whole.height);
  const second = new Float32Array(whole.width * whole.height);
  for (const { area, values } of sights) {
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * whole.width + area.x; x < area.width; x++, i++, at++) {
        const value = values[i] as number;
        const highest = first[at] as number;
        if (value > highest) {
          second[at] = highest;
          first[at] = value;
        } else if (value > (second[at] as number)) second[at] = value;
      }
    }
  }
  return sights.map(({ area, values }) => {
    const others = new Float32Array(values.length);
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * whole.width + area.x; x < area.width; x++, i++, at++) {
        const highest = first[at] as number;
        others[i] = (values[i] as number) < highest ? highest : (second[at] as number);
      }
    }
    return others;
  });
}

/**
 * The claims moved towards the picture's matte where both see the same people. Never cut by it: it keeps only the
 * people that stand out.
 */
export function mendByMatte(grid: Size, claims: readonly Claim[], matte: Matte): readonly Claim[] {
  const { data } = resizeMatte(matte, grid.width, grid.height);
  const all = strongestClaims(grid, claims);
  return claims.map((claim) => {
    const { area, values } = claim;
    const weight = MATTE_WEIGHT * weighAgreement(agreementOf(all, data, area, grid.width));
    if (weight === 0) return claim;
    const mended = new Float32Array(values.length);
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * grid.width + area.x; x < area.width; x++, i++, at++) {
        const value = values[i] as number;
        // Where somebody else claims more, the matte's subject is not this person.
        const subject = value >= (all[at] as number) ? (data[at] as number) / 255 : 0;
        mended[i] = value + weight * (subject - value);
      }
    }
    return { ...claim, values: mended };
  });
}

function strongestClaims(grid: Size, claims: readonly Claim[]): Float32Array {
  const all = new Float32Array(grid.width * grid.height);
  for (const { area, values } of claims) {
    for (let y = 0, i = 0; y < area.height; y++) {
      for (let x = 0, at = (y + area.y) * grid.width + area.x; x < area.width; x++, i++, at++) {
        if ((values[i] as number) > (all[at] as number)) all[at] = values[i] as number;
      }
    }
  }
  return all;
}

/** Intersection over union of claims and matte within the area. */
function agreementOf(claims: Float32Array, matte: Uint8Array | Uint8ClampedArray, area: Area, width: number): number {
  let [both, either] = [0, 0];
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let at = y * width + area.x, end = at + area.width; at < end; at++) {
      const isPerson = (claims[at] as number) >= 0.5;
      const isSubject = (matte[at] as number) >= 128;
      if (isPerson && isSubject) both++;
      if (isPerson || isSubject) either++;
    }
  }
  return either === 0 ? 0 : both / either;
}

function weighAgreement(agreement: number): number {
  return Math.min(1, Math.max(0, (agreement - UNLIKE) / (ALIKE - UNLIKE)));
}

/** Both models' answers as one share: .5 and more is rather the person's than not. */
function addUp(size: Size, area: Area, poses: Float32Array, near: Look, wide: Look): Float32Array {
  const shares = readLook(size, near, area, 0);
  const wides = readLook(size, wide, area, 0);
  for (let i = 0; i < shares.length; i++) {
    const pose = POSE_WEIGHT / (1 + Math.exp((poses[i] as number) / -POSE_LOGIT));
    const sum = pose + ((1 - POSE_WEIGHT) * ((shares[i] as number) + (wides[i] as number))) / 2;
    shares[i] = Math.min(0.99, Math.max(0.01, sum));
  }
  return shares;
}

function fillHeads(size: Size, area: Area, heads: readonly Box[], shares: Float32Array): void {
  for (const head of heads) fillEllipse(size, area, innerFace(head), shares, HEAD_SHARE);
}

/** So many cells more on each side, within the limits. What lies farther off does not reach the filter's result. */
function grow({ x, y, width, height }: Area, by: number, limits: Area): Area {
  const left = Math.max(limits.x, x - by);
  const top = Math.max(limits.y, y - by);
  const right = Math.min(limits.x + limits.width, x + width + by);
  const bottom = Math.min(limits.y + limits.height, y + height + by);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function isTooLittle(size: Size, area: Area, box: Box, shares: Float32Array): boolean {
  const own = toArea(size, box, 0);
  const inside = cropPlane({ area, values: shares }, own);
  return inside.reduce((count, share) => count + (share >= 0.5 ? 1 : 0), 0) < TOO_LITTLE * inside.length;
}

function fillEllipse(size: Size, area: Area, box: Box, shares: Float32Array, share: number): void {
  eachInEllipse(size, area, box, (i) => {
    shares[i] = Math.max(shares[i] as number, share);
  });
}

/** The box that the pose mask spans, where the model is sure of a person; the guess itself elsewhere. */
function spanOf(pose: PoseLook, guess: Box): Box {
  if (pose.presence < 0.5) return guess;
  let [left, top, right, bottom] = [LOOK_SIDE, LOOK_SIDE, 0, 0];
  for (let i = 0; i < pose.values.length; i++) {
    if ((pose.values[i] as number) < 0) continue;
    const x = i % LOOK_SIDE;
    const y = (i - x) / LOOK_SIDE;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  const { x, y, width, height } = pose.box;
  const from = { x: Math.max(0, x + (left / LOOK_SIDE) * width), y: Math.max(0, y + (top / LOOK_SIDE) * height) };
  const to = { x: Math.min(1, x + (right / LOOK_SIDE) * width), y: Math.min(1, y + (bottom / LOOK_SIDE) * height) };
  // A mask of next to nothing says nothing about how far the person reaches.
  if (to.x - from.x < guess.width / 4 || to.y - from.y < guess.height / 4) return guess;
  const span = { ...from, width: to.x - from.x, height: to.y - from.y };
  return narrow(span, guess);
}

/** The span no farther to either side of the guess than so much of its width: beyond, the mask is a neighbour's. */
function narrow(span: Box, guess: Box): Box {
  const left = Math.max(span.x, guess.x - BESIDE * guess.width);
  const right = Math.min(span.x + span.width, guess.x + (1 + BESIDE) * guess.width);
  return { ...span, x: left, width: right - left };
}

function enlarge({ x, y, width, height }: Box, factor: number): Box {
  const room = (factor - 1) / 2;
  return { x: x - room * width, y: y - room * height, width: width * factor, height: height * factor };
}
