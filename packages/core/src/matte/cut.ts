import type { Pass, Plan } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture, uncleared } from '../picture/picture.ts';
import { type ColorField, createRowColors, planColorField, type RowColors, solveRun } from './foreground.ts';
import { planRefineMatte } from './refine.ts';
import { findRunEnd, toWords } from './runs.ts';

/**
 * The subject alone: straight RGBA in the picture's size, alpha the refined matte times the picture's own alpha, colours
 * those of the subject without what shone through from behind. Where alpha is 0 the colour is 0 too. It depends on
 * picture and matte only, so a studio computes it once and composites it again for every slider.
 */
export function planCut(picture: Picture, matte: Matte, allocate: Allocate): Plan<Picture> {
  const refined = planRefineMatte(picture, matte, allocate);
  const cut = planCutAlong(picture, refined.result, allocate);
  return { passes: [...refined.passes, ...cut.passes], result: cut.result };
}

/** {@link planCut} for a matte that has the picture's size already and is taken as it is. */
export function planCutAlong(picture: Picture, alpha: Matte, allocate: Allocate): Plan<Picture> {
  const { width, height, colorSpace } = picture;
  const colors = planColorField(picture, alpha, allocate);
  const result = createPicture(width, height, { colorSpace, allocate: uncleared(allocate) });
  const pass: Pass = {
    name: 'cut',
    rows: height,
    run: (from, to) => {
      const row = createRowColors(colors.field);
      const words = { alpha: toWords(alpha.data), picture: toWords(picture.data), result: toWords(result.data) };
      for (let y = from; y < to; y++) cutRow(picture, alpha, words, colors.field, row, y, result);
    },
  };
  return { passes: [...colors.passes, pass], result };
}

/** What {@link toWords} gives for each. */
interface Words {
  readonly alpha: Int32Array | undefined;
  readonly picture: Int32Array | undefined;
  readonly result: Int32Array | undefined;
}

function cutRow(
  picture: Picture,
  alpha: Matte,
  words: Words,
  field: ColorField,
  row: RowColors,
  y: number,
  result: Picture,
): void {
  const { width, data } = picture;
  const base = y * width;
  const end = base + width;
  row.next = 0;
  for (let i = base; i < end; ) {
    const value = alpha.data[i] as number;
    if (value === 0) {
      const start = i;
      i = findRunEnd(alpha.data, words.alpha, i, end, 0);
      // Shared memory is filled an element at a time.
      if (words.result === undefined) result.data.fill(0, start * 4, i * 4);
      else words.result.fill(0, start, i);
    } else if (value === 255) {
      const start = i;
      i = findRunEnd(alpha.data, words.alpha, i, end, 255);
      result.data.set(data.subarray(start * 4, i * 4), start * 4);
      if (isOpaque(words.picture, start, i)) continue;
      for (let k = start * 4 + 3; k < i * 4; k += 4) if (data[k] === 0) clearColor(result, k >> 2);
    } else {
      const start = i;
      i = base + solveRun(picture, alpha, field, row, i - base, y, result);
      for (let k = start; k < i; k++) {
        const value = alpha.data[k] as number;
        const own = data[k * 4 + 3] as number;
        const both = own === 255 ? value : Math.round((value * own) / 255);
        result.data[k * 4 + 3] = both;
        if (both === 0) clearColor(result, k);
      }
    }
  }
}

/** The bits of alpha in a pixel's word. */
const ALPHA_BITS = new Int32Array(Uint8Array.of(0, 0, 0, 255).buffer)[0] as number;

function isOpaque(pixels: Int32Array | undefined, start: number, end: number): boolean {
  if (pixels === undefined) return false;
  let common = ALPHA_BITS;
  for (let i = start; i < end; i++) common &= pixels[i] as number;
  return common === ALPHA_BITS;
}

function clearColor(picture: Picture, pixel: number): void {
  picture.data.fill(0, pixel * 4, pixel * 4 + 3);
}
