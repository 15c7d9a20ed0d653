import type { Picture } from '@focal/core';
import { encodeFactors, type YcbcrSpace } from './ycbcr.ts';

/** Values of a frame with chroma in full size, with or without alpha. */
export function i444p10Length(width: number, height: number, hasAlpha: boolean): number {
  return width * height * (hasAlpha ? 4 : 3);
}

/** Converts pictures to planes of 10-bit luma, chroma and, where asked for, alpha, one after the other without gaps. */
export function createFromRgba444(space: YcbcrSpace): (picture: Picture, into: Uint16Array, hasAlpha: boolean) => void {
  const { y, u, v, lumaOffset } = encodeFactors(space);
  return ({ data, width, height }, into, hasAlpha) => {
    const count = width * height;
    for (let p = 0, i = 0; p < count; p++, i += 4) {
      const red = data[i] as number;
      const green = data[i + 1] as number;
      const blue = data[i + 2] as number;
      into[p] = (y[0] * red + y[1] * green + y[2] * blue + lumaOffset) * 4 + 0.5;
      into[count + p] = (u[0] * red + u[1] * green + u[2] * blue + 128) * 4 + 0.5;
      into[2 * count + p] = (v[0] * red + v[1] * green + v[2] * blue + 128) * 4 + 0.5;
      // 255 is fully opaque in 8 bits, 1023 in 10.
      if (hasAlpha) into[3 * count + p] = ((data[i + 3] as number) * 1023) / 255 + 0.5;
    }
  };
}
