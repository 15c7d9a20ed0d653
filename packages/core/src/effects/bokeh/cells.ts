import type { Pass, Plan } from '../../async/plan.ts';
import type { ThreadCache } from '../../async/thread-cache.ts';
import { toWords } from '../../matte/runs.ts';
import { CLEAN, MIXED, SOLID } from './figures.ts';
import { type Frame, type Subject, shareAt, sizeAt } from './frame.ts';
import { createWidener, type Widener } from './widen.ts';

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
export function planCells(frame: Frame, cache?: ThreadCache): Plan<Cells> {
  const { picture, subject, allocate } = frame;
  const { width, height } = sizeAt(frame, 1);
  const plane = () => new Uint8Array(allocate(width * height, 'anything'), 0, width * height);
  const [most, least, cover, weights, active] = [plane(), plane(), plane(), plane(), plane()];
  const table = createWeightTable();
  const words = { subject: toPixelWords(subject), picture: toWords(picture.data) };
  let widener: Widener | undefined;

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
          if (words.subject !== undefined && words.picture !== undefined) {
            // All subject or none of it, and opaque: most of all pictures.
            const at = [top + left, top + right, bottom + left, bottom + right] as const;
            const share = commonShare(words.subject, words.picture, ...at);
            if (share >= 0) {
              cover[i] = most[i] = least[i] = share;
              continue;
            }
          }
          const a = shareAt(subject, picture, top + left);
          const b = shareAt(subject, picture, top + right);
          const c = shareAt(subject, picture, bottom + left);
          const d = shareAt(subject, picture, bottom + right);
          cover[i] = (a + b + c + d + 2) >> 2;
          most[i] = Math.max(a, b, c, d);
          least[i] = Math.min(a, b, c, d);
        }
      }
    },
  };
  const widen: Pass = {
    name: 'bokeh-weights',
    rows: height,
    run(from, to) {
      // Made on the thread that runs the pass, and kept for its other bands.
      widener ??= createWidener(width, cache);
      for (let y = from; y < to; y++) {
        const rows = [Math.max(y - 1, 0), y, Math.min(y + 1, height - 1)].map((row) => row * width);
        const { high, low } = widener.widen(most, least, rows);
        for (let x = 0, i = y * width; x < width; x++, i++) {
          weights[i] = table[high[x] as number] as number;
          active[i] = (low[x] as number) < SOLID ? 1 : 0;
        }
      }
    },
  };
  return { passes: [read, widen], result: { weights, active, cover } };
}

/** The pixels of a subject that was cut out, alpha in the highest byte. */
function toPixelWords({ alpha, step }: Subject): Int32Array | undefined {
  return step === 4 ? toWords(alpha) : undefined;
}

/** The subject's share of four pixels that are opaque and all subject, or none of it; else -1. */
function commonShare(subject: Int32Array, picture: Int32Array, a: number, b: number, c: number, d: number): number {
  const whole = (picture[a] as number) & (picture[b] as number) & (picture[c] as number) & (picture[d] as number);
  if (whole >>> 24 !== 255) return -1;
  const [one, two] = [subject[a] as number, subject[b] as number];
  const [three, four] = [subject[c] as number, subject[d] as number];
  if ((one & two & three & four) >>> 24 === 255) return 255;
  return (one | two | three | four) >>> 24 === 0 ? 0 : -1;
}

/** How far each share of the subject lets light enter the blur, 0..255. */
export function createWeightTable(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, share) =>
    Math.round(255 * Math.max(0, Math.min(1, (MIXED - share) / (MIXED - CLEAN)))),
  );
}
