import { type Box, boxArea, boxCentre, boxIou, intersectBoxes, isInBox, type Point } from '@focal/core';
import { mapFace, type NetFace } from './net.ts';

/** Six points of a face; right and left are the person's own. The ears' are guessed where they cannot be seen. */
export interface FaceKeyPoints {
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly nose: Point;
  readonly mouth: Point;
  readonly rightEar: Point;
  readonly leftEar: Point;
}

/** A face that was found. Fractions of the picture's width and height. */
export interface FaceCandidate {
  /** From the brows to the chin, upright also where the face is not; may reach outside of the picture. */
  readonly box: Box;
  /** How sure the detector is, 0..1. */
  readonly score: number;
  readonly points: FaceKeyPoints;
  /** Turn of the head within the picture's plane, degrees clockwise, -180..180. */
  readonly rollDegrees: number;
}

/**
 * Turn of a face in the plane, radians clockwise: of the line between the eyes and of the one from them to the mouth,
 * which are at right angles, so that one of them helps where the other is foreshortened.
 */
export function rollOf({ points }: NetFace): number {
  const [right, left, , mouth] = points;
  const downX = mouth.x - (right.x + left.x) / 2;
  const downY = mouth.y - (right.y + left.y) / 2;
  return Math.atan2(left.y - right.y - downX, left.x - right.x + downY);
}

/**
 * Each face once, surest first. Two boxes are one face when they share .3 of their union, when .7 of the smaller one
 * lies in the other, or when each holds the other's centre.
 */
export function mergeFaces<T extends Box & { readonly score: number }>(faces: readonly T[]): readonly T[] {
  const kept: T[] = [];
  for (const face of [...faces].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => !areSame(face, other))) kept.push(face);
  }
  return kept;
}

function areSame(a: Box, b: Box): boolean {
  const shared = intersectBoxes(a, b);
  if (shared === undefined) return false;
  if (boxIou(a, b) > 0.3 || boxArea(shared) > 0.7 * Math.min(boxArea(a), boxArea(b))) return true;
  return isInBox(boxCentre(a), b) && isInBox(boxCentre(b), a);
}

/** A face in pixels of a picture of this size as fractions of it. */
export function toCandidate(face: NetFace, width: number, height: number): FaceCandidate {
  const { x, y, score, points } = mapFace(face, 1 / width, 1 / height, (at) => ({ x: at.x / width, y: at.y / height }));
  const [rightEye, leftEye, nose, mouth, rightEar, leftEar] = points;
  return {
    box: { x, y, width: face.width / width, height: face.height / height },
    score,
    points: { rightEye, leftEye, nose, mouth, rightEar, leftEar },
    rollDegrees: (rollOf(face) * 180) / Math.PI,
  };
}
