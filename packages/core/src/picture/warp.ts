import { FocalError } from '../errors.ts';
import { type Affine, applyAffine } from './affine.ts';
import type { Rgb } from './color.ts';
import { type Allocate, allocateLocal, createPicture, type Picture } from './picture.ts';

export interface WarpOptions {
  /** What lies beyond the picture: its outermost pixels again (the default), or a colour, opaque. */
  readonly outside?: 'replicate' | Rgb;
  readonly allocate?: Allocate;
}

/** Rows and columns around what is read that a reduced part keeps, so that reads between its pixels find neighbours. */
const MARGIN = 2;
/** From so many source pixels to a pixel on, it is the mean of two reads on each axis. */
const TWO_READS = 1.25;

/**
 * A turned, scaled, moved or sheared crop: each pixel of the result is read from where `toSource` maps it to. Reads are
 * bilinear, with alpha weighed in; where pixels get fewer, the part that is seen is reduced by area first, so nothing
 * aliases. A crop of 192² takes 2 to 5 ms on one thread, and some 5 ms more for each megapixel that is reduced.
 * Throws `invalid-argument` where the map is not finite or flattens the plane.
 *
 * @example
 * // A picture turned by 90° clockwise
 * warpPicture(picture, { xx: 0, xy: 1, x0: 0, yx: -1, yy: 0, y0: picture.height }, picture.height, picture.width);
 */
export function warpPicture(
  picture: Picture,
  toSource: Affine,
  width: number,
  height: number,
  options: WarpOptions = {},
): Picture {
  const { outside = 'replicate', allocate = allocateLocal } = options;
  const result = createPicture(width, height, { colorSpace: picture.colorSpace, allocate });
  const scaleX = Math.hypot(toSource.xx, toSource.yx);
  const scaleY = Math.hypot(toSource.xy, toSource.yy);
  const area = Math.abs(toSource.xx * toSource.yy - toSource.xy * toSource.yx);
  if (!Object.values(toSource).every(Number.isFinite) || area === 0) {
    throw new FocalError('invalid-argument', 'Expected an affine map that is finite and keeps the plane a plane.');
  }
  const factor = Math.max(1, Math.floor(Math.min(scaleX, scaleY) + ROUND_UP));
  const part = factor < 2 ? wholeOf(picture) : reducePart(picture, toSource, width, height, factor);
  const reads = Math.min(MOST_READS, readsFor(Math.max(scaleX, scaleY) / factor));
  readAll(picture, part, toSource, result, reads, outside);
  return result;
}

const MOST_READS = 4;
/** Reduced a little too far is enlarged again by the reads, which is cheaper than many reads and looks the same. */
const ROUND_UP = 0.4;

/** How many reads a pixel takes on an axis where it spans so many source pixels. */
function readsFor(span: number): number {
  return span >= TWO_READS ? Math.ceil(span) : 1;
}

/** A part of a picture, reduced. */
interface Part {
  readonly picture: Picture;
  /** In pixels of the whole. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the part for one of the whole. */
  readonly scaleX: number;
  readonly scaleY: number;
}

function wholeOf(picture: Picture): Part {
  return { picture, left: 0, top: 0, scaleX: 1, scaleY: 1 };
}

/** What the result shows of the picture, reduced by a whole factor. */
function reducePart(picture: Picture, toSource: Affine, width: number, height: number, factor: number): Part {
  const corners = [
    applyAffine(toSource, 0, 0),
    applyAffine(toSource, width, 0),
    applyAffine(toSource, 0, height),
    applyAffine(toSource, width, height),
  ];
  const columns = span(
    corners.map(({ x }) => x),
    picture.width,
    factor,
  );
  const rows = span(
    corners.map(({ y }) => y),
    picture.height,
    factor,
  );
  return {
    picture: reduceBlocks(picture, columns, rows, factor),
    left: columns.from,
    top: rows.from,
    scaleX: 1 / factor,
    scaleY: 1 / factor,
  };
}

/** Blocks of pixels along an axis: the first starts at `from`, the last may reach beyond the picture. */
interface Blocks {
  readonly from: number;
  readonly count: number;
}

/** The blocks that these places span, with a margin, within the picture. */
function span(places: readonly number[], size: number, factor: number): Blocks {
  const margin = MARGIN * factor;
  const from = Math.min(size - 1, Math.max(0, Math.floor(Math.min(...places)) - margin));
  const to = Math.max(from + 1, Math.min(size, Math.ceil(Math.max(...places)) + margin));
  return { from, count: Math.ceil((to - from) / factor) };
}

/** Blocks up to this are summed two channels at a time: 16 bits hold the sum of 256 bytes. */
const MOST_IN_WORDS = 16;

/** Each block of `factor` × `factor` pixels as one, with alpha weighed in; of blocks on the edge what is there. */
function reduceBlocks(picture: Picture, columns: Blocks, rows: Blocks, factor: number): Picture {
  const { width, height, data, colorSpace } = picture;
  const reduced = createPicture(columns.count, rows.count, { colorSpace });
  const words = factor <= MOST_IN_WORDS ? viewWords(picture) : undefined;
  for (let row = 0, o = 0; row < rows.count; row++) {
    const top = rows.from + row * factor;
    const bottom = Math.min(height, top + factor);
    for (let column = 0; column < columns.count; column++, o += 4) {
      const left = columns.from + column * factor;
      const right = Math.min(width, left + factor);
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      let all = 255;
      if (words === undefined) {
        for (let y = top; y < bottom; y++) {
          for (let i = (y * width + left) * 4, end = (y * width + right) * 4; i < end; i += 4) {
            r += data[i] as number;
            g += data[i + 1] as number;
            b += data[i + 2] as number;
            all &= data[i + 3] as number;
          }
        }
      } else {
        let redAndBlue = 0;
        let common = -1;
        for (let y = top; y < bottom; y++) {
          for (let i = y * width + left, end = y * width + right; i < end; i++) {
            const word = words[i] as number;
            redAndBlue = (redAndBlue + (word & 0xff00ff)) | 0;
            g += (word >>> 8) & 255;
            common &= word;
          }
        }
        r = redAndBlue & 0xffff;
        b = redAndBlue >>> 16;
        all = common >>> 24;
      }
      const count = (bottom - top) * (right - left);
      if (all === 255) {
        reduced.data[o] = (r / count + 0.5) | 0;
        reduced.data[o + 1] = (g / count + 0.5) | 0;
        reduced.data[o + 2] = (b / count + 0.5) | 0;
        reduced.data[o + 3] = 255;
        continue;
      }
      r = g = b = 0;
      for (let y = top; y < bottom; y++) {
        for (let i = (y * width + left) * 4, end = (y * width + right) * 4; i < end; i += 4) {
          const alpha = data[i + 3] as number;
          r += (data[i] as number) * alpha;
          g += (data[i + 1] as number) * alpha;
          b += (data[i + 2] as number) * alpha;
          a += alpha;
        }
      }
      const byte = (a / count + 0.5) | 0;
      if (byte === 0) continue;
      reduced.data[o] = (r / a + 0.5) | 0;
      reduced.data[o + 1] = (g / a + 0.5) | 0;
      reduced.data[o + 2] = (b / a + 0.5) | 0;
      reduced.data[o + 3] = byte;
    }
  }
  return reduced;
}

/** A picture's pixels as words with red in the lowest byte, where they can be read so. */
function viewWords({ width, height, data }: Picture): Int32Array | undefined {
  const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  return isLittleEndian && data.byteOffset % 4 === 0
    ? new Int32Array(data.buffer, data.byteOffset, width * height)
    : undefined;
}

/** One loop with nothing called in it: this is where the time goes. Edges are replicated by clamping places to them. */
function readAll(
  whole: Picture,
  part: Part,
  toSource: Affine,
  result: Picture,
  reads: number,
  outside: 'replicate' | Rgb,
): void {
  const { width, height, data } = part.picture;
  const { xx, xy, x0, yx, yy, y0 } = toSource;
  const isFilled = outside !== 'replicate';
  const [red, green, blue] = isFilled ? outside : [0, 0, 0];
  const count = reads * reads;
  const placesX = Float64Array.from({ length: count }, (_, read) => ((read % reads) + 0.5) / reads);
  const placesY = Float64Array.from({ length: count }, (_, read) => (Math.floor(read / reads) + 0.5) / reads);
  const { left: partLeft, top: partTop, scaleX, scaleY } = part;
  const lastX = width - 1;
  const lastY = height - 1;
  const stride = width * 4;
  for (let row = 0, o = 0; row < result.height; row++) {
    for (let column = 0; column < result.width; column++, o += 4) {
      // Weighted by alpha, as alpha is by itself.
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let read = 0; read < count; read++) {
        const u = column + (placesX[read] as number);
        const v = row + (placesY[read] as number);
        const atX = xx * u + xy * v + x0;
        const atY = yx * u + yy * v + y0;
        if (isFilled && !(atX >= 0 && atY >= 0 && atX <= whole.width && atY <= whole.height)) {
          r += red * 255;
          g += green * 255;
          b += blue * 255;
          a += 255;
          continue;
        }
        let x = (atX - partLeft) * scaleX - 0.5;
        let y = (atY - partTop) * scaleY - 0.5;
        x = x < 0 ? 0 : x > lastX ? lastX : x;
        y = y < 0 ? 0 : y > lastY ? lastY : y;
        const left = x | 0;
        const top = y | 0;
        const shareX = x - left;
        const shareY = y - top;
        const i = top * stride + left * 4;
        const j = left < lastX ? i + 4 : i;
        const k = top < lastY ? i + stride : i;
        const l = top < lastY ? j + stride : j;
        const wi = (1 - shareX) * (1 - shareY) * (data[i + 3] as number);
        const wj = shareX * (1 - shareY) * (data[j + 3] as number);
        const wk = (1 - shareX) * shareY * (data[k + 3] as number);
        const wl = shareX * shareY * (data[l + 3] as number);
        r += (data[i] as number) * wi + (data[j] as number) * wj + (data[k] as number) * wk + (data[l] as number) * wl;
        g +=
          (data[i + 1] as number) * wi +
          (data[j + 1] as number) * wj +
          (data[k + 1] as number) * wk +
          (data[l + 1] as number) * wl;
        b +=
          (data[i + 2] as number) * wi +
          (data[j + 2] as number) * wj +
          (data[k + 2] as number) * wk +
          (data[l + 2] as number) * wl;
        a += wi + wj + wk + wl;
      }
      // Straight alpha again; where alpha rounds to 0 the colour is 0 too.
      const byte = (a / count + 0.5) | 0;
      if (byte === 0) continue;
      result.data[o] = (r / a + 0.5) | 0;
      result.data[o + 1] = (g / a + 0.5) | 0;
      result.data[o + 2] = (b / a + 0.5) | 0;
      result.data[o + 3] = byte;
    }
  }
}
