import type { Pass, Plan } from '../../async/plan.ts';
import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { toWords } from '../../matte/runs.ts';
import type { Picture } from '../../picture/picture.ts';
import { type CellSharer, createCellSharer } from './cell-shares.ts';
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
export function planCells(frame: Frame, cache: ThreadCache = createThreadCache(0)): Plan<Cells> {
  const { picture, subject, allocate } = frame;
  const { width, height } = sizeAt(frame, 1);
  const plane = () => new Uint8Array(allocate(width * height, 'anything'), 0, width * height);
  const [most, least, cover, weights, active] = [plane(), plane(), plane(), plane(), plane()];
  const words = { subject: toPixelWords(subject), picture: toWords(picture.data) };
  let widener: Widener | undefined;

  let sharer: CellSharer | undefined;

  /** One cell, by each of its four pixels. */
  function readCell(x: number, y: number): void {
    const top = y * 2 * picture.width;
    const bottom = Math.min(y * 2 + 1, picture.height - 1) * picture.width;
    const left = x * 2;
    const right = Math.min(left + 1, picture.width - 1);
    const i = y * width + x;
    if (words.subject !== undefined && words.picture !== undefined) {
      // All subject or none of it, and opaque: most of all pictures.
      const at = [top + left, top + right, bottom + left, bottom + right] as const;
      const share = commonShare(words.subject, words.picture, ...at);
      if (share >= 0) {
        cover[i] = most[i] = least[i] = share;
        return;
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

  /** A row from a plane of alpha, as if all were opaque; then those cells again of which that is not known. */
  function readRow(y: number): void {
    sharer ??= cache.take(`cell sharer ${picture.width}`, () => createCellSharer(picture.width, cache));
    const bottom = Math.min(y * 2 + 1, picture.height - 1);
    const row = sharer.share(subject.alpha, y * 2 * picture.width, bottom * picture.width);
    cover.set(row.cover, y * width);
    most.set(row.most, y * width);
    least.set(row.least, y * width);
    for (let x = 0; x < width; x++) {
      if (row.most[x] === 0 || row.least[x] === 255) continue;
      if (!isOpaque(picture, x * 2, y * 2)) readCell(x, y);
    }
  }

  const read: Pass = {
    name: 'bokeh-cells',
    rows: height,
    run(from, to) {
      for (let y = from; y < to; y++) {
        if (subject.step === 1) readRow(y);
        else for (let x = 0; x < width; x++) readCell(x, y);
      }
    },
  };
  const widen: Pass = {
    name: 'bokeh-weights',
    rows: height,
    run(from, to) {
      // Made on the thread that runs the pass, and kept for its other bands.
      widener ??= cache.take(`widener ${width}`, () => createWidener(width, cache));
      for (let y = from; y < to; y++) {
        const rows = [Math.max(y - 1, 0), y, Math.min(y + 1, height - 1)].map((row) => row * width);
        const widened = widener.widen(most, least, rows);
        weights.set(widened.weights, y * width);
        active.set(widened.active, y * width);
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

/** Whether none of the 2×2 pixels from a place on is transparent. */
function isOpaque({ data, width, height }: Picture, x: number, y: number): boolean {
  const right = Math.min(x + 1, width - 1);
  const bottom = Math.min(y + 1, height - 1);
  const alphaAt = (column: number, row: number): number => data[(row * width + column) * 4 + 3] as number;
  return (alphaAt(x, y) & alphaAt(right, y) & alphaAt(x, bottom) & alphaAt(right, bottom)) === 255;
}
