import {
  areaAround,
  type Box,
  fitSize,
  type MaskEvidence,
  type Picture,
  resizePicture,
  type ThreadCache,
  toArea,
  toRegion,
} from '@focal/core';
import type { PeopleSessions } from '../tasks/people/claim.ts';
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
/** From this share on both see the same person. */
const AGREED = 0.6;

/** Whose pixels around a person's box are, by both models of people: some 12 ms. The sessions stay the caller's. */
export async function lookAtFollowed(
  sessions: PeopleSessions,
  frame: Picture,
  box: Box,
  { cache, ...options }: LookOptions & { readonly cache?: ThreadCache } = {},
): Promise<MaskEvidence> {
  const { part, area } = cropAround(frame, box, cache);
  const inner = {
    x: (box.x - area.x) / area.width,
    y: (box.y - area.y) / area.height,
    width: box.width / area.width,
    height: box.height / area.height,
  };
  const pyramid: Pyramid = { aspect: part.width / part.height, levels: [part] };
  const pose = await lookAtPose(sessions.pose, pyramid, inner, options);
  const people = await lookForPeople(sessions.selfie, pyramid, inner, { ...options, mirror: false });
  const scale = GRID_SIDE / Math.max(part.width, part.height);
  const width = Math.max(1, Math.round(part.width * scale));
  const height = Math.max(1, Math.round(part.height * scale));
  const whole = { x: 0, y: 0, width, height };
  const poses = readLook({ ...part, width, height }, pose, whole, -1000);
  const shares = readLook({ ...part, width, height }, people, whole, 0);
  const own = poses.map((logit) => 1 / (1 + Math.exp(-logit / POSE_LOGIT)));
  const isSure = pose.presence >= SURE;
  const poseWeight = isSure ? POSE_WEIGHT + (ALONE_WEIGHT - POSE_WEIGHT) * (1 - agreementOf(own, shares)) : POSE_WEIGHT;
  const values = own.map((share, i) => share * poseWeight + (shares[i] as number) * (1 - poseWeight));
  return { shares: { area, width, height, values }, weight: isSure ? SURE_WEIGHT : UNSURE_WEIGHT };
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

function cropAround(frame: Picture, box: Box, cache?: ThreadCache): { readonly part: Picture; readonly area: Box } {
  const region = toRegion(frame, areaAround(frame, box, ROOM));
  const { width, height } = fitSize(region, LOOK_SIDE);
  return { part: resizePicture(frame, width, height, { region, filter: 'area', cache }), area: toArea(frame, region) };
}
