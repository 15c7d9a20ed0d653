// Dither of 0..4095, evenly spread over any few pixels: the R2 sequence (Roberts 2018) in whole numbers.

/** How much a column and a row add, in steps of 2⁻³². */
export const DITHER_X = 0xc13fa9a9;
export const DITHER_Y = 0x91e10da5;

/** The dither of a pixel, 0..4095: to be added to values of 4096 to a byte's step before they are cut off. */
export function ditherAt(x: number, y: number): number {
  return (Math.imul(x, DITHER_X) + Math.imul(y, DITHER_Y)) >>> 20;
}
