import { type Box, boxIou } from '@focal/core';

/** From so much on two boxes are of one face: share of what both cover together that both cover. */
const SAME = 0.4;

/** Pairs of boxes that are of one face, those that agree best first; each box in one pair at most. Indices of both. */
export function matchBoxes(before: readonly Box[], after: readonly Box[]): readonly (readonly [number, number])[] {
  const pairs = before.flatMap((a, i) => after.map((b, j) => ({ i, j, share: boxIou(a, b) })));
  pairs.sort((a, b) => b.share - a.share);
  const [left, right] = [new Set<number>(), new Set<number>()];
  const matched: (readonly [number, number])[] = [];
  for (const { i, j, share } of pairs) {
    if (share < SAME || left.has(i) || right.has(j)) continue;
    left.add(i);
    right.add(j);
    matched.push([i, j]);
  }
  return matched;
}

/** The box that is most of one face with this one. Index, or undefined where none is. */
export function findSame(box: Box, others: readonly Box[]): number | undefined {
  return matchBoxes([box], others)[0]?.[1];
}
