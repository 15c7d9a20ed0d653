import type { FocusDetection, Point } from '@focal/core';

/** The smallest of the boxes around a point. */
export function findLit(detections: readonly FocusDetection[], { x, y }: Point): FocusDetection | undefined {
  return detections
    .filter(({ box }) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height)
    .sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height)[0];
}
