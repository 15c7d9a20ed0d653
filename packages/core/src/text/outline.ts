import { FocalError } from '../errors.ts';

/** What a point list means, one number a step of a contour, and how many coordinates it takes. */
export const VERB = { move: 0, line: 1, quad: 2, cubic: 3, close: 4 } as const;
const COORDINATES = [2, 2, 4, 6, 0] as const;

/**
 * A shape made of closed contours of lines and Bézier curves, filled by the nonzero rule; x to the right, y down.
 * Plain data that may be posted to a worker. Contours that end open are closed by a line.
 */
export interface Outline {
  /** {@link VERB}s in drawing order. */
  readonly verbs: Uint8Array<ArrayBuffer>;
  /** Their x and y in turn: 2 numbers for move and line, 4 for quad, 6 for cubic (control points first), 0 for close. */
  readonly points: Float32Array<ArrayBuffer>;
}

/** An upright rectangle in px. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Gathers an outline step by step. */
export interface OutlineWriter {
  /** One step with its coordinates, see {@link Outline}. */
  add(verb: number, ...coordinates: readonly number[]): void;
  /** A whole outline, moved and scaled: x becomes originX + scaleX · x, y likewise. */
  append(outline: Outline, originX: number, originY: number, scaleX: number, scaleY: number): void;
  /** Coordinates written so far, to bound what hostile fonts draw. */
  readonly length: number;
  finish(): Outline;
}

export function createOutlineWriter(): OutlineWriter {
  const verbs: number[] = [];
  const points: number[] = [];
  return {
    add(verb, ...coordinates) {
      verbs.push(verb);
      for (const value of coordinates) points.push(value);
    },
    append(outline, originX, originY, scaleX, scaleY) {
      for (const verb of outline.verbs) verbs.push(verb);
      for (let i = 0; i < outline.points.length; i += 2) {
        points.push(
          originX + scaleX * (outline.points[i] as number),
          originY + scaleY * (outline.points[i + 1] as number),
        );
      }
    },
    get length() {
      return points.length;
    },
    finish: () => ({ verbs: Uint8Array.from(verbs), points: Float32Array.from(points) }),
  };
}

/** Throws `invalid-argument` where steps and coordinates do not match or a coordinate is not finite. */
export function assertOutline({ verbs, points }: Outline): void {
  let wanted = 0;
  for (const verb of verbs) {
    const count = COORDINATES[verb];
    if (count === undefined) throw new FocalError('invalid-argument', `Expected a step of an outline, got ${verb}.`);
    wanted += count;
  }
  if (wanted !== points.length) {
    throw new FocalError('invalid-argument', `Expected ${wanted} coordinates of an outline, got ${points.length}.`);
  }
  if (!points.every(Number.isFinite)) {
    throw new FocalError('invalid-argument', 'Expected finite coordinates of an outline.');
  }
}

/** The smallest upright rectangle around all points, control points too; all zeros for an outline without points. */
export function outlineBounds({ points }: Outline): Bounds {
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] as number, points[i + 1] as number];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
