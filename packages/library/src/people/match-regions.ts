import { type Box, boxIou } from '@focal/core';

/** From so much on two boxes are of one face, however programs draw them. */
const LEAST_IOU = 0.3;
/** Else each has to hold the middle of the other, and neither to be so many times as wide or high. */
const MOST_RATIO = 2.5;

/** Pairs of a region of another program and a face that was found, those that agree best first; indices of both. */
export function matchRegions(regions: readonly Box[], faces: readonly Box[]): readonly (readonly [number, number])[] {
  const pairs = regions
    .flatMap((region, i) => faces.map((face, j) => ({ i, j, share: agree(region, face) })))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  const [left, right] = [new Set<number>(), new Set<number>()];
  return pairs.flatMap(({ i, j }) => {
    if (left.has(i) || right.has(j)) return [];
    left.add(i);
    right.add(j);
    return [[i, j] as const];
  });
}

/** 0 where they are not of one face. */
function agree(a: Box, b: Box): number {
  const iou = boxIou(a, b);
  if (iou > LEAST_IOU) return 1 + iou;
  const isNear = holdsMiddle(a, b) && holdsMiddle(b, a);
  const ratio = Math.max(a.width / b.width, b.width / a.width, a.height / b.height, b.height / a.height);
  return isNear && ratio < MOST_RATIO ? iou + 1e-6 : 0;
}

function holdsMiddle(outer: Box, inner: Box): boolean {
  const [x, y] = [inner.x + inner.width / 2, inner.y + inner.height / 2];
  return x >= outer.x && x <= outer.x + outer.width && y >= outer.y && y <= outer.y + outer.height;
}
