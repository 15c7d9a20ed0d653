import type { Point } from '@focal/core';
import type { Area, Size } from './grid.ts';
import { type PoseLook, seenJoints } from './looks.ts';

/** Left and right, by their places among the joints of a look. */
type Pair = readonly [left: number, right: number];
const SHOULDERS: Pair = [1, 2];
const ELBOWS: Pair = [3, 4];
const WRISTS: Pair = [5, 6];
const HIPS: Pair = [9, 10];
const KNEES: Pair = [11, 12];
const ANKLES: Pair = [13, 14];
const LEFT_AND_RIGHT = [0, 1] as const;
/** How thick they are at least, in lengths of the trunk. */
const ARM = 0.14;
const LEG = 0.2;
const TRUNK = 0.34;
const BONES: readonly (readonly [from: Pair, to: Pair, thickness: number])[] = [
  [SHOULDERS, ELBOWS, ARM],
  [ELBOWS, WRISTS, ARM],
  [HIPS, KNEES, LEG],
  [KNEES, ANKLES, LEG],
  [SHOULDERS, HIPS, TRUNK],
  // Across the trunk, which fills it.
  [SHOULDERS, [HIPS[1], HIPS[0]], TRUNK],
];

/** A line between two joints with the person around it. In fractions of the picture; `radius` of its height. */
export interface Bone {
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
}

/**
 * Arms, legs and trunk between joints that can be seen for sure: hardly anybody else's.
 *
 * @param aspect width by height of the picture.
 */
export function bonesOf(pose: PoseLook, aspect: number): readonly Bone[] {
  const seen = seenJoints(pose);
  const between = (a: Point, b: Point) => Math.hypot((a.x - b.x) * aspect, a.y - b.y);
  const trunk = Math.max(
    ...LEFT_AND_RIGHT.map((side) => {
      const [shoulder, hip] = [pose.joints[SHOULDERS[side]], pose.joints[HIPS[side]]];
      return shoulder && hip ? between(shoulder, hip) : 0;
    }),
  );
  return BONES.flatMap(([from, to, thickness]) =>
    LEFT_AND_RIGHT.flatMap((side) => {
      const [start, end] = [seen[from[side]], seen[to[side]]];
      return start && end ? [{ from: start, to: end, radius: (thickness * trunk) / 2 }] : [];
    }),
  );
}

/** Visits each cell of the area whose middle lies within the bone's radius. */
export function eachOnBone(
  { width, height }: Size,
  area: Area,
  { from, to, radius }: Bone,
  visit: (i: number) => void,
): void {
  const start = { x: from.x * width, y: from.y * height };
  const end = { x: to.x * width, y: to.y * height };
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = dx * dx + dy * dy;
  const reach = radius * height;
  const left = Math.max(area.x, Math.floor(Math.min(start.x, end.x) - reach));
  const right = Math.min(area.x + area.width, Math.ceil(Math.max(start.x, end.x) + reach));
  const top = Math.max(area.y, Math.floor(Math.min(start.y, end.y) - reach));
  const bottom = Math.min(area.y + area.height, Math.ceil(Math.max(start.y, end.y) + reach));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const [px, py] = [x + 0.5 - start.x, y + 0.5 - start.y];
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
      const [across, down] = [px - along * dx, py - along * dy];
      if (across * across + down * down <= reach * reach) visit((y - area.y) * area.width + x - area.x);
    }
  }
}
