import type { Bytes } from '@focal/core';
import { createToRgbaRow, type ToRgbaFactors, type ToRgbaRow } from './to-rgba-simd.ts';
import { decodeFactors, type YcbcrSpace } from './ycbcr.ts';

/** Luma, chroma and alpha of a frame, 8 bit, in planes. */
export interface YcbcrPlanes {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly yStride: number;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly chromaStride: number;
  /** Bytes from one chroma value to the next: 2 where both lie in one plane. */
  readonly chromaStep: 1 | 2;
  /** Halvings of the chroma's width and height. */
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
  readonly alpha?: Uint8Array;
  readonly alphaStride?: number;
}

/** Fixed point, in bits. */
const BITS = 14;
/** Sums lie within this below and above what a byte holds. */
const BEYOND = 512;
const CLAMP = Uint8Array.from({ length: 256 + 2 * BEYOND }, (_, i) => Math.max(0, Math.min(255, i - BEYOND)));

interface Tables {
  readonly y: Int32Array;
  readonly redOfV: Int32Array;
  readonly greenOfU: Int32Array;
  readonly greenOfV: Int32Array;
  readonly blueOfU: Int32Array;
}

export interface ToRgbaOptions {
  /** `false` keeps to TypeScript, the reference. By default SIMD is used where the engine has it; the bytes are equal. */
  readonly simd?: boolean;
}

/**
 * Converts frames of one space to RGBA, whose bytes begin at a multiple of four: integer arithmetic, the same bytes
 * everywhere. Some 5 ms a megapixel, 1 ms with SIMD.
 */
export function createToRgba(
  space: YcbcrSpace,
  { simd = true }: ToRgbaOptions = {},
): (planes: YcbcrPlanes, into: Bytes) => void {
  const factors = fixFactors(space);
  let tables: Tables | undefined;
  let kernel: { readonly width: number; readonly row: ToRgbaRow | undefined } | undefined;
  return (planes, into) => {
    const { width, chromaStep, shiftX } = planes;
    if (simd && shiftX === 1 && chromaStep === 1) {
      if (kernel?.width !== width) kernel = { width, row: createToRgbaRow(factors, width) };
      if (kernel.row !== undefined) {
        convertRows(kernel.row, planes, into);
        return;
      }
    }
    tables ??= createTables(factors);
    convert(tables, planes, into);
  };
}

function fixFactors(space: YcbcrSpace): ToRgbaFactors {
  const factors = decodeFactors(space);
  const fixed = (factor: number): number => Math.round(factor * (1 << BITS));
  const luma = fixed(factors.luma);
  return {
    bits: BITS,
    luma,
    // Rounds.
    add: (1 << (BITS - 1)) - factors.lumaOffset * luma,
    redOfV: fixed(factors.redOfV),
    greenOfU: fixed(factors.greenOfU),
    greenOfV: fixed(factors.greenOfV),
    blueOfU: fixed(factors.blueOfU),
  };
}

function createTables({ luma, add, redOfV, greenOfU, greenOfV, blueOfU }: ToRgbaFactors): Tables {
  const table = (factor: number, offset: number, added = 0) =>
    Int32Array.from({ length: 256 }, (_, i) => (i - offset) * factor + added);
  return {
    // What is added keeps indices of the clamp positive.
    y: table(luma, 0, add + (BEYOND << BITS)),
    redOfV: table(redOfV, 128),
    greenOfU: table(greenOfU, 128),
    greenOfV: table(greenOfV, 128),
    blueOfU: table(blueOfU, 128),
  };
}

function convertRows(row: ToRgbaRow, planes: YcbcrPlanes, into: Bytes): void {
  const { width, height, y, u, v, alpha, yStride, chromaStride, shiftY } = planes;
  const alphaStride = planes.alphaStride ?? width;
  const across = (width + 1) >> 1;
  const rgba = row.rgba.subarray(0, width * 4);
  row.alpha.fill(255);
  for (let line = 0; line < height; line++) {
    row.y.set(y.subarray(line * yStride, line * yStride + width));
    if (shiftY === 0 || (line & 1) === 0) {
      const start = (line >> shiftY) * chromaStride;
      row.u.set(u.subarray(start, start + across));
      row.v.set(v.subarray(start, start + across));
    }
    if (alpha !== undefined) row.alpha.set(alpha.subarray(line * alphaStride, line * alphaStride + width));
    row.convert();
    into.set(rgba, line * width * 4);
  }
}

function convert({ y: ofY, redOfV, greenOfU, greenOfV, blueOfU }: Tables, planes: YcbcrPlanes, into: Bytes): void {
  const { width, height, y, u, v, alpha, chromaStep, shiftX, shiftY } = planes;
  const alphaStride = planes.alphaStride ?? width;
  const pixels = new Uint32Array(into.buffer, into.byteOffset, width * height);
  for (let row = 0, o = 0; row < height; row++) {
    const yRow = row * planes.yStride;
    const cRow = (row >> shiftY) * planes.chromaStride;
    const aRow = row * alphaStride;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let x = 0; x < width; x++, o++) {
      // With chroma at half the width, every other pixel has that of the one before.
      if (shiftX === 0 || (x & 1) === 0) {
        const c = cRow + (x >> shiftX) * chromaStep;
        const cu = u[c] as number;
        const cv = v[c] as number;
        red = redOfV[cv] as number;
        green = (greenOfU[cu] as number) + (greenOfV[cv] as number);
        blue = blueOfU[cu] as number;
      }
      const luma = ofY[y[yRow + x] as number] as number;
      pixels[o] =
        (CLAMP[(luma + red) >> BITS] as number) |
        ((CLAMP[(luma + green) >> BITS] as number) << 8) |
        ((CLAMP[(luma + blue) >> BITS] as number) << 16) |
        ((alpha === undefined ? 255 : (alpha[aRow + x] as number)) << 24);
    }
  }
}
