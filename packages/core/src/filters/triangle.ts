import type { Pass } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';

/** Where passes read and write. */
export interface BlurMemory {
  readonly source: Matte;
  readonly scratch: Matte;
  /** May be the source. */
  readonly result: Matte;
}

/** A blur by a triangle of this half-width in pixels: means over two windows along rows, then columns. */
export function triangleBlur({ source, scratch, result }: BlurMemory, radiusPx: number): readonly Pass[] {
  const window = toWindow(radiusPx / 2);
  const { width, height } = source;
  const across = (from: Matte, to: Matte): Pass => ({
    name: 'blur-rows',
    rows: height,
    run: (first, last) => {
      for (let y = first; y < last; y++) meanRow(from, to, y, window);
    },
  });
  const down = (from: Matte, to: Matte): Pass => ({
    name: 'blur-columns',
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
