import {
  areaAround,
  type Box,
  fitSize,
  type Grid,
  type MaskEvidence,
  type Picture,
  readGrid,
  resizePicture,
  type ThreadCache,
  toArea,
  toRegion,
} from '@focal/core';
import type { Session } from '../ports.ts';
import { readLook } from '../tasks/people/grid.ts';
import { type LookOptions, lookAtPose, lookForPeople } from '../tasks/people/looks.ts';
import type { Pyramid } from '../tasks/people/pyramid.ts';

/** Room around the box on each side, as a share of its longer one: what the pose model wants to see. */
const ROOM = 0.3;
/** Long sides of the part that the models look at, and of what comes of it. */
const LOOK_SIDE = 384;
const GRID_SIDE = 112;
/** The pose model tells this person from others but is coarse; the selfie model is sharp and knows people only. */
const POSE_WEIGHT = 0.45;
/** The pose model's where the selfie model, made for people near the camera, sees nobody. */
const ALONE_WEIGHT = 0.9;
const POSE_LOGIT = 10;
/** How much both count beside colours and the mask before, where the pose model is sure of a person and where not. */
const SURE_WEIGHT = 1;
const UNSURE_WEIGHT = 0.25;
const SURE = 0.5;
/** The pose model's weight where it is late. */
const LATE_WEIGHT = 0.1;
/** How far limbs may have moved since, in cells of the grid: by three steps as far as all of them together. */
const LATE_STEPS = [1, 3, 9];
/** From this share on both see the same person. */
const AGREED = 0.6;

/** What the pose model sees of the person in a box. */
export interface PoseSight {
  /** That a place is this person's, 0..1, around the box. */
  readonly shares: Grid;
  readonly isSure: boolean;
  /** It was seen of a frame before and moved with the box: it says where the person is, and no longer how limbs lie. */
  readonly isLate?: boolean;
}

type EvidenceOptions = LookOptions & { readonly cache?: ThreadCache };

/** Which pixels around a person's box the pose model takes for this very person: coarse. The session stays the caller's. */
export async function seePose(
  session: Session,
  frame: Picture,
  box: Box,
  { cache, ...options }: EvidenceOptions = {},
): Promise<PoseSight> {
  const { area, pyramid, inner, grid } = cropAround(frame, box, cache);
  const pose = await lookAtPose(session, pyramid, inner, options);
  const values = readLook(grid, pose, { x: 0, y: 0, ...grid }, -1000).map(
    (logit) => 1 / (1 + Math.exp(-logit / POSE_LOGIT)),
  );
  return { shares: { area, ...grid, values }, isSure: pose.presence >= SURE };
}

/**
 * Whose pixels around a person's box are: the pose model tells this person from others, the selfie model where people
 * end. The session stays the caller's.
 *
 * @param session the selfie model
 * @param pose what the pose model sees, where it is seen of this frame
 */
export async function lookAtFollowed(
  session: Session,
  frame: Picture,
  box: Box,
  pose: PoseSight,
  { cache, ...options }: EvidenceOptions = {},
): Promise<MaskEvidence> {
  const { area, pyramid, inner, grid } = cropAround(frame, box, cache);
  const people = await lookForPeople(session, pyramid, inner, { ...options, mirror: false });
  const shares = readLook(grid, people, { x: 0, y: 0, ...grid }, 0);
  const own = readGrid(pose.shares, { area, ...grid }, box, box);
  const { isSure, isLate = false } = pose;
  const near = isLate ? widen(shares, grid) : shares;
  const least = isLate ? LATE_WEIGHT : POSE_WEIGHT;
  const poseWeight = isSure ? least + (ALONE_WEIGHT - least) * (1 - agreementOf(own, near)) : least;
  const values = own.map((share, i) => share * poseWeight + (shares[i] as number) * (1 - poseWeight));
  if (isLate) for (const [i, share] of widen(own, grid).entries()) values[i] = (values[i] as number) * share;
  return { shares: { area, ...grid, values }, weight: isSure ? SURE_WEIGHT : UNSURE_WEIGHT };
}

/** How much of what the pose model takes for the person the selfie model takes for a person too, 0..1. */
function agreementOf(own: Float32Array, people: Float32Array): number {
  let [both, all] = [0, 0];
  for (let i = 0; i < own.length; i++) {
    const share = own[i] as number;
    if (share < 0.5) continue;
    all += share;
    both += Math.min(share, people[i] as number);
  }
  return all === 0 ? 1 : Math.min(1, both / all / AGREED);
}

/** Each value the largest of those within so many cells as {@link LATE_STEPS} add up to, on both axes. */
function widen(
  values: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
): Float32Array {
  let from = Float32Array.from(values);
  let to = new Float32Array(values.length);
  const pass = (step: number, stride: number, count: number, line: number, lines: number): void => {
    for (let l = 0; l < lines; l++) {
      for (let k = 0, i = l * line; k < count; k++, i += stride) {
        const before = k < step ? 0 : (from[i - step * stride] as number);
        const after = k + step < count ? (from[i + step * stride] as number) : 0;
        to[i] = Math.max(before, from[i] as number, after);
      }
    }
    [from, to] = [to, from];
  };
  for (const step of LATE_STEPS) {
    pass(step, 1, width, width, height);
    pass(step, width, height, 1, width);
  }
  return from;
}

/** The part of a frame that the models look at, the box in it, and the grid for what they say of it. */
function cropAround(frame: Picture, box: Box, cache?: ThreadCache) {
  const region = toRegion(frame, areaAround(frame, box, ROOM));
  const area = toArea(frame, region);
  const { width, height } = fitSize(region, LOOK_SIDE);
  const part = resizePicture(frame, width, height, { region, filter: 'area', cache });
  const pyramid: Pyramid = { aspect: width / height, levels: [part] };
  const inner = {
    x: (box.x - area.x) / area.width,
    y: (box.y - area.y) / area.height,
    width: box.width / area.width,
    height: box.height / area.height,
  };
  const scale = GRID_SIDE / Math.max(width, height);
  const grid = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return { area, pyramid, inner, grid };
}
