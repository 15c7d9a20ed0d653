import type { Pass } from '../../async/plan.ts';
import type { Matte } from '../../picture/matte.ts';

/** A shift of 1 moves the edge by this share of the long side. */
const MOST_SHIFT = 0.005;

// A regular octagon whose sides are 1 away from its middle: a cross of lines of this half-length along rows and columns,
// and of this many diagonal steps.
const STRAIGHT = Math.SQRT2 - 1;
const DIAGONAL = 1 - Math.SQRT1_2;

/** Where passes read and write. */
export interface EdgeMemory {
  readonly source: Matte;
  readonly scratch: Matte;
  /** May be the source. */
  readonly result: Matte;
}

/** The edge softened by a triangle of this half-width in pixels: means over two windows along rows, then columns. */
export function featherPasses({ source, scratch, result }: EdgeMemory, radiusPx: number): readonly Pass[] {
  const window = toWindow(radiusPx / 2);
  const { width, height } = source;
  const across = (from: Matte, to: Matte): Pass => ({
    name: 'feather-rows',
    rows: height,
    run: (first, last) => {
      for (let y = first; y < last; y++) meanRow(from, to, y, window);
    },
  });
  const down = (from: Matte, to: Matte): Pass => ({
    name: 'feather-columns',
    rows: height,
    run: (first, last) => meanColumns(from, to, first, last, window, new Float64Array(width)),
  });
  return [across(source, scratch), across(scratch, result), down(result, scratch), down(scratch, result)];
}

interface Window {
  /** Whole pixels to each side. */
  readonly reach: number;
  /** How much of the next pixel counts, in 256ths. */
  readonly rest: number;
  /** Sum of all weights. */
  readonly total: number;
}

function toWindow(half: number): Window {
  const reach = Math.floor(half);
  const rest = Math.round((half - reach) * 256);
  return { reach, rest, total: 256 * (2 * reach + 1) + 2 * rest };
}

/** Beyond its border the picture goes on as it ends. Whole numbers only: sums come out the same from any start. */
function meanRow(source: Matte, target: Matte, y: number, { reach, rest, total }: Window): void {
  const { width } = source;
  const row = source.data.subarray(y * width, (y + 1) * width);
  const out = target.data.subarray(y * width, (y + 1) * width);
  const at = (x: number): number => row[x < 0 ? 0 : x >= width ? width - 1 : x] as number;
  let sum = 0;
  for (let k = -reach; k <= reach; k++) sum += at(k);
  for (let x = 0; x < width; x++) {
    const ends = at(x - reach - 1) + at(x + reach + 1);
    out[x] = Math.floor((256 * sum + rest * ends) / total + 0.5);
    sum += at(x + reach + 1) - at(x - reach);
  }
}

function meanColumns(
  source: Matte,
  target: Matte,
  from: number,
  to: number,
  { reach, rest, total }: Window,
  sums: Float64Array,
): void {
  const { width, height, data } = source;
  const startOf = (y: number): number => (y < 0 ? 0 : y >= height ? height - 1 : y) * width;
  for (let k = from - reach; k <= from + reach; k++) {
    const base = startOf(k);
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + (data[base + x] as number);
  }
  for (let y = from; y < to; y++) {
    const [above, below, leaving] = [startOf(y - reach - 1), startOf(y + reach + 1), startOf(y - reach)];
    for (let x = 0, o = y * width; x < width; x++, o++) {
      const sum = sums[x] as number;
      const next = data[below + x] as number;
      const ends = (data[above + x] as number) + next;
      target.data[o] = Math.floor((256 * sum + rest * ends) / total + 0.5);
      sums[x] = sum + next - (data[leaving + x] as number);
    }
  }
}

/**
 * The edge moved out, or in where the amount is below 0, by nearly a disc: the largest alpha within an octagon, found
 * along rows, columns and both diagonals. Hair grows with it, and soft edges stay soft.
 */
export function shiftPasses({ source, scratch, result }: EdgeMemory, amount: number): readonly Pass[] {
  const radiusPx = Math.abs(amount) * MOST_SHIFT * Math.max(source.width, source.height);
  const turn = amount < 0 ? 255 : 0;
  const line = (from: Matte, to: Matte, step: Step, half: number): Pass => ({
    name: 'shift',
    rows: source.height,
    run: (first, last) => {
      for (let y = first; y < last; y++) mostAlong(from, to, y, step, half, turn);
    },
  });
  return [
    line(source, scratch, { dx: 1, dy: 0 }, radiusPx * STRAIGHT),
    line(scratch, result, { dx: 0, dy: 1 }, radiusPx * STRAIGHT),
    line(result, scratch, { dx: 1, dy: 1 }, radiusPx * DIAGONAL),
    line(scratch, result, { dx: 1, dy: -1 }, radiusPx * DIAGONAL),
  ];
}

interface Step {
  readonly dx: number;
  readonly dy: number;
}

/** The most of what lies up to `half` steps away to both sides; with `turn` 255 the least. */
function mostAlong(source: Matte, target: Matte, y: number, { dx, dy }: Step, half: number, turn: number): void {
  const { width, height, data } = source;
  const reach = Math.floor(half);
  const rest = Math.round((half - reach) * 256);
  const step = dy * width + dx;
  // How far the picture goes on to both sides, in steps, along columns.
  const [ahead, behind] = dy === 0 ? [width, width] : dy > 0 ? [height - 1 - y, y] : [y, height - 1 - y];
  for (let x = 0, i = y * width; x < width; x++, i++) {
    let most = (data[i] as number) ^ turn;
    const forth = dx === 0 ? ahead : Math.min(ahead, width - 1 - x);
    const back = dx === 0 ? behind : Math.min(behind, x);
    if (most < 255) {
      for (let k = 1, o = i + step, end = Math.min(forth, reach); k <= end; k++, o += step) {
        const value = (data[o] as number) ^ turn;
        if (value > most) most = value;
      }
      for (let k = 1, o = i - step, end = Math.min(back, reach); k <= end; k++, o -= step) {
        const value = (data[o] as number) ^ turn;
        if (value > most) most = value;
      }
      if (forth > reach) most = Math.max(most, between(data, i + step * reach, step, rest, turn));
      if (back > reach) most = Math.max(most, between(data, i - step * reach, -step, rest, turn));
    }
    target.data[i] = most ^ turn;
  }
}

function between(data: Matte['data'], at: number, step: number, rest: number, turn: number): number {
  const near = (data[at] as number) ^ turn;
  const far = (data[at + step] as number) ^ turn;
  return near + (((far - near) * rest + 128) >> 8);
}
