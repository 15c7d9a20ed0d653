import { FocalError } from '../errors.ts';
import type { Region } from '../picture/resize.ts';
import { type Box, boxArea, boxCentre, clampBox, intersectBoxes, type Point } from './geometry.ts';
import type { Scene } from './scene.ts';

/** Room that a main subject gets around it where the picture has it, as a share of its sides; above a head more. */
const ROOM = 0.08;
const HEADROOM = 0.14;
/** Room around a face: a crop that touches it cuts hair and chin. */
const FACE_ROOM = 0.25;
/** Places that are tried for each size. */
const STEPS = 24;
/** Sizes that are tried, from the largest that fits: only smaller where the subject is lost in the picture. */
const SIZES = [1, 0.85, 0.7, 0.55] as const;
/** The subject should fill this share of the crop at least, where it can. */
const LEAST_FILL = 0.12;

/** What is asked of a crop: costs of what is wrong with it. What comes first outweighs all that follows. */
const COSTS = { cutSubject: 1000, cutFace: 60, cutTop: 8, size: 6, headroom: 2, thirds: 1 } as const;

/**
 * The best crop of the scene's picture to this shape (width by height, 16 / 9): a box within the picture. The main
 * subject and all faces are whole where they fit; else as much of them as fits around the focal point. Of crops that
 * are as good, the one with room above heads and with the focal point on a line of thirds.
 * Without a saliency, faces or a matte's box to go by, the middle of the picture.
 * Throws `invalid-argument` for a shape that is not a positive number.
 *
 * @example
 * cropToAspect(scene, 1) // { x: .21, y: 0, width: .5625, height: 1 } of a picture of 16:9
 */
export function cropToAspect(scene: Scene, aspect: number): Box {
  if (!(aspect > 0 && Number.isFinite(aspect))) {
    throw new FocalError('invalid-argument', `Expected a positive number for the aspect ratio, got ${aspect}.`);
  }
  const target = targetOf(scene);
  const shape = aspect * (scene.height / scene.width);
  const largest = { width: Math.min(1, shape), height: Math.min(1, 1 / shape) };
  let best: { readonly box: Box; readonly cost: number } | undefined;
  for (const size of target.isKnown ? SIZES : [1]) {
    const [width, height] = [largest.width * size, largest.height * size];
    for (const y of placesOf(1 - height, wishesOf(target, 'y', height))) {
      for (const x of placesOf(1 - width, wishesOf(target, 'x', width))) {
        const box = { x, y, width, height };
        const cost = costOf(box, size, target);
        if (best === undefined || cost < best.cost - 1e-9) best = { box, cost };
      }
    }
  }
  return best?.box ?? { x: (1 - largest.width) / 2, y: (1 - largest.height) / 2, ...largest };
}

/**
 * A crop in whole pixels of a picture of this size: inside it, and of the given shape to within half a pixel of its
 * shorter side's scale. At least one pixel.
 */
export function toCropRegion(
  box: Box,
  size: { readonly width: number; readonly height: number },
  aspect: number,
): Region {
  const fit = Math.min(size.width, size.height * aspect);
  const width = Math.max(1, Math.min(fit, box.width * size.width));
  const [w, h] =
    aspect >= 1
      ? [Math.round(width), Math.round(Math.round(width) / aspect)]
      : [Math.round(Math.round(width / aspect) * aspect), Math.round(width / aspect)];
  const [columns, rows] = [Math.min(size.width, Math.max(1, w)), Math.min(size.height, Math.max(1, h))];
  const centre = boxCentre(box);
  const place = (middle: number, length: number, whole: number): number =>
    Math.min(whole - length, Math.max(0, Math.round(middle * whole - length / 2)));
  return {
    x: place(centre.x, columns, size.width),
    y: place(centre.y, rows, size.height),
    width: columns,
    height: rows,
  };
}

interface Target {
  /** The main subject itself, and with room around it. */
  readonly subject: Box;
  readonly roomy: Box;
  readonly faces: readonly Box[];
  readonly focalPoint: Point;
  readonly isKnown: boolean;
}

function targetOf({ saliency, faces, subjects }: Scene): Target {
  const found = (faces?.faces ?? [])
    .map((face) => clampBox(grow(face.box, FACE_ROOM, FACE_ROOM)))
    .filter((box) => boxArea(box) > 0);
  if (saliency !== undefined && saliency.basis !== 'centre') {
    const subject = clampBox(saliency.box);
    return {
      subject,
      roomy: clampBox(grow(subject, ROOM, HEADROOM)),
      faces: found,
      focalPoint: saliency.focalPoint,
      isKnown: boxArea(subject) > 0,
    };
  }
  const [first] = subjects?.subjects ?? [];
  const subject = first === undefined ? found[0] : clampBox(first.box);
  if (subject === undefined || boxArea(subject) === 0) {
    const whole = { x: 0, y: 0, width: 1, height: 1 };
    return { subject: whole, roomy: whole, faces: [], focalPoint: { x: 0.5, y: 0.5 }, isKnown: false };
  }
  const focalPoint = found[0] === undefined ? boxCentre(subject) : boxCentre(found[0]);
  return { subject, roomy: clampBox(grow(subject, ROOM, HEADROOM)), faces: found, focalPoint, isKnown: true };
}

/** A box with so much more on each side, and at the top. */
function grow({ x, y, width, height }: Box, room: number, above: number): Box {
  return {
    x: x - width * room,
    y: y - height * above,
    width: width * (1 + 2 * room),
    height: height * (1 + room + above),
  };
}

/** Where a crop of this length should start along an axis: around the focal point, or flush with the subject. */
function wishesOf({ focalPoint, subject, roomy }: Target, axis: 'x' | 'y', length: number): readonly number[] {
  const side = axis === 'x' ? 'width' : 'height';
  const flush = [subject, roomy].flatMap((box) => [box[axis], box[axis] + box[side] - length]);
  return [focalPoint[axis] - length / 2, ...flush];
}

/** Places from 0 to `room`, first the wished ones. */
function placesOf(room: number, wishes: readonly number[]): readonly number[] {
  if (room <= 1e-9) return [0];
  const steps = Array.from({ length: STEPS + 1 }, (_, i) => (room * i) / STEPS);
  return [...wishes.map((wish) => Math.min(room, Math.max(0, wish))), ...steps];
}

function costOf(box: Box, size: number, { subject, roomy, faces, focalPoint, isKnown }: Target): number {
  const centre = boxCentre(box);
  if (!isKnown) return Math.abs(centre.x - 0.5) + Math.abs(centre.y - 0.5);
  const cutFaces = faces.map((face) => cutShare(face, box)).filter((share) => share > 1e-9 && share < 1 - 1e-9);
  const lost = cutShare(subject, box);
  const isFocusLost =
    focalPoint.x < box.x ||
    focalPoint.x > box.x + box.width ||
    focalPoint.y < box.y ||
    focalPoint.y > box.y + box.height;
  const fill = boxArea(subject) / boxArea(box);
  const [fromLeft, fromTop] = [(focalPoint.x - box.x) / box.width, (focalPoint.y - box.y) / box.height];
  const thirds = (at: number): number =>
    Math.min(Math.abs(at - 1 / 3), Math.abs(at - 2 / 3), Math.abs(at - 1 / 2) + 0.05);
  return (
    COSTS.cutSubject * ((lost > 1e-9 ? 1 + lost : 0) + (isFocusLost ? 1 : 0)) +
    COSTS.cutFace * cutFaces.reduce((sum, share) => sum + 0.2 + Math.min(share, 1 - share), 0) +
    COSTS.size * ((1 - size) * (fill < LEAST_FILL ? 0.1 : 1) + Math.max(0, LEAST_FILL - fill) / LEAST_FILL) +
    COSTS.cutTop * (Math.max(0, box.y - subject.y) / subject.height) +
    COSTS.headroom * cutShare(roomy, box) +
    COSTS.thirds * (thirds(fromLeft) + thirds(fromTop))
  );
}

/** How much of a box is left out, 0..1. */
function cutShare(inner: Box, outer: Box): number {
  const shared = intersectBoxes(inner, outer);
  return 1 - (shared === undefined ? 0 : boxArea(shared)) / boxArea(inner);
}
