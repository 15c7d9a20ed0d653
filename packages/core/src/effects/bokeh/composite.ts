import type { Pass } from '../../async/plan.ts';
import type { Picture } from '../../picture/picture.ts';
import { type Blur, FULL } from './blur.ts';
import { SOLID, shareAt } from './cells.ts';
import { mixRows } from './doubling.ts';
import { type Frame, sizeAt } from './frame.ts';

/**
 * Puts the sharp subject before the blurred background, quantised here for the first and only time. Subject and
 * what is not blurred are the picture's own bytes; everything else is dithered.
 *
 * Soft edges are mixed in sRGB values, not in linear light: that is how a matte's alpha is defined.
 */
export function planComposite(frame: Frame, blur: Blur, target: Picture): Pass {
  const { picture, cut } = frame;
  const { width, height } = picture;
  const half = sizeAt(frame, 1);
  const solid = createSolidTable();

  return {
    name: 'bokeh-composite',
    rows: height,
    run(from, to) {
      const source = picture.data;
      const subject = cut.data;
      const { data } = target;
      // Four numbers a cell, 4096 to a byte's step once the columns are mixed too; a margin of one cell on either side.
      const line = new Int32Array((half.width + 2) * 4);
      for (let y = from; y < to; y++) {
        mixRows(blur.data, half, y, line);
        for (let x = 0, o = y * width * 4; x < width; x++, o += 4) {
          const i = ((x >> 1) + 1) * 4;
          const j = (x & 1) === 0 ? i - 4 : i + 4;
          const blend = 3 * (line[i + 3] as number) + (line[j + 3] as number);
          const alpha = subject[o + 3] as number;
          const share = alpha === 0 ? 0 : shareAt(subject, source, o);
          data[o + 3] = source[o + 3] as number;
          if (share >= SOLID || blend === 0) {
            data[o] = source[o] as number;
            data[o + 1] = source[o + 1] as number;
            data[o + 2] = source[o + 2] as number;
            continue;
          }
          const dither = (Math.imul(x, DITHER_X) + Math.imul(y, DITHER_Y)) >>> 20;
          let r = 3 * (line[i] as number) + (line[j] as number);
          let g = 3 * (line[i + 1] as number) + (line[j + 1] as number);
          let b = 3 * (line[i + 2] as number) + (line[j + 2] as number);
          const front = solid[share] as number;
          if (front > 0) {
            r += ((subject[o] as number) * ONE - r) * front;
            g += ((subject[o + 1] as number) * ONE - g) * front;
            b += ((subject[o + 2] as number) * ONE - b) * front;
          }
          if (blend < WHOLE) {
            const sharp = 1 - blend / WHOLE;
            r += ((source[o] as number) * ONE - r) * sharp;
            g += ((source[o + 1] as number) * ONE - g) * sharp;
            b += ((source[o + 2] as number) * ONE - b) * sharp;
          }
          data[o] = (r + dither) >> 12;
          data[o + 1] = (g + dither) >> 12;
          data[o + 2] = (b + dither) >> 12;
        }
      }
    },
  };
}

// A byte's step and a whole blend in the sums of four times four shares, of which the blur has 256 each.
const ONE = 4096;
const WHOLE = FULL * 16;
// Dither of 0..4095, evenly spread over any few pixels: the R2 sequence (Roberts 2018) in whole numbers.
const DITHER_X = 0xc13fa9a9;
const DITHER_Y = 0x91e10da5;

/** Share of the subject's colour for each share of the subject, 0..1: full from {@link SOLID} on, none at first. */
function createSolidTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, share) => Math.max(0, Math.min(1, (share - 5) / (SOLID - 5))));
}
