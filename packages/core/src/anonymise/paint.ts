import type { Pass, Plan } from '../async/plan.ts';
import { type Allocate, createPicture, type Picture } from '../picture/picture.ts';
import type { Point } from '../scene/geometry.ts';
import { type Cover, createCover } from './cover.ts';
import { type CoverOutline, convexHull } from './outline.ts';
import { planStickers, type Sticker } from './stickers.ts';
import { type CoverStyle, createFills, type Fill } from './styles.ts';
import { planSurround } from './surround.ts';

export interface CoverOptions {
  readonly style: CoverStyle;
  /** The same seed gives the same colours and noise. A whole number. */
  readonly seed: number;
  /**
   * How far the fill fades out beyond the covers, over pixels that are not covered, as a share of each cover's longer
   * side. At least about a pixel, so that edges are smooth.
   */
  readonly softness: number;
  /** Drawn over the covers, one on each, as large as the cover and turned with it. */
  readonly sticker?: Picture;
  readonly allocate: Allocate;
}

/** An outline with the direction that is to the right of who it hides, a unit vector in the picture. */
export interface Hidden {
  readonly outline: CoverOutline;
  readonly right: Point;
}

/**
 * The picture with everything within these outlines replaced. The result's covered pixels, and all others, depend on the
 * outlines, the options and the pixels that no outline touches: whatever is changed within an outline, every byte of the
 * result stays. They are opaque. [Note: anonymised means gone]
 *
 * @param hidden called by each thread once it runs passes, for outlines take a while; has to return the same each time.
 * @param count how many outlines that gives at most.
 */
export function planCovers(
  picture: Picture,
  hidden: () => readonly Hidden[],
  count: number,
  options: CoverOptions,
): Plan<Picture> {
  const { width, height, colorSpace } = picture;
  const { allocate, seed, style, softness, sticker } = options;
  const laid = once(() =>
    hidden().map(({ outline, right }) => ({ cover: createCover(outline, width, height), right })),
  );
  const covers = once(() => laid().map(({ cover }) => cover));
  const result = createPicture(width, height, { colorSpace, allocate });
  const needsSurround = style.kind !== 'solid';
  const surround = planSurround(picture, covers, allocate);
  const fills = createFills(style, { surround: surround.result, covers, count, seed, allocate });
  const paint: Pass = {
    name: 'cover',
    rows: height,
    run: (from, to) => {
      const all = covers();
      const each = all.map((_, index) => fills.create(index));
      const edges = all.map((cover) => createEdge(cover, softness, width, height));
      for (let y = from; y < to; y++) paintRow(picture, result, y, all, each, edges);
    },
  };
  const stickers = sticker === undefined ? [] : planStickers(sticker, () => laid().map(toSticker), result);
  return { passes: [...(needsSurround ? surround.passes : []), ...fills.passes, paint, ...stickers], result };
}

/** The work done at the first call, its result kept: for the thread that the plan was built on. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The rim of a cover, over which it fades out. */
interface Edge {
  readonly reach: number;
  readonly spans: (y: number) => readonly number[];
  /** How much of the fill is seen at a pixel outside of the cover, 0..1. */
  readonly share: (x: number, y: number) => number;
}

/** Nothing for a silhouette. */
function createEdge(cover: Cover, softness: number, width: number, height: number): Edge | undefined {
  const { corners, size } = cover;
  if (corners.length < 3) return undefined;
  const reach = Math.max(1.25, softness * size);
  // Each corner moved out in all four directions: the hull holds all that is within reach.
  const points = corners.flatMap(({ x, y }) => [
    { x: (x - reach) / width, y: (y - reach) / height },
    { x: (x + reach) / width, y: (y - reach) / height },
    { x: (x - reach) / width, y: (y + reach) / height },
    { x: (x + reach) / width, y: (y + reach) / height },
  ]);
  const grown = createCover({ kind: 'convex', points: convexHull(points) }, width, height);
  const sides = toSides(corners);
  return {
    reach,
    spans: (y) => grown.spans(y),
    share(x, y) {
      let away = Number.NEGATIVE_INFINITY;
      for (const { nx, ny, offset } of sides) {
        const distance = (x + 0.5) * nx + (y + 0.5) * ny - offset;
        if (distance > away) away = distance;
      }
      const left = 1 - away / reach;
      return left <= 0 ? 0 : left >= 1 ? 1 : left * left * (3 - 2 * left);
    },
  };
}

/** Sides of a convex shape as lines: unit vector to the outside, and how far the line lies along it. */
function toSides(corners: readonly Point[]) {
  const sides: { readonly nx: number; readonly ny: number; readonly offset: number }[] = [];
  let a = corners[corners.length - 1] as Point;
  // Corners run so that the outside is to the right of each side, or to the left: by the sign of the area.
  let area = 0;
  for (const b of corners) {
    area += a.x * b.y - b.x * a.y;
    a = b;
  }
  const sign = area < 0 ? -1 : 1;
  for (const b of corners) {
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length > 0) {
      const [nx, ny] = [(sign * dy) / length, (-sign * dx) / length];
      sides.push({ nx, ny, offset: a.x * nx + a.y * ny });
    }
    a = b;
  }
  return sides;
}

function paintRow(
  picture: Picture,
  result: Picture,
  y: number,
  covers: readonly Cover[],
  fills: readonly Fill[],
  edges: readonly (Edge | undefined)[],
): void {
  const { width } = picture;
  const row = y * width * 4;
  const { data } = result;
  data.set(picture.data.subarray(row, row + width * 4), row);
  const line = new Float32Array(width * 3);
  for (const [index, edge] of edges.entries()) {
    if (edge === undefined) continue;
    const [start = 0, end = 0] = edge.spans(y);
    // The cover itself is painted below.
    const [from = end, to = end] = covers[index]?.spans(y) ?? [];
    for (const [first, last] of [
      [start, Math.min(from, end)],
      [Math.max(to, start), end],
    ] as const) {
      if (first >= last) continue;
      (fills[index] as Fill)(y, first, last, line);
      for (let x = first, o = 0; x < last; x++, o += 3) blend(data, row + x * 4, line, o, edge.share(x, y));
    }
  }
  // Last, so that no pixel within any cover keeps anything of what was there.
  for (const [index, cover] of covers.entries()) {
    const spans = cover.spans(y);
    for (let s = 0; s < spans.length; s += 2) {
      const [from, to] = [spans[s] as number, spans[s + 1] as number];
      (fills[index] as Fill)(y, from, to, line);
      for (let i = row + from * 4, o = 0; o < (to - from) * 3; i += 4, o += 3) {
        data[i] = toByte(line[o] as number);
        data[i + 1] = toByte(line[o + 1] as number);
        data[i + 2] = toByte(line[o + 2] as number);
        data[i + 3] = 255;
      }
    }
  }
}

/** A colour over a pixel, by its share. */
function blend(data: Picture['data'], i: number, line: Float32Array, o: number, share: number): void {
  if (share <= 0) return;
  const under = ((data[i + 3] as number) / 255) * (1 - share);
  const alpha = under + share;
  for (let c = 0; c < 3; c++) {
    data[i + c] = toByte(((data[i + c] as number) * under + (line[o + c] as number) * share) / alpha);
  }
  data[i + 3] = toByte(alpha * 255);
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}

/** Where the sticker of a cover lies: as wide and high as the cover is, seen in the sticker's own directions. */
function toSticker({ cover, right }: { readonly cover: Cover; readonly right: Point }): Sticker {
  const corners =
    cover.corners.length > 0
      ? cover.corners
      : [
          { x: cover.left, y: cover.top },
          { x: cover.right, y: cover.bottom },
        ];
  const along = corners.map(({ x, y }) => x * right.x + y * right.y);
  const down = corners.map(({ x, y }) => y * right.x - x * right.y);
  const [u, v] = [middle(along), middle(down)];
  return {
    x: u * right.x - v * right.y,
    y: u * right.y + v * right.x,
    right,
    size: Math.max(1, spread(along), spread(down)),
  };
}

function middle(values: readonly number[]): number {
  return (Math.min(...values) + Math.max(...values)) / 2;
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
