import { FocalError } from '../errors.ts';
import { squaredDistances } from '../filters/distance.ts';
import type { Point } from '../scene/geometry.ts';
import type { CoverOutline } from './outline.ts';

/** An outline laid over the pixels of a picture: every pixel that it touches is covered. */
export interface Cover {
  /** Rows and columns that it spans, the last ones excluded; within the picture. Empty where it lies outside. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Left top corner and longer side of what it spans, in pixels, also where the picture cuts it. */
  readonly x0: number;
  readonly y0: number;
  readonly size: number;
  /** Runs of covered pixels of a row, from left to right: first column, column after the last, and so on. */
  spans(y: number): readonly number[];
  /** Corners of a convex cover, in pixels, in order; none of a silhouette. */
  readonly corners: readonly Point[];
}

/**
 * Lays an outline over a picture of this size. Cheap for a convex one; a silhouette is grown at its matte's size. Throws
 * `invalid-argument` for an outline that is none: it must not come to nothing being covered.
 */
export function createCover(outline: CoverOutline, width: number, height: number): Cover {
  assertOutline(outline);
  return outline.kind === 'convex'
    ? coverConvex(
        outline.points.map(({ x, y }) => ({ x: x * width, y: y * height })),
        width,
        height,
      )
    : coverSilhouette(outline, width, height);
}

function assertOutline(outline: CoverOutline): void {
  const numbers =
    outline.kind === 'convex'
      ? [outline.points.length - 1, ...outline.points.flatMap(({ x, y }) => [x, y])]
      : [outline.margin, ...Object.values(outline.matte.box)];
  if (numbers.every(Number.isFinite) && (numbers[0] as number) >= 0) return;
  throw new FocalError('invalid-argument', 'Expected outlines of finite numbers, with corners.');
}

function coverConvex(points: readonly Point[], width: number, height: number): Cover {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const box = toBox(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), width, height);
  const [x0, y0] = [Math.min(...xs), Math.min(...ys)];
  const sides = toSides(points);
  return {
    ...box,
    x0,
    y0,
    size: Math.max(Math.max(...xs) - x0, Math.max(...ys) - y0, 1),
    corners: points,
    spans(y) {
      if (y < box.top || y >= box.bottom) return [];
      // The part of the shape within the row reaches from its leftmost point to its rightmost.
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < sides.length; i += SIDE) {
        const upperY = sides[i + 1] as number;
        const lowerY = sides[i + 2] as number;
        if (lowerY < y || upperY > y + 1) continue;
        const upperX = sides[i] as number;
        const slope = sides[i + 4] as number;
        const a = upperY < y ? upperX + slope * (y - upperY) : upperX;
        const b = lowerY > y + 1 ? upperX + slope * (y + 1 - upperY) : (sides[i + 3] as number);
        if (a < low) low = a;
        if (b < low) low = b;
        if (a > high) high = a;
        if (b > high) high = b;
      }
      const from = Math.max(box.left, Math.floor(low));
      const to = Math.min(box.right, Math.floor(high) + 1);
      return from < to ? [from, to] : [];
    },
  };
}

/** Numbers for each side of a shape: x and y of its upper end, y and x of its lower one, and how x grows with y. */
const SIDE = 5;

function toSides(points: readonly Point[]): Float64Array {
  const sides = new Float64Array(points.length * SIDE);
  let a = points[points.length - 1] as Point;
  for (const [i, b] of points.entries()) {
    const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
    const slope = lower.y > upper.y ? (lower.x - upper.x) / (lower.y - upper.y) : 0;
    sides.set([upper.x, upper.y, lower.y, lower.x, slope], i * SIDE);
    a = b;
  }
  return sides;
}

/** Alpha of a matte from which on a pixel may belong to the person. */
const FAINT = 24;
/** Cells to a side of the grid that a silhouette is grown in, and how small they are at least. */
const MOST_CELLS = 1024;
const LEAST_CELL_PX = 0.5;
/**
 * How far, in cells, the middle of a cell may lie from one within reach for a place in that one to be between them: half
 * a cell, and what blending the middles around its corner, 0, 1, 1 and √2 away, adds.
 */
const TO_CELL = 0.5 + (2 + Math.SQRT2) / 4;
/** Of a pixel. */
const HALF_DIAGONAL = Math.SQRT1_2;

function coverSilhouette(
  { matte: { box, matte }, margin }: Extract<CoverOutline, { kind: 'matte' }>,
  width: number,
  height: number,
): Cover {
  const reach = margin * Math.max(width, height);
  const [boxWidth, boxHeight] = [box.width * width, box.height * height];
  // Square cells, a quarter as large as the matte's where that is no more than so many.
  const cell = Math.max(
    boxWidth / Math.min(MOST_CELLS, 4 * matte.width),
    boxHeight / Math.min(MOST_CELLS, 4 * matte.height),
    LEAST_CELL_PX,
  );
  // Of the line between middles of cells: wherever a cell within reach lies, or a pixel touches it.
  const limit = reach / cell + TO_CELL + HALF_DIAGONAL / cell;
  const pad = Math.ceil(limit) + 1;
  const across = Math.ceil(boxWidth / cell) + 2 * pad;
  const down = Math.ceil(boxHeight / cell) + 2 * pad;
  const [x0, y0] = [box.x * width - pad * cell, box.y * height - pad * cell];
  const set = new Uint8Array(across * down);
  for (let row = 0, i = 0; row < matte.height; row++) {
    for (let column = 0; column < matte.width; column++, i++) {
      if ((matte.data[i] as number) < FAINT) continue;
      const [left, right] = rangeOf(column, matte.width, boxWidth, cell, pad);
      const [top, bottom] = rangeOf(row, matte.height, boxHeight, cell, pad);
      for (let y = top; y <= bottom; y++) set.fill(1, y * across + left, y * across + right + 1);
    }
  }
  // Where nobody is, everything is equally far.
  const far = across + down;
  const distances = Float64Array.from(squaredDistances(set, across, down), (square) =>
    Math.min(far, Math.sqrt(square)),
  );
  const line = new Float64Array(across);
  const bounds = toBox(x0, y0, x0 + across * cell, y0 + down * cell, width, height);
  return {
    ...bounds,
    x0,
    y0,
    size: Math.max(across, down) * cell,
    corners: [],
    spans(y) {
      if (y < bounds.top || y >= bounds.bottom) return [];
      const place = Math.min(down - 1, Math.max(0, (y + 0.5 - y0) / cell - 0.5));
      const upper = Math.min(down - 2, Math.floor(place));
      const share = place - upper;
      for (let x = 0, i = upper * across; x < across; x++, i++) {
        line[x] = (distances[i] as number) * (1 - share) + (distances[i + across] as number) * share;
      }
      const runs: number[] = [];
      for (let x = 0; x + 1 < across; x++) {
        const [a, b] = [line[x] as number, line[x + 1] as number];
        if (a > limit && b > limit) continue;
        // Distances run straight from middle to middle.
        const first = a <= limit ? 0 : (limit - a) / (b - a);
        const last = b <= limit ? 1 : (limit - a) / (b - a);
        const middle = x0 + (x + 0.5) * cell;
        const from = Math.max(bounds.left, Math.ceil(middle + first * cell - 0.5));
        const to = Math.min(bounds.right, Math.floor(middle + last * cell - 0.5) + 1);
        if (from >= to) continue;
        const end = runs.at(-1);
        if (end !== undefined && from <= end) runs[runs.length - 1] = to;
        else runs.push(from, to);
      }
      return runs;
    },
  };
}

/** The cells of the padded grid that a column or row of the matte touches. */
function rangeOf(index: number, count: number, size: number, cell: number, pad: number): readonly [number, number] {
  const from = (index * size) / count / cell;
  const to = ((index + 1) * size) / count / cell;
  return [Math.floor(from) + pad, Math.max(Math.floor(from), Math.ceil(to) - 1) + pad];
}

function toBox(left: number, top: number, right: number, bottom: number, width: number, height: number) {
  return {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(width, Math.floor(right) + 1),
    bottom: Math.min(height, Math.floor(bottom) + 1),
  };
}

/** Marks the pixels of a row that any of the covers covers: 1 in `row`, 0 elsewhere. False where none is. */
export function markCovered(covers: readonly Cover[], y: number, row: Uint8Array): boolean {
  row.fill(0);
  let any = false;
  for (const cover of covers) {
    const spans = cover.spans(y);
    for (let i = 0; i + 1 < spans.length; i += 2) {
      row.fill(1, spans[i] as number, spans[i + 1] as number);
      any = true;
    }
  }
  return any;
}
