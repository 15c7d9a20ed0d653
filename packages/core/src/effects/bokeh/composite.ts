import type { Pass } from '../../async/plan.ts';
import type { ThreadCache } from '../../async/thread-cache.ts';
import { ditherAt } from '../../filters/dither.ts';
import { findRunEnd, toWords } from '../../matte/runs.ts';
import type { Picture } from '../../picture/picture.ts';
import type { Blur } from './blur.ts';
import type { Cells } from './cells.ts';
import { type Doubler, keepDoubler } from './doubling.ts';
import { CLEAN, FULL, SOLID } from './figures.ts';
import { type Frame, shareAt, sizeAt } from './frame.ts';

// A byte's step, and a whole blend, in sums of four times four shares of the blur, which has 256 of each.
const ONE = 4096;
const WHOLE = FULL * 16;

/**
 * Puts the sharp subject before the blurred background, quantised here for the first and only time. Subject and what is
 * not blurred are the picture's own bytes; everything else is dithered. The target may be the picture itself.
 *
 * Soft edges are mixed in sRGB values, not in linear light: that is how a matte's alpha is defined.
 */
export function planComposite(frame: Frame, cells: Cells, blur: Blur, target: Picture, cache: ThreadCache): Pass {
  const { picture } = frame;
  const { width, height } = picture;
  const half = sizeAt(frame, 1);
  const fronts = createFrontTable();
  const { active, weights } = cells;
  const words = { active: toWords(active), weights: toWords(weights) };
  let doubler: Doubler | undefined;

  return {
    name: 'bokeh-composite',
    rows: height,
    run(from, to) {
      const { data } = target;
      // Made on the thread that runs the pass, and kept for its other bands.
      doubler ??= keepDoubler(half, cache);
      const { line } = doubler;
      for (let y = from; y < to; y++) {
        const start = y * width * 4;
        const source = picture.data.subarray(start, start + width * 4);
        if (target !== picture) data.set(source, start);
        doubler.mix(blur.data, y);
        const drawn = doubler.draw(source, y);
        const row = (y >> 1) * half.width;
        const end = row + half.width;
        for (let x = 0; x < half.width; x++) {
          x = findRunEnd(active, words.active, row + x, end, 0) - row;
          if (x === half.width) break;
          const left = x;
          // Background alone.
          x = findRunEnd(weights, words.weights, row + x, end, 255) - row;
          if (x > left) data.set(drawn.subarray(left * 8, Math.min(x * 2, width) * 4), start + left * 8);
          const mixed = x;
          while (x < half.width && active[row + x] !== 0 && weights[row + x] !== 255) x++;
          mixSubject(frame, fronts, target, line, y, mixed, x);
          x--;
        }
      }
    },
  };
}

/** Cells of a row of pixels where subject, blurred and sharp background may all have a share. */
function mixSubject(
  { picture, subject }: Frame,
  fronts: Float32Array,
  target: Picture,
  line: Int32Array,
  y: number,
  from: number,
  to: number,
): void {
  const source = picture.data;
  const colors = subject.colors.data;
  const { data, width } = target;
  for (let cell = from; cell < to; cell++) {
    const i = (cell + 1) * 4;
    const ownR = 3 * (line[i] as number);
    const ownG = 3 * (line[i + 1] as number);
    const ownB = 3 * (line[i + 2] as number);
    const ownBlend = 3 * (line[i + 3] as number);
    const end = Math.min(width, cell * 2 + 2);
    for (let x = cell * 2, j = i - 4, o = (y * width + x) * 4; x < end; x++, j += 8, o += 4) {
      const share = shareAt(subject, picture, o >> 2);
      if (share >= SOLID) continue;
      const blend = ownBlend + (line[j + 3] as number);
      if (blend === 0) continue;
      let r = ownR + (line[j] as number);
      let g = ownG + (line[j + 1] as number);
      let b = ownB + (line[j + 2] as number);
      if (share > CLEAN) {
        const front = fronts[share] as number;
        r += ((colors[o] as number) * ONE - r) * front;
        g += ((colors[o + 1] as number) * ONE - g) * front;
        b += ((colors[o + 2] as number) * ONE - b) * front;
      }
      if (blend < WHOLE) {
        const sharp = 1 - blend / WHOLE;
        r += ((source[o] as number) * ONE - r) * sharp;
        g += ((source[o + 1] as number) * ONE - g) * sharp;
        b += ((source[o + 2] as number) * ONE - b) * sharp;
      }
      const dither = ditherAt(x, y);
      data[o] = (r + dither) >> 12;
      data[o + 1] = (g + dither) >> 12;
      data[o + 2] = (b + dither) >> 12;
    }
  }
}

/** Share of the subject's colour for each share of the subject, 0..1: none up to {@link CLEAN}, full from {@link SOLID} on. */
export function createFrontTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, share) => Math.max(0, Math.min(1, (share - CLEAN) / (SOLID - CLEAN))));
}
