import type { Picture } from '@focal/core';
import { encodeFactors, type YcbcrSpace } from './ycbcr.ts';

const BITS = 16;
const HALF = 1 << (BITS - 1);

/** Bytes of a frame with chroma at half the size in both directions, with or without a plane of alpha. */
export function i420Length(width: number, height: number, hasAlpha: boolean): number {
  const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
  return width * height * (hasAlpha ? 2 : 1) + 2 * chroma;
}

/**
 * Converts pictures to planes of luma, chroma (the mean of each 2×2 pixels) and, where asked for, alpha, one after the
 * other without gaps. `width` and `height` may be larger than the picture by a pixel: the last column and row are then
 * repeated. Colours under full transparency are taken as they are. Some 5 ms a megapixel.
 */
export function createFromRgba(
  space: YcbcrSpace,
): (
  picture: Picture,
  into: Uint8Array,
  size: { readonly width: number; readonly height: number; readonly hasAlpha: boolean },
) => void {
  const factors = encodeFactors(space);
  const fixed = (values: readonly number[]) => values.map((value) => Math.round(value * (1 << BITS)));
  const [yr = 0, yg = 0, yb = 0] = fixed(factors.y);
  // Exactly nothing for grey: what rounding leaves goes to green.
  const [ur = 0, , ub = 0] = fixed(factors.u);
  const [vr = 0, , vb = 0] = fixed(factors.v);
  const ug = -ur - ub;
  const vg = -vr - vb;
  const lumaAdd = (factors.lumaOffset << BITS) + HALF;
  // Chroma is made of sums of four.
  const chromaAdd = (128 << (BITS + 2)) + (HALF << 2);
  return ({ data, width: w, height: h }, into, { width, height, hasAlpha }) => {
    const chromaWidth = (width + 1) >> 1;
    const uStart = width * height;
    const vStart = uStart + chromaWidth * ((height + 1) >> 1);
    const aStart = vStart + (vStart - uStart);
    for (let y = 0; y < height; y += 2) {
      const top = Math.min(y, h - 1) * w;
      const below = Math.min(y + 1, h - 1) * w;
      const hasBelow = y + 1 < height;
      let c = (y >> 1) * chromaWidth;
      for (let x = 0; x < width; x += 2, c++) {
        const left = Math.min(x, w - 1);
        const right = Math.min(x + 1, w - 1);
        const hasRight = x + 1 < width;
        const a = (top + left) << 2;
        const b = (top + right) << 2;
        const d = (below + left) << 2;
        const e = (below + right) << 2;
        const o = y * width + x;
        const [ar, ag, ab] = [data[a] as number, data[a + 1] as number, data[a + 2] as number];
        const [br, bg, bb] = [data[b] as number, data[b + 1] as number, data[b + 2] as number];
        const [dr, dg, db] = [data[d] as number, data[d + 1] as number, data[d + 2] as number];
        const [er, eg, eb] = [data[e] as number, data[e + 1] as number, data[e + 2] as number];
        into[o] = (yr * ar + yg * ag + yb * ab + lumaAdd) >> BITS;
        if (hasRight) into[o + 1] = (yr * br + yg * bg + yb * bb + lumaAdd) >> BITS;
        if (hasBelow) into[o + width] = (yr * dr + yg * dg + yb * db + lumaAdd) >> BITS;
        if (hasRight && hasBelow) into[o + width + 1] = (yr * er + yg * eg + yb * eb + lumaAdd) >> BITS;
        if (hasAlpha) {
          into[aStart + o] = data[a + 3] as number;
          if (hasRight) into[aStart + o + 1] = data[b + 3] as number;
          if (hasBelow) into[aStart + o + width] = data[d + 3] as number;
          if (hasRight && hasBelow) into[aStart + o + width + 1] = data[e + 3] as number;
        }
        const red = ar + br + dr + er;
        const green = ag + bg + dg + eg;
        const blue = ab + bb + db + eb;
        into[uStart + c] = (ur * red + ug * green + ub * blue + chromaAdd) >> (BITS + 2);
        into[vStart + c] = (vr * red + vg * green + vb * blue + chromaAdd) >> (BITS + 2);
      }
    }
  };
}
