import type { Pass } from '../../async/plan.ts';
import type { Picture } from '../../picture/picture.ts';
import { type Blur, FULL } from './blur.ts';
import { SOLID, shareAt } from './cells.ts';
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
      const line = new Int32Array(half.width * 4);
      for (let y = from; y < to; y++) {
        const near = (y >> 1) * half.width * 4;
        const next = Math.max(0, Math.min(half.height - 1, (y & 1) === 0 ? (y >> 1) - 1 : (y >> 1) + 1));
        const beside = next * half.width * 4;
        for (let i = 0; i < line.length; i++) {
          line[i] = 3 * (blur.data[near + i] as number) + (blur.data[beside + i] as number);
        }
        for (let x = 0, o = y * width * 4; x < width; x++, o += 4) {
          const share = shareAt(subject, source, o);
          const i = (x >> 1) * 4;
          const j = Math.max(0, Math.min(half.width - 1, (x & 1) === 0 ? (x >> 1) - 1 : (x >> 1) + 1)) * 4;
          const blend = 3 * (line[i + 3] as number) + (line[j + 3] as number);
          data[o + 3] = source[o + 3] as number;
          if (share >= SOLID || blend === 0) {
            data[o] = source[o] as number;
            data[o + 1] = source[o + 1] as number;
            data[o + 2] = source[o + 2] as number;
            continue;
          }
          const front = solid[share] as number;
          const dither = ditherAt(x, y);
          for (let c = 0; c < 3; c++) {
            let value = 3 * (line[i + c] as number) + (line[j + c] as number);
            if (front > 0) value += ((subject[o + c] as number) * 4096 - value) * front;
            if (blend < FULL * 16) {
              const sharp = (source[o + c] as number) * 4096;
              value = sharp + (value - sharp) * (blend / (FULL * 16));
            }
            data[o + c] = (value + dither) >> 12;
          }
        }
      }
    },
  };
}

/** Share of the subject's colour for each share of the subject, 0..1: full from {@link SOLID} on, none at first. */
function createSolidTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, share) => Math.max(0, Math.min(1, (share - 5) / (SOLID - 5))));
}

/** 0..4095, evenly spread over any few pixels: the R2 sequence (Roberts 2018) in whole numbers. */
function ditherAt(x: number, y: number): number {
  return (Math.imul(x, 0xc13fa9a9) + Math.imul(y, 0x91e10da5)) >>> 20;
}
