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
 * The target may be the picture itself. Puts the sharp subject before the blurred background, quantised here for the first and only time. Subject and
 * what is not blurred are the picture's own bytes; everything else is dithered.
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
  /** Of each row of cells, whether the blur takes the picture's place in all of it. */
  const fullRows: (boolean | undefined)[] = [];

  function isFull(row: number): boolean {
    const known = fullRows[row];
    if (known !== undefined) return known;
    const isFullRow = areFull(blur.data, row * half.width, half.width);
    fullRows[row] = isFullRow;
    return isFullRow;
  }

  /** Whether the blur takes the picture's place in the cells of a row of pixels, and in those that it lies towards. */
  function isBlurred(y: number): boolean {
    const row = y >> 1;
    return isFull(row) && isFull(Math.max(0, Math.min(half.height - 1, (y & 1) === 0 ? row - 1 : row + 1)));
  }

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
        const blurred = isBlurred(y);
        for (let x = 0; x < half.width; x++) {
          x = findRunEnd(active, words.active, row + x, end, 0) - row;
          if (x === half.width) break;
          const left = x;
          // Where the blur takes the picture's place all over the cells.
          if (blurred) {
            x = findRunEnd(weights, words.weights, row + x, end, 255) - row;
          } else if (isWhole(line, x - 1) && isWhole(line, x)) {
            while (x < half.width && weights[row + x] === 255 && isWhole(line, x + 1)) x++;
          }
          if (x > left) data.set(drawn.subarray(left * 8, Math.min(x * 2, width) * 4), start + left * 8);
          const mixed = x;
          if (x === left) x++;
          while (
            x < half.width &&
            active[row + x] !== 0 &&
            (weights[row + x] !== 255 || !(blurred || isWhole(line, x)))
          ) {
            x++;
          }
          mixSubject(frame, fronts, target, line, y, mixed, x);
          x--;
        }
      }
    },
  };
}

/** Whether so many cells from one on are fully blurred. */
function areFull(blur: Uint16Array, first: number, count: number): boolean {
  for (let o = first * 4 + 3; o < (first + count) * 4; o += 4) if (blur[o] !== FULL) return false;
  return true;
}

/** Whether the blur takes the picture's place all over a cell, by a doubler's line. */
function isWhole(line: Int32Array, cell: number): boolean {
  return line[cell * 4 + 7] === FULL * 4;
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
  const end = Math.min(width, to * 2);
  for (let x = from * 2, o = (y * width + x) * 4; x < end; x++, o += 4) {
    const share = shareAt(subject, picture, o >> 2);
    if (share >= SOLID) continue;
    const i = ((x >> 1) + 1) * 4;
    const j = i - 4 + ((x & 1) << 3);
    const blend = 3 * (line[i + 3] as number) + (line[j + 3] as number);
    if (blend === 0) continue;
    let r = 3 * (line[i] as number) + (line[j] as number);
    let g = 3 * (line[i + 1] as number) + (line[j + 1] as number);
    let b = 3 * (line[i + 2] as number) + (line[j + 2] as number);
    const front = fronts[share] as number;
    if (front > 0) {
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

/** Share of the subject's colour for each share of the subject, 0..1: none up to {@link CLEAN}, full from {@link SOLID} on. */
export function createFrontTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, share) => Math.max(0, Math.min(1, (share - CLEAN) / (SOLID - CLEAN))));
}
