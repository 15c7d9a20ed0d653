import type { Pass, Plan } from '../../async/plan.ts';
import { findRunEnd, toWords } from '../../matte/runs.ts';
import { CLEAN, MIXED, SOLID } from './figures.ts';
import { type Frame, sizeAt } from './frame.ts';

/** What is known of each 2×2 cell of the picture (level 1): subject or background. */
export interface Cells {
  /** How far the cell's light may enter the blur, 0..255: 0 where there is subject in or beside the cell. */
  readonly weights: Uint8Array;
  /** 1 where background is to be seen in or beside the cell, so that its blur is needed; else 0. */
  readonly active: Uint8Array;
  /** Mean share of the subject, 0..255. */
  readonly cover: Uint8Array;
}

/** Subject and background by 2×2 cells. What is needed later of the full-size alpha but its soft edges. */
export function planCells(frame: Frame): Plan<Cells> {
  const { picture, cut, allocate } = frame;
  const { width, height } = sizeAt(frame, 1);
  const plane = () => new Uint8Array(allocate(width * height, 'anything'), 0, width * height);
  const [most, least, cover, weights, active] = [plane(), plane(), plane(), plane(), plane()];
  const table = createWeightTable();
  const words = { cut: toWords(cut.data), picture: toWords(picture.data) };

  const read: Pass = {
    name: 'bokeh-cells',
    rows: height,
    run(from, to) {
      for (let y = from; y < to; y++) {
        const top = y * 2 * picture.width;
        const bottom = Math.min(y * 2 + 1, picture.height - 1) * picture.width;
        for (let x = 0, i = y * width; x < width; x++, i++) {
          const left = x * 2;
          const right = Math.min(left + 1, picture.width - 1);
          if (words.cut !== undefined && words.picture !== undefined) {
            // All subject or none of it, and opaque: most of all pictures.
            const share = commonShare(words.cut, words.picture, top + left, top + right, bottom + left, bottom + right);
            if (share >= 0) {
              cover[i] = most[i] = least[i] = share;
              continue;
            }
          }
          const a = shareAt(cut.data, picture.data, (top + left) * 4);
          const b = shareAt(cut.data, picture.data, (top + right) * 4);
          const c = shareAt(cut.data, picture.data, (bottom + left) * 4);
          const d = shareAt(cut.data, picture.data, (bottom + right) * 4);
          cover[i] = (a + b + c + d + 2) >> 2;
          most[i] = Math.max(a, b, c, d);
          least[i] = Math.min(a, b, c, d);
        }
      }
    },
  };
  const [mostWords, leastWords] = [toWords(most), toWords(least)];

  function widenCells(from: number, to: number, above: number, middle: number, below: number): void {
    for (let x = from; x < to; x++) {
      const left = x === 0 ? 0 : x - 1;
      const right = x === width - 1 ? x : x + 1;
      const high = (at: number): number => columnMax(most, above + at, middle + at, below + at);
      const low = (at: number): number => columnMin(least, above + at, middle + at, below + at);
      weights[middle + x] = table[maxOf(high(left), high(x), high(right))] as number;
      active[middle + x] = minOf(low(left), low(x), low(right)) < SOLID ? 1 : 0;
    }
  }

  const widen: Pass = {
    name: 'bokeh-weights',
    rows: height,
    run(from, to) {
      for (let y = from; y < to; y++) {
        const above = Math.max(y - 1, 0) * width;
        const below = Math.min(y + 1, height - 1) * width;
        const middle = y * width;
        for (let x = 0; x < width; ) {
          const same = most[middle + x] === 0 ? 0 : 255;
          const [plane, words] = same === 0 ? [most, mostWords] : [least, leastWords];
          const runEnd = (row: number): number => findRunEnd(plane, words, row + x, row + width, same) - row;
          const end = Math.min(runEnd(middle), runEnd(above), runEnd(below));
          // All cells around those between the ends of the run are the same as they are.
          const [from, to] = [x === 0 ? 0 : x + 1, end === width ? width : end - 1];
          if (from >= to) {
            widenCells(x, x + 1, above, middle, below);
            x++;
            continue;
          }
          widenCells(x, from, above, middle, below);
          weights.fill(table[same] as number, middle + from, middle + to);
          active.fill(same < SOLID ? 1 : 0, middle + from, middle + to);
          x = to;
        }
      }
    },
  };
  return { passes: [read, widen], result: { weights, active, cover } };
}

/** The subject's share of four pixels that are opaque and all subject, or none of it; else -1. */
function commonShare(cut: Int32Array, picture: Int32Array, a: number, b: number, c: number, d: number): number {
  const whole = (picture[a] as number) & (picture[b] as number) & (picture[c] as number) & (picture[d] as number);
  if (whole >>> 24 !== 255) return -1;
  const [first, second, third, fourth] = [cut[a] as number, cut[b] as number, cut[c] as number, cut[d] as number];
  if ((first & second & third & fourth) >>> 24 === 255) return 255;
  return (first | second | third | fourth) >>> 24 === 0 ? 0 : -1;
}

/** The subject's share of a pixel, 0..255, whatever the picture's own alpha. */
export function shareAt(cut: ArrayLike<number>, picture: ArrayLike<number>, at: number): number {
  const alpha = cut[at + 3] as number;
  const whole = picture[at + 3] as number;
  if (whole === 255 || alpha === 0) return alpha;
  return alpha >= whole ? 255 : ((alpha * 255) / whole + 0.5) | 0;
}

/** How far each share of the subject lets light enter the blur, 0..255. */
export function createWeightTable(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, share) =>
    Math.round(255 * Math.max(0, Math.min(1, (MIXED - share) / (MIXED - CLEAN)))),
  );
}

function columnMax(plane: Uint8Array, a: number, b: number, c: number): number {
  return maxOf(plane[a] as number, plane[b] as number, plane[c] as number);
}

function columnMin(plane: Uint8Array, a: number, b: number, c: number): number {
  return minOf(plane[a] as number, plane[b] as number, plane[c] as number);
}

function maxOf(a: number, b: number, c: number): number {
  const most = a > b ? a : b;
  return most > c ? most : c;
}

function minOf(a: number, b: number, c: number): number {
  const least = a < b ? a : b;
  return least < c ? least : c;
}
