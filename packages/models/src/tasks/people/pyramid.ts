import { type Box, type Picture, resizePicture } from '@focal/core';

/** A picture at several sizes, each about half of the one before, so that crops of any size are read quickly. */
export interface Pyramid {
  /** Width by height of the picture itself: its levels need not have its shape. */
  readonly aspect: number;
  /** Largest first, never empty. */
  readonly levels: readonly Picture[];
}

const SMALLEST_SIDE = 160;
/** Pixels of a level to one of a crop, on the mean of both axes, up to which the level is read. */
const COARSE = 1.4;

/** @param levels the picture or reductions of it, largest first, never empty; smaller ones are made of the last. */
export function createPyramid(aspect: number, levels: readonly [Picture, ...Picture[]]): Pyramid {
  const all = [...levels];
  for (let last = all.at(-1) as Picture; Math.max(last.width, last.height) >= 2 * SMALLEST_SIDE; ) {
    const [width, height] = [Math.max(1, last.width >> 1), Math.max(1, last.height >> 1)];
    last = resizePicture(last, width, height, { filter: 'area' });
    all.push(last);
  }
  return { aspect, levels: all };
}

/**
 * A box of the picture stretched to a square: RGB 0..1, row by row, black beyond the picture. Read between the pixels
 * of the level that comes nearest in size.
 *
 * @param pixels where to, of side · side · 3 numbers: fresh memory of this size takes as long as what is done in it.
 */
export function readBox(
  { levels }: Pyramid,
  box: Box,
  side: number,
  pixels: Float32Array = new Float32Array(side * side * 3),
): Float32Array {
  const level =
    levels.find(({ width, height }) => Math.sqrt(width * box.width * height * box.height) <= COARSE * side) ??
    (levels.at(-1) as Picture);
  const { width, height, data } = level;
  const columns = toReads(box.x, box.width, side, width, 4);
  const rows = toReads(box.y, box.height, side, height, width * 4);
  // Two rows of the level read between columns. Most rows of the crop find one of theirs, or both, read before.
  let upper = new Float64Array(side * 3);
  let lower = new Float64Array(side * 3);
  let [upperAt, lowerAt] = [-1, -1];
  for (let y = 0; y < side; y++) {
    const above = rows.first[y] as number;
    if (above < 0) {
      pixels.fill(0, y * side * 3, (y + 1) * side * 3);
      continue;
    }
    const below = rows.second[y] as number;
    if (above === lowerAt) {
      [upper, lower] = [lower, upper];
      [upperAt, lowerAt] = [lowerAt, upperAt];
    }
    if (above !== upperAt) readRow(data, above, columns, upper);
    if (below !== lowerAt) readRow(data, below, columns, lower);
    [upperAt, lowerAt] = [above, below];
    const share = rows.share[y] as number;
    for (let i = 0, o = y * side * 3; i < upper.length; i++, o++) {
      const top = upper[i] as number;
      pixels[o] = (top + ((lower[i] as number) - top) * share) / 255;
    }
  }
  return pixels;
}

type Reads = ReturnType<typeof toReads>;

/** RGB 0..255 between the columns of one row, 0 beyond the picture. */
function readRow(data: Picture['data'], start: number, { first, second, share }: Reads, row: Float64Array): void {
  for (let x = 0, o = 0; x < first.length; x++, o += 3) {
    if ((first[x] as number) < 0) continue;
    const left = start + (first[x] as number);
    const right = start + (second[x] as number);
    const after = share[x] as number;
    const before = 1 - after;
    row[o] = (data[left] as number) * before + (data[right] as number) * after;
    row[o + 1] = (data[left + 1] as number) * before + (data[right + 1] as number) * after;
    row[o + 2] = (data[left + 2] as number) * before + (data[right + 2] as number) * after;
  }
}

/** Between which two pixels each of the crop's lies along one axis, as offsets in bytes; -1 outside of the picture. */
function toReads(start: number, length: number, side: number, size: number, step: number) {
  const first = new Int32Array(side);
  const second = new Int32Array(side);
  const share = new Float32Array(side);
  for (let i = 0; i < side; i++) {
    const fraction = start + ((i + 0.5) / side) * length;
    const place = Math.min(size - 1, Math.max(0, fraction * size - 0.5));
    const at = Math.floor(place);
    first[i] = fraction < 0 || fraction > 1 ? -1 : at * step;
    second[i] = Math.min(size - 1, at + 1) * step;
    share[i] = place - at;
  }
  return { first, second, share };
}
