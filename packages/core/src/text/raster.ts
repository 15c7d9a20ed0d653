import type { Plan } from '../async/plan.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { type Allocate, allocateLocal } from '../picture/picture.ts';
import { flattenOutline } from './flatten.ts';
import { assertOutline, type Outline, outlineBounds } from './outline.ts';

/** Rows that are summed at a time: bounds the memory of a band. */
const BAND_ROWS = 32;

export interface FillOptions {
  /** Size of the matte in px. */
  readonly width: number;
  readonly height: number;
  /** Where the outline's origin comes to lie in the matte, in px. Default 0, 0. Fractions are kept. */
  readonly x?: number;
  readonly y?: number;
  readonly allocate?: Allocate;
}

/**
 * Fills an outline into a matte: each pixel gets the share of its area that lies inside, 0..255, by the nonzero rule
 * (contours that overlap in one direction are a union, in opposite directions a hole). What reaches out of the matte
 * is cut off. One pass over the matte's rows; the same bytes whatever rows are run together, on every engine.
 *
 * Sums of signed areas, as font rasterisers do since LibArt: an edge adds to each pixel it crosses the area on its
 * right, so that the sum along a row is the coverage, exact for polygons. Where edges of two overlapping contours cross
 * one pixel their areas are added, not united: at most that pixel is darker by their common part.
 * Throws `invalid-argument` for an outline that does not add up or has coordinates that are not finite.
 */
export function planFillOutline(outline: Outline, options: FillOptions): Plan<Matte> {
  const { width, height, x = 0, y = 0, allocate = allocateLocal } = options;
  assertOutline(outline);
  const matte = createMatte(width, height, { allocate });
  // Worked out by the first rows that a thread runs: building the plan computes nothing.
  let edges: Edges | undefined;
  const run = (from: number, to: number): void => {
    edges ??= collectEdges(outline, x, y, width, height);
    fillRows(edges, matte, from, to);
  };
  return { passes: [{ name: 'fill outline', rows: height, run }], result: matte };
}

interface Edges {
  /** x0, y0, x1, y1 of each edge, never level, x within the matte's columns. */
  readonly lines: Float64Array;
  /** Rows and columns outside of which nothing is covered. */
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The edges that matter for a matte of this size. [Note: what is left of the matte] */
function collectEdges(outline: Outline, dx: number, dy: number, width: number, height: number): Edges {
  const lines: number[] = [];
  // [Note: what is left of the matte] An edge left of the matte covers whole rows, so it is moved onto the border;
  // one right of the matte covers nothing that is seen. An edge that crosses a border is cut there.
  const add = (x0: number, y0: number, x1: number, y1: number): void => {
    if (y0 === y1 || Math.max(y0, y1) <= 0 || Math.min(y0, y1) >= height) return;
    if (x0 >= width && x1 >= width) return;
    if (x0 <= 0 && x1 <= 0) lines.push(0, y0, 0, y1);
    else if (x0 < 0 || x1 < 0) cut(0, x0, y0, x1, y1);
    else if (x0 > width || x1 > width) cut(width, x0, y0, x1, y1);
    else lines.push(x0, y0, x1, y1);
  };
  const cut = (border: number, x0: number, y0: number, x1: number, y1: number): void => {
    const y = y0 + ((border - x0) * (y1 - y0)) / (x1 - x0);
    const isFirstBeyond = border === 0 ? x0 < 0 : x0 > width;
    // What is beyond the border becomes the straight piece along it.
    add(isFirstBeyond ? border : x0, y0, border, y);
    add(border, y, isFirstBeyond ? x1 : border, y1);
  };
  flattenOutline(outline, dx, dy, add);
  const bounds = outlineBounds(outline);
  // A pixel more on each side for what is lost to rounding when the outline is moved.
  return {
    lines: Float64Array.from(lines),
    top: Math.max(0, Math.floor(bounds.y + dy) - 1),
    bottom: Math.min(height, Math.ceil(bounds.y + bounds.height + dy) + 1),
    left: Math.max(0, Math.floor(bounds.x + dx) - 1),
    right: Math.min(width, Math.ceil(bounds.x + bounds.width + dx) + 1),
  };
}

function fillRows({ lines, top, bottom, left, right }: Edges, matte: Matte, from: number, to: number): void {
  const { width, data } = matte;
  data.fill(0, from * width, to * width);
  const first = Math.max(from, top);
  const last = Math.min(to, bottom);
  // One cell more for what lies on the right border, one for what it hands on.
  const stride = width + 2;
  const areas = new Float64Array(stride * Math.max(0, Math.min(BAND_ROWS, last - first)));
  for (let start = first; start < last; start += BAND_ROWS) {
    const end = Math.min(last, start + BAND_ROWS);
    areas.fill(0);
    for (let i = 0; i < lines.length; i += 4) {
      const y0 = lines[i + 1] as number;
      const y1 = lines[i + 3] as number;
      if ((y0 >= end && y1 >= end) || (y0 <= start && y1 <= start)) continue;
      addEdge(areas, stride, start, end, lines[i] as number, y0, lines[i + 2] as number, y1);
    }
    for (let row = start; row < end; row++) {
      let sum = 0;
      let at = (row - start) * stride + left;
      for (let out = row * width + left; out < row * width + right; out++, at++) {
        sum += areas[at] as number;
        const coverage = Math.abs(sum);
        data[out] = coverage >= 1 ? 255 : Math.floor(coverage * 255 + 0.5);
      }
    }
  }
}

/**
 * Adds the part of an edge that lies in rows `start` to `end`. Where it enters and leaves a row comes from its own ends
 * alone, so a row's sums do not depend on the band it is run in.
 */
function addEdge(
  areas: Float64Array,
  stride: number,
  start: number,
  end: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  const isDown = y0 < y1;
  const top = isDown ? y0 : y1;
  const bottom = isDown ? y1 : y0;
  const topX = isDown ? x0 : x1;
  const bottomX = isDown ? x1 : x0;
  const slope = (bottomX - topX) / (bottom - top);
  const first = Math.max(start, Math.floor(top));
  const last = Math.min(end, Math.ceil(bottom));
  for (let row = first; row < last; row++) {
    const upper = top > row ? top : row;
    const lower = bottom < row + 1 ? bottom : row + 1;
    const a = upper === top ? topX : between(topX, bottomX, topX + (upper - top) * slope);
    const b = lower === bottom ? bottomX : between(topX, bottomX, topX + (lower - top) * slope);
    const rise = isDown ? lower - upper : upper - lower;
    if (a < b) addPiece(areas, (row - start) * stride, rise, a, b);
    else addPiece(areas, (row - start) * stride, rise, b, a);
  }
}

/** A number, or the nearer one of two where it is not between them. */
function between(a: number, b: number, value: number): number {
  return a < b ? Math.min(b, Math.max(a, value)) : Math.min(a, Math.max(b, value));
}

/** Adds a piece of an edge within one row: `rise` is its signed height, shared out over the columns it crosses. */
function addPiece(areas: Float64Array, at: number, rise: number, left: number, right: number): void {
  const width = right - left;
  let column = Math.floor(left);
  let from = left;
  do {
    const to = right < column + 1 ? right : column + 1;
    const share = width === 0 ? rise : (rise * (to - from)) / width;
    // Share of the pixel's width on the left of the piece: that much of the area is handed to the next pixel.
    const handed = share * ((from + to) / 2 - column);
    areas[at + column] = (areas[at + column] as number) + share - handed;
    areas[at + column + 1] = (areas[at + column + 1] as number) + handed;
    from = to;
    column++;
  } while (from < right);
}
