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
 */
export function readBox({ levels }: Pyramid, box: Box, side: number): Float32Array {
  const level =
    levels.find(({ width, height }) => Math.sqrt(width * box.width * height * box.height) <= COARSE * side) ??
    (levels.at(-1) as Picture);
  const { width, height, data } = level;
  const columns = toReads(box.x, box.width, side, width, 4);
  const rows = toReads(box.y, box.height, side, height, width * 4);
  const pixels = new Float32Array(side * side * 3);
  for (let y = 0, o = 0; y < side; y++) {
    const above = rows.first[y] as number;
    const below = rows.second[y] as number;
    const shareY = rows.share[y] as number;
    for (let x = 0; x < side; x++, o += 3) {
      const left = columns.first[x] as number;
      if (above < 0 || left < 0) continue;
      const right = columns.second[x] as number;
      const shareX = columns.share[x] as number;
      const [a, b, c, d] = [above + left, above + right, below + left, below + right];
      for (let channel = 0; channel < 3; channel++) {
        const top = (data[a + channel] as number) * (1 - shareX) + (data[b + channel] as number) * shareX;
        const bottom = (data[c + channel] as number) * (1 - shareX) + (data[d + channel] as number) * shareX;
        pixels[o + channel] = (top + (bottom - top) * shareY) / 255;
      }
    }
  }
  return pixels;
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
