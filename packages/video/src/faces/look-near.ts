import { applyAffine, type Box, fromTurnedCrop, type Picture, warpPicture } from '@focal/core';
import { findFaces, type Session } from '@focal/models';
import type { FacePlace } from './face-track.ts';

/** Side of what is looked at, and the face's share of it: what the net knows best. */
const SIDE = 192;
const FACE_SHARE = 0.33;
/** How far from where it was expected, in its own size, and how much larger or smaller a face may be. */
const MOST_SHIFT = 0.9;
const MOST_GROWTH = 1.8;

/**
 * A closer look for a face where one is expected, turned upright by its last known turn: finds what the look at the whole
 * frame is not sure of. Some 5 ms. Nothing where there is none.
 */
export async function lookNear(
  full: Session,
  picture: Picture,
  expected: Pick<FacePlace, 'box' | 'rollDegrees'>,
  minScore: number,
): Promise<FacePlace | undefined> {
  const { width, height } = picture;
  const { box, rollDegrees } = expected;
  const face = Math.max(box.width * width, box.height * height, 4);
  const size = face / FACE_SHARE;
  const centre = { x: (box.x + box.width / 2) * width, y: (box.y + box.height / 2) * height };
  const toPicture = fromTurnedCrop({ ...centre, size, radians: (rollDegrees * Math.PI) / 180 }, SIDE);
  const crop = warpPicture(picture, toPicture, SIDE, SIDE, { outside: [0, 0, 0] });
  const step = size / SIDE;
  let best: FacePlace | undefined;
  for (const found of await findFaces(full, 'face-full', crop, { minScore })) {
    const side = Math.max(found.width, found.height) * SIDE * step;
    if (side > face * MOST_GROWTH || side * MOST_GROWTH < face) continue;
    const at = applyAffine(toPicture, (found.x + found.width / 2) * SIDE, (found.y + found.height / 2) * SIDE);
    if (Math.hypot(at.x - centre.x, at.y - centre.y) > face * MOST_SHIFT) continue;
    if (best !== undefined && best.score >= found.score) continue;
    best = { box: squareBox(at.x, at.y, side, width, height), rollDegrees, score: found.score, basis: 'looked' };
  }
  return best;
}

function squareBox(x: number, y: number, side: number, width: number, height: number): Box {
  return { x: (x - side / 2) / width, y: (y - side / 2) / height, width: side / width, height: side / height };
}
