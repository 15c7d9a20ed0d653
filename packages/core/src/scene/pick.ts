import { partAt } from '../matte/grabcut/parts.ts';
import { cutAtPoint } from '../matte/grabcut/subject-cut.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import type { Picture } from '../picture/picture.ts';
import { resizeMatte, resizePicture } from '../picture/resize.ts';
import type { Box, Point } from './geometry.ts';
import { alphaAt, deepestPoint, regionArea, toRegionMatte } from './region.ts';
import type { MatteFact, RegionMatte, Subject, SubjectsFact } from './scene.ts';

/** How a pick was found: a subject of the scene, a part of the scene's matte, or grown from the point by GrabCut. */
export type PickBasis = 'subject' | 'matte' | 'grown';

/** The facts that picks are made from; a Scene has them where they were asked for. */
export interface PickScene {
  readonly subjects?: SubjectsFact;
  readonly matte?: MatteFact;
}

/** The subject at a point. */
export interface Pick {
  readonly basis: PickBasis;
  /** Of the scene's subject, where it is one. */
  readonly subjectId?: string;
  readonly box: Box;
  /** A pick there, of the same picture and scene, gives this one again. */
  readonly anchor: Point;
  readonly matte: RegionMatte;
}

const HALF = 128;
/** Long side of the matte in which parts are told apart: bridges thinner than a cell or so part them. */
const PART_SIDE = 256;
/** A grown subject that covers more of the picture is the background. */
const MOST_COVERED = 0.9;
const LEAST_COVERED = 0.0004;
/** Mean step of colour across the border of what was grown, 0..255: with less there is no border but on a plain wall. */
const LEAST_STEP = 2;
const STEP_SIDE = 128;

/**
 * What the user means by a point of the picture, given in fractions: the smallest of the scene's subjects there; else the
 * connected part of the scene's matte; else what GrabCut grows from the point. Nothing where that finds no subject, such as
 * on a wall, or where the point lies outside of the picture. Uses `subjects` and `matte` of the scene where it has them.
 * Some 100 ms where it has to grow, else less than 20.
 */
export function pickSubject(picture: Picture, scene: PickScene, point: Point): Pick | undefined {
  if (!(point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1)) return undefined;
  const subject = subjectAt(scene.subjects?.subjects ?? [], point);
  if (subject !== undefined) {
    const { id, box, matte } = subject;
    const anchor = subjectAt([subject], subject.anchor) === undefined ? point : subject.anchor;
    return { basis: 'subject', subjectId: id, box, anchor, matte };
  }
  const salient = scene.matte?.matte;
  return (salient === undefined ? undefined : pickPart(salient, point)) ?? grow(picture, salient, point);
}

function subjectAt(subjects: readonly Subject[], point: Point): Subject | undefined {
  return subjects
    .filter((subject) => alphaAt(subject.matte, point) >= HALF)
    .map((subject) => ({ subject, area: regionArea(subject.matte) }))
    .sort((a, b) => a.area - b.area)[0]?.subject;
}

/** The part of the matte that hangs together at the point, at the matte's own size. */
function pickPart(matte: Matte, point: Point): Pick | undefined {
  const scale = Math.min(1, PART_SIDE / Math.max(matte.width, matte.height));
  const width = Math.max(1, Math.round(matte.width * scale));
  const height = Math.max(1, Math.round(matte.height * scale));
  const small = scale === 1 ? matte : resizeMatte(matte, width, height);
  const inside = Uint8Array.from(small.data, (value) => (value >= HALF ? 1 : 0));
  const x = Math.min(width - 1, Math.floor(point.x * width));
  const y = Math.min(height - 1, Math.floor(point.y * height));
  const part = partAt(inside, width, height, y * width + x);
  if (part[y * width + x] === 0) return undefined;
  const region = toRegionMatte(keepPart(matte, part, inside, width, height));
  if (region === undefined) return undefined;
  return { basis: 'matte', box: region.box, anchor: deepestPoint(region), matte: region };
}

/** The matte without the other parts: each of its values stays where the nearest cells are of the part, or of none. */
function keepPart(matte: Matte, part: Uint8Array, inside: Uint8Array, width: number, height: number): Matte {
  const kept = createMatte(matte.width, matte.height);
  const near = spread(part, width, height);
  for (let y = 0, i = 0; y < matte.height; y++) {
    const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / matte.height)) * width;
    for (let x = 0; x < matte.width; x++, i++) {
      const cell = row + Math.min(width - 1, Math.floor(((x + 0.5) * width) / matte.width));
      if (part[cell] === 1 || (near[cell] === 1 && inside[cell] === 0)) kept.data[i] = matte.data[i] as number;
    }
  }
  return kept;
}

/** The part and the cells up to two away from it. */
function spread(part: Uint8Array, width: number, height: number): Uint8Array {
  const wide = new Uint8Array(part.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (part[i] === 0) continue;
      for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
        wide.fill(1, v * width + Math.max(0, x - 2), v * width + Math.min(width, x + 3));
      }
    }
  }
  return wide;
}

/** What stands out elsewhere in the picture is another subject, which speaks against its pixels. */
function grow(picture: Picture, salient: Matte | undefined, point: Point): Pick | undefined {
  const evidence =
    salient === undefined
      ? {}
      : {
          evidence: createMatte(salient.width, salient.height, {
            data: salient.data.map((value) => 127 - (value >> 1)),
          }),
        };
  const cut = cutAtPoint(picture, point, evidence);
  const region = toRegionMatte(cut);
  if (region === undefined) return undefined;
  const area = regionArea(region);
  if (area > MOST_COVERED || area < LEAST_COVERED || meanStep(picture, cut) < LEAST_STEP) return undefined;
  return { basis: 'grown', box: region.box, anchor: point, matte: region };
}

/** How much colours differ, 0..255, between pixels next to each other of which the matte has only one; 0 without any. */
function meanStep(picture: Picture, matte: Matte): number {
  const scale = Math.min(1, STEP_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const { data } = resizePicture(picture, width, height);
  const inside = resizeMatte(matte, width, height).data;
  let [sum, count] = [0, 0];
  const compare = (a: number, b: number): void => {
    if ((inside[a] as number) >= HALF === (inside[b] as number) >= HALF) return;
    for (let channel = 0; channel < 3; channel++) {
      sum += Math.abs((data[a * 4 + channel] as number) - (data[b * 4 + channel] as number));
    }
    count += 3;
  };
  // Two apart, as the border lies between pixels as well as on them.
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x + 2 < width) compare(i, i + 2);
      if (y + 2 < height) compare(i, i + 2 * width);
    }
  }
  return count === 0 ? 0 : sum / count;
}
