import type { Box } from '@focal/core';
import { type Area, type Size, toArea } from './grid.ts';
import { faceWithHair } from './heads.ts';
import { type PoseLook, seenJoints } from './looks.ts';

/** Room around the box for what belongs to the person, as a share of its sides. */
const ROOM = 0.02;
/** Around joints, as a share of the box's height. */
const AROUND_JOINT = 0.02;

/**
 * How far the person reaches: their box, and beyond it, within the limits, the joints that can be seen and the hair
 * around the face. Boxes of people who touch often cut off an elbow, or the hair.
 */
export function reachOf(
  grid: Size,
  { box, heads, pose }: { readonly box: Box; readonly heads: readonly Box[]; readonly pose: PoseLook },
  limits: Area,
): Area {
  const around = { across: (AROUND_JOINT * box.height * grid.height) / grid.width, down: AROUND_JOINT * box.height };
  const joints = seenJoints(pose).filter((joint) => joint !== undefined);
  const parts = [
    toArea(grid, box, ROOM),
    ...heads.map((head) => toArea(grid, faceWithHair(head), 0)),
    ...joints.map(({ x, y }) => {
      const { across, down } = around;
      return toArea(grid, { x: x - across, y: y - down, width: 2 * across, height: 2 * down }, 0);
    }),
  ].filter(({ width, height }) => width > 0 && height > 0);
  const left = Math.max(limits.x, Math.min(...parts.map(({ x }) => x)));
  const top = Math.max(limits.y, Math.min(...parts.map(({ y }) => y)));
  const right = Math.min(limits.x + limits.width, Math.max(...parts.map(({ x, width }) => x + width)));
  const bottom = Math.min(limits.y + limits.height, Math.max(...parts.map(({ y, height }) => y + height)));
  return { x: left, y: top, width: right - left, height: bottom - top };
}
