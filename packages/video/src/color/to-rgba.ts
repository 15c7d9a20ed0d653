import type { Bytes } from '@focal/core';
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

/**
 * Converts frames of one space to RGBA, whose bytes begin at a multiple of four: integer arithmetic, the same bytes
 * everywhere. Some 5 ms a megapixel.
 */
export function createToRgba(space: YcbcrSpace): (planes: YcbcrPlanes, into: Bytes) => void {
  const tables = createTables(space);
  return (planes, into) => convert(tables, planes, into);
}

function createTables(space: YcbcrSpace): Tables {
  const factors = decodeFactors(space);
  const half = 1 << (BITS - 1);
  const table = (factor: number, offset: number, add = 0) =>
    Int32Array.from({ length: 256 }, (_, i) => Math.round((i - offset) * factor * (1 << BITS)) + add);
  return {
    // What is added keeps indices of the clamp positive and rounds.
    y: table(factors.luma, factors.lumaOffset, (BEYOND << BITS) + half),
    redOfV: table(factors.redOfV, 128),
    greenOfU: table(factors.greenOfU, 128),
    greenOfV: table(factors.greenOfV, 128),
    blueOfU: table(factors.blueOfU, 128),
  };
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
