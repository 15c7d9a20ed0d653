import type { FacePoints } from '@focal/core';
import type { FaceKeyPoints } from './candidates.ts';

/** The detector knows the mouth by its middle only: its corners lie as far apart as eyes do, by three quarters. */
export function toFacePoints({ rightEye, leftEye, nose, mouth }: FaceKeyPoints): FacePoints {
  const across = { x: ((leftEye.x - rightEye.x) * 3) / 8, y: ((leftEye.y - rightEye.y) * 3) / 8 };
  return {
    rightEye,
    leftEye,
    nose,
    mouthRight: { x: mouth.x - across.x, y: mouth.y - across.y },
    mouthLeft: { x: mouth.x + across.x, y: mouth.y + across.y },
  };
}
