import { type Picture, type Point, resizePicture, type ThreadCache } from '@focal/core';

/** A picture reduced, or enlarged a little: faces of a certain size are found in it. */
export interface Level {
  readonly picture: Picture;
  /** Pixels of the level for one of the photo, on each axis: sides are rounded to whole pixels. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** A net runs on no more pixels than this, however long and thin the picture is. */
const MOST_PIXELS = 1280 * 480;
/** Enlarging further shows nothing new. */
const LARGEST_SCALE = 2;

/**
 * The photo with its shorter side at about `side` pixels, made out of another reduction where that is large enough.
 * Long pictures become smaller than that, small ones are enlarged to no more than twice their size.
 */
export function createLevel(photo: Picture, side: number, from: Picture = photo, cache?: ThreadCache): Level {
  const { width, height } = photo;
  const pixels = MOST_PIXELS * (side / 480) ** 2;
  const scale = Math.min(side / Math.min(width, height), Math.sqrt(pixels / (width * height)), LARGEST_SCALE);
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const source = from.width >= w && from.height >= h ? from : photo;
  const isSame = w === source.width && h === source.height;
  const picture = isSame ? source : resizePicture(source, w, h, { filter: 'area', cache });
  return { picture, scaleX: w / width, scaleY: h / height };
}

/** A square read out of a picture, turned. */
export interface TurnedSquare {
  /** In pixels of the photo. */
  readonly centre: Point;
  /** Pixels of the photo to a side. */
  readonly size: number;
  /** Radians clockwise that what stands upright in the square is turned by in the photo. */
  readonly angle: number;
}

/** Pixels of a level for one of the square, below which a level is too coarse to read it from. */
const COARSEST = 0.9;

/**
 * The square as a net's input of `side` pixels to a side, black outside of the photo: read from the coarsest level that
 * still has the detail, between its pixels.
 */
export function readTurned(levels: readonly Level[], square: TurnedSquare, side: number): Float32Array {
  const data = new Float32Array(side * side * 3).fill(-1);
  const scale = side / square.size;
  const level = pickLevel(levels, scale);
  if (level === undefined) return data;
  // Where the level is much finer, a pixel of the square is the mean of several reads, against aliasing.
  const reads = Math.max(1, Math.min(MOST_READS, Math.round(level.scaleX / scale)));
  const fine = side * reads;
  const along = (Math.cos(square.angle) * square.size) / fine;
  const across = (Math.sin(square.angle) * square.size) / fine;
  const weight = 1 / (127.5 * reads * reads);
  const pixel: Rgb = [0, 0, 0];
  for (let row = 0; row < fine; row++) {
    const dy = row + 0.5 - fine / 2;
    const line = Math.floor(row / reads) * side;
    for (let column = 0; column < fine; column++) {
      const dx = column + 0.5 - fine / 2;
      const x = (square.centre.x + along * dx - across * dy) * level.scaleX - 0.5;
      const y = (square.centre.y + across * dx + along * dy) * level.scaleY - 0.5;
      if (!readBetween(level.picture, x, y, pixel)) continue;
      const o = (line + Math.floor(column / reads)) * 3;
      data[o] = (data[o] as number) + pixel[0] * weight;
      data[o + 1] = (data[o + 1] as number) + pixel[1] * weight;
      data[o + 2] = (data[o + 2] as number) + pixel[2] * weight;
    }
  }
  return data;
}

const MOST_READS = 4;

type Rgb = [number, number, number];

/** The colour at a place between pixels, where 0, 0 is the middle of the first; false outside of the picture. */
function readBetween({ width, height, data }: Picture, x: number, y: number, into: Rgb): boolean {
  const lastX = width - 1;
  const lastY = height - 1;
  if (!(x >= -0.5 && y >= -0.5 && x <= lastX + 0.5 && y <= lastY + 0.5)) return false;
  const left = Math.max(0, Math.min(lastX, Math.floor(x)));
  const top = Math.max(0, Math.min(lastY, Math.floor(y)));
  const shareX = Math.max(0, Math.min(1, x - left));
  const shareY = Math.max(0, Math.min(1, y - top));
  const i = (top * width + left) * 4;
  const right = left < lastX ? 4 : 0;
  const below = top < lastY ? width * 4 : 0;
  into[0] = mix(data, i, right, below, shareX, shareY);
  into[1] = mix(data, i + 1, right, below, shareX, shareY);
  into[2] = mix(data, i + 2, right, below, shareX, shareY);
  return true;
}

function mix(
  data: Uint8Array | Uint8ClampedArray,
  i: number,
  right: number,
  below: number,
  shareX: number,
  shareY: number,
): number {
  const a = data[i] as number;
  const b = data[i + below] as number;
  const upper = a + ((data[i + right] as number) - a) * shareX;
  const lower = b + ((data[i + below + right] as number) - b) * shareX;
  return upper + (lower - upper) * shareY;
}

/** The coarsest of these that is fine enough, or the finest. */
function pickLevel(levels: readonly Level[], scale: number): Level | undefined {
  const byScale = [...levels].sort((a, b) => a.scaleX - b.scaleX);
  return byScale.find((level) => level.scaleX >= scale * COARSEST) ?? byScale.at(-1);
}
