import type { Picture } from '@focal/core';
import { createFromRgbaRows, type FromRgbaFactors, type FromRgbaRows } from './from-rgba-simd.ts';
import { encodeFactors, type YcbcrSpace } from './ycbcr.ts';

const BITS = 16;
const HALF = 1 << (BITS - 1);

/** Bytes of a frame with chroma at half the size in both directions, with or without a plane of alpha. */
export function i420Length(width: number, height: number, hasAlpha: boolean): number {
  const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
  return width * height * (hasAlpha ? 2 : 1) + 2 * chroma;
}

/** `width` and `height` may be larger than the picture by a pixel: the last column and row are then repeated. */
interface PlanesSize {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

export interface FromRgbaOptions {
  /** `false` keeps to TypeScript, the reference. By default SIMD is used where the engine has it; the bytes are equal. */
  readonly simd?: boolean;
}

/**
 * Converts pictures to planes of luma, chroma (the mean of each 2×2 pixels) and, where asked for, alpha, one after the
 * other without gaps. Colours under full transparency are taken as they are. Some 5 ms a megapixel, 1 ms with SIMD.
 */
export function createFromRgba(
  space: YcbcrSpace,
  { simd = true }: FromRgbaOptions = {},
): (picture: Picture, into: Uint8Array, size: PlanesSize) => void {
  const factors = fixFactors(space);
  let kernel: { readonly width: number; readonly rows: FromRgbaRows | undefined } | undefined;
  return (picture, into, size) => {
    const { width } = size;
    if (simd && kernel?.width !== width) kernel = { width, rows: createFromRgbaRows(factors, width) };
    if (kernel?.rows !== undefined) convertRows(kernel.rows, picture, into, size);
    else convert(factors, picture, into, size);
    if (size.hasAlpha) copyAlpha(picture, into.subarray(i420Length(width, size.height, false)), size);
  };
}

function fixFactors(space: YcbcrSpace): FromRgbaFactors {
  const factors = encodeFactors(space);
  const fixed = (values: readonly number[]) => values.map((value) => Math.round(value * (1 << BITS)));
  const [yr = 0, yg = 0, yb = 0] = fixed(factors.y);
  // Exactly nothing for grey: what rounding leaves goes to green.
  const [ur = 0, , ub = 0] = fixed(factors.u);
  const [vr = 0, , vb = 0] = fixed(factors.v);
  return {
    bits: BITS,
    y: [yr, yg, yb],
    u: [ur, -ur - ub, ub],
    v: [vr, -vr - vb, vb],
    lumaAdd: (factors.lumaOffset << BITS) + HALF,
    // Chroma is made of sums of four.
    chromaAdd: (128 << (BITS + 2)) + (HALF << 2),
  };
}

function convertRows(rows: FromRgbaRows, { data, width: w, height: h }: Picture, into: Uint8Array, size: PlanesSize) {
  const { width, height } = size;
  const across = (width + 1) >> 1;
  const uStart = width * height;
  const vStart = uStart + across * ((height + 1) >> 1);
  for (let y = 0, c = 0; y < height; y += 2, c += across) {
    for (const [i, row] of rows.rgba.entries()) {
      const start = Math.min(y + i, h - 1) * w * 4;
      row.set(data.subarray(start, start + w * 4));
      // The last pair of pixels may reach beyond the last one by two.
      for (const x of [w, w + 1]) row.copyWithin(x * 4, (w - 1) * 4, w * 4);
    }
    rows.convert();
    into.set(rows.y[0].subarray(0, width), y * width);
    if (y + 1 < height) into.set(rows.y[1].subarray(0, width), (y + 1) * width);
    into.set(rows.u.subarray(0, across), uStart + c);
    into.set(rows.v.subarray(0, across), vStart + c);
  }
}

function convert(
  { y: [yr, yg, yb], u: [ur, ug, ub], v: [vr, vg, vb], lumaAdd, chromaAdd }: FromRgbaFactors,
  { data, width: w, height: h }: Picture,
  into: Uint8Array,
  { width, height }: PlanesSize,
): void {
  const chromaWidth = (width + 1) >> 1;
  const uStart = width * height;
  const vStart = uStart + chromaWidth * ((height + 1) >> 1);
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
      const red = ar + br + dr + er;
      const green = ag + bg + dg + eg;
      const blue = ab + bb + db + eb;
      // Of full range the strongest colours lie a half above the last step.
      into[uStart + c] = Math.min(255, (ur * red + ug * green + ub * blue + chromaAdd) >> (BITS + 2));
      into[vStart + c] = Math.min(255, (vr * red + vg * green + vb * blue + chromaAdd) >> (BITS + 2));
    }
  }
}

function copyAlpha({ data, width: w, height: h }: Picture, into: Uint8Array, { width, height }: PlanesSize): void {
  for (let y = 0, o = 0; y < height; y++) {
    const row = Math.min(y, h - 1) * w;
    for (let x = 0; x < width; x++, o++) into[o] = data[(row + Math.min(x, w - 1)) * 4 + 3] as number;
  }
}
