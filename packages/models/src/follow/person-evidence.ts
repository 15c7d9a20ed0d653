import {
  areaAround,
  type Box,
  fitSize,
  type Grid,
  type MaskEvidence,
  type Picture,
  readGrid,
  relativeBox,
  resizePicture,
  type ThreadCache,
  toArea,
  toRegion,
} from '@focal/core';
import type { Session } from '../ports.ts';
import { readLook } from '../tasks/people/grid.ts';
import { type LookOptions, lookAtPose, lookForPeople } from '../tasks/people/looks.ts';
import type { Pyramid } from '../tasks/people/pyramid.ts';
import { widen } from './widen.ts';

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
/** How far limbs may have moved since, in cells of the grid. */
const LATE_REACH = 13;
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

/** A person's box in a frame, and what the models see of it. */
export interface PersonView {
  readonly frame: Picture;
  readonly box: Box;
  /** The part of the frame that they look at, in fractions of it. */
  readonly area: Box;
  readonly pyramid: Pyramid;
  /** The box in fractions of the part. */
  readonly inner: Box;
  /** Of what they say. */
  readonly grid: { readonly width: number; readonly height: number };
}

export function viewPerson(frame: Picture, box: Box, cache?: ThreadCache): PersonView {
  const region = toRegion(frame, areaAround(frame, box, ROOM));
  const area = toArea(frame, region);
  const { width, height } = fitSize(region, LOOK_SIDE);
  const part = resizePicture(frame, width, height, { region, filter: 'area', cache });
  const scale = GRID_SIDE / Math.max(width, height);
  return {
    frame,
    box,
    area,
    pyramid: { aspect: width / height, levels: [part] },
    inner: relativeBox(box, area),
    grid: { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) },
  };
}

/** Which pixels around a person's box the pose model takes for this very person: coarse. The session stays the caller's. */
export async function seePose(
  session: Session,
  { area, pyramid, inner, grid }: PersonView,
  options: LookOptions = {},
): Promise<PoseSight> {
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
 * @param pose what the pose model sees, or saw of a frame before
 */
export async function lookAtFollowed(
  session: Session,
  { box, area, pyramid, inner, grid }: PersonView,
  pose: PoseSight,
  options: LookOptions = {},
): Promise<MaskEvidence> {
  const people = await lookForPeople(session, pyramid, inner, { ...options, mirror: false });
  const shares = readLook(grid, people, { x: 0, y: 0, ...grid }, 0);
  const own = readGrid(pose.shares, { area, ...grid }, box, box);
  const { isSure, isLate = false } = pose;
  const least = isLate ? LATE_WEIGHT : POSE_WEIGHT;
  const poseWeight = isSure
    ? least + (ALONE_WEIGHT - least) * (1 - agreementOf(own, isLate ? widen(shares, grid, LATE_REACH) : shares))
    : least;
  const values = own.map((share, i) => share * poseWeight + (shares[i] as number) * (1 - poseWeight));
  if (isLate) {
    const around = widen(own, grid, LATE_REACH);
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * (around[i] as number);
  }
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
