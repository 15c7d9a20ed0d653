import type { Point } from '../scene/geometry.ts';
import type { FacePoints, RegionMatte } from '../scene/scene.ts';

// [Note: anonymised means gone] What is covered is replaced by a function of the cover's outline, the seed and pixels
// outside of every cover. Nothing here is handed a covered pixel: outlines come from the scene, and all reading of the
// picture goes through the spans of what is *not* covered.

/** Where a cover lies: a convex shape, or a silhouette grown by a margin. Plain data. */
export type CoverOutline =
  | {
      readonly kind: 'convex';
      /** Corners in order around the shape, in fractions of the picture; they may lie outside of it. */
      readonly points: readonly Point[];
    }
  | {
      readonly kind: 'matte';
      readonly matte: RegionMatte;
      /** How far it is grown, as a share of the picture's longer side. */
      readonly margin: number;
    };

/** What an outline around a face is made from: a face of the scene, or a place where one may be. */
export interface HeadPlace {
  /** From the brows to the chin, in fractions of the picture. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly points?: FacePoints;
  /** Used where there are no points. */
  readonly rollDegrees?: number;
}

/**
 * An ellipse around a face, in sides of its box: it takes in hair, ears and chin. With it the middle 95 % of every
 * marked face of two labelled sets is covered, some 2.3 times the area that people mark as the face (bench `anonymize`).
 */
const HALF_WIDTH = 0.71;
const HALF_HEIGHT = 0.92;
/** How far its middle lies above the box's. */
const UP = 0.17;
/** Where a head is turned aside, the shape reaches so much further towards the ear that is seen, in sides of the box. */
const BEHIND = 0.3;
/** The nose's distance from between the eyes, in distances from eyes to mouth, in profile. */
const PROFILE = 0.6;
const CORNERS = 32;

/**
 * The outline of a head: from the brow-to-chin box of a face, its turn, and the way it looks. `margin` grows it by a
 * share of its size.
 *
 * @param aspect the picture's width by its height.
 */
export function outlineHead({ box, points, rollDegrees = 0 }: HeadPlace, aspect: number, margin = 0): CoverOutline {
  // In heights of the picture, where a circle is one.
  const side = Math.max(box.width * aspect, box.height);
  const axes = points === undefined ? axesOfRoll(rollDegrees) : axesOfPoints(points, aspect, rollDegrees);
  const grow = 1 + margin;
  const centre = {
    x: (box.x + box.width / 2) * aspect - axes.down.x * UP * side,
    y: box.y + box.height / 2 - axes.down.y * UP * side,
  };
  const [rx, ry] = [HALF_WIDTH * side * grow, HALF_HEIGHT * side * grow];
  const behind = -Math.sign(axes.aside) * BEHIND * Math.min(1, Math.abs(axes.aside) / PROFILE) * side;
  const round = circle(CORNERS).flatMap(({ x, y }) =>
    [0, behind].map((shift) => {
      const [across, down] = [x * rx + shift, y * ry];
      return {
        x: centre.x + axes.right.x * across + axes.down.x * down,
        y: centre.y + axes.right.y * across + axes.down.y * down,
      };
    }),
  );
  return toConvex(round, aspect);
}

/** Alpha of a matte from which on a pixel may belong to the person. */
const FAINT = 24;

/**
 * The outline of a whole person: the convex hull of their matte, and of the outlines of their faces, grown by a share of
 * the longer side. The silhouette is gone. An empty matte gives its box.
 */
export function outlinePerson(
  region: RegionMatte,
  heads: readonly CoverOutline[],
  aspect: number,
  margin = 0.04,
): CoverOutline {
  const { box, matte } = region;
  const corners: Point[] = [];
  for (let row = 0; row < matte.height; row++) {
    let first = -1;
    let last = -1;
    for (let column = 0, i = row * matte.width; column < matte.width; column++, i++) {
      if ((matte.data[i] as number) < FAINT) continue;
      if (first < 0) first = column;
      last = column;
    }
    if (first < 0) continue;
    for (const column of [first, last + 1]) {
      for (const at of [row, row + 1]) {
        corners.push({
          x: (box.x + (box.width * column) / matte.width) * aspect,
          y: box.y + (box.height * at) / matte.height,
        });
      }
    }
  }
  if (corners.length === 0) {
    for (const x of [box.x, box.x + box.width]) {
      for (const y of [box.y, box.y + box.height]) corners.push({ x: x * aspect, y });
    }
  }
  const faces = heads.flatMap((head) => (head.kind === 'convex' ? head.points : []));
  const hull = convexHull([...corners, ...faces.map(({ x, y }) => ({ x: x * aspect, y }))]);
  const reach = margin * Math.max(box.width * aspect, box.height);
  const grown = hull.flatMap(({ x, y }) => circle(8).map((to) => ({ x: x + to.x * reach, y: y + to.y * reach })));
  return toConvex([...grown, ...grown.flatMap((point) => toBorder(point, aspect, reach * TO_BORDER))], aspect);
}

/**
 * The places of the left, right and lower border that are no farther from a point, in heights of the picture: somebody so
 * near to it mostly goes on beyond it.
 */
function toBorder({ x, y }: Point, aspect: number, most: number): readonly Point[] {
  return [
    ...(x < most ? [{ x: Math.min(x, 0), y }] : []),
    ...(aspect - x < most ? [{ x: Math.max(x, aspect), y }] : []),
    ...(1 - y < most ? [{ x, y: Math.max(y, 1) }] : []),
  ];
}

/** How near the border has to be for a hull to reach out to it, in margins. */
const TO_BORDER = 1.5;

/**
 * The silhouette of a person, grown by a share of the longer side of what it spans: who it is may be told from it. With
 * half the margin, a quarter of somebody was left at worst (bench `anonymize`).
 */
export function outlineSilhouette(region: RegionMatte, aspect: number, margin = 0.04): CoverOutline {
  const { width, height } = region.box;
  const reach = margin * Math.max(width * aspect, height);
  return { kind: 'matte', matte: region, margin: reach / Math.max(aspect, 1) };
}

/**
 * The smallest convex shape around points, counter-clockwise where y grows upwards (Andrew 1979, "Another efficient
 * algorithm for convex hulls in two dimensions"). Of fewer than three points, or of such on one line, what there is.
 */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const lower = halfHull(sorted);
  const upper = halfHull(sorted.reverse());
  return lower.length + upper.length < 3 ? lower : [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function halfHull(sorted: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of sorted) {
    while (hull.length >= 2) {
      const a = hull[hull.length - 2] as Point;
      const b = hull[hull.length - 1] as Point;
      if ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break;
      hull.pop();
    }
    hull.push(point);
  }
  return hull;
}

/** Which way is to the right of a head, as a unit vector in the picture. */
export function headRight({ points, rollDegrees = 0 }: HeadPlace, aspect: number): Point {
  return (points === undefined ? axesOfRoll(rollDegrees) : axesOfPoints(points, aspect, rollDegrees)).right;
}

interface Axes {
  /** Unit vectors of the head, in the picture. */
  readonly right: Point;
  readonly down: Point;
  /** How far the nose is off to its right, in distances from eyes to mouth. */
  readonly aside: number;
}

function axesOfRoll(degrees: number): Axes {
  const radians = (degrees * Math.PI) / 180;
  const down = { x: -steady(Math.sin(radians)), y: steady(Math.cos(radians)) };
  return { right: { x: down.y, y: -down.x }, down, aside: 0 };
}

/** From the line between the eyes and the one from them to the mouth, which are at right angles. */
function axesOfPoints(points: FacePoints, aspect: number, rollDegrees: number): Axes {
  const at = ({ x, y }: Point): Point => ({ x: x * aspect, y });
  const [right, left, nose] = [at(points.rightEye), at(points.leftEye), at(points.nose)];
  const mouth = middle(at(points.mouthRight), at(points.mouthLeft));
  const eyes = middle(right, left);
  const [toMouthX, toMouthY] = [mouth.x - eyes.x, mouth.y - eyes.y];
  const x = toMouthX - (left.y - right.y);
  const y = toMouthY + (left.x - right.x);
  const length = Math.sqrt(x * x + y * y);
  if (!(length > 0)) return axesOfRoll(rollDegrees);
  const down = { x: x / length, y: y / length };
  const across = { x: down.y, y: -down.x };
  const tall = Math.sqrt(toMouthX * toMouthX + toMouthY * toMouthY);
  const aside = tall > 0 ? ((nose.x - eyes.x) * across.x + (nose.y - eyes.y) * across.y) / tall : 0;
  return { right: across, down, aside };
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Corners of a regular shape whose sides touch the circle of radius 1 from outside. */
function circle(corners: number): readonly Point[] {
  const radius = 1 / Math.cos(Math.PI / corners);
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    return { x: steady(radius * Math.cos(angle)), y: steady(radius * Math.sin(angle)) };
  });
}

/** In whole multiples of 2^-20: the last bits of sine and cosine differ between engines. */
function steady(value: number): number {
  return Math.round(value * 2 ** 20) / 2 ** 20;
}

/** The hull of points in heights of the picture, in its fractions. */
function toConvex(points: readonly Point[], aspect: number): CoverOutline {
  return { kind: 'convex', points: convexHull(points).map(({ x, y }) => ({ x: x / aspect, y })) };
}
