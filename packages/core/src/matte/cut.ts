import type { Pass, Plan } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture } from '../picture/picture.ts';
import { type ColorField, createRowColors, planColorField, type RowColors, solvePixel } from './foreground.ts';
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
  const result = createPicture(width, height, { colorSpace, allocate });
  const pass: Pass = {
    name: 'cut',
    rows: height,
    run: (from, to) => {
      const row = createRowColors(colors.field);
      for (let y = from; y < to; y++) cutRow(picture, alpha, colors.field, row, y, result);
    },
  };
  return { passes: [...colors.passes, pass], result };
}

function cutRow(picture: Picture, alpha: Matte, field: ColorField, row: RowColors, y: number, result: Picture): void {
  const { width, data } = picture;
  const words = toWords(alpha.data);
  const base = y * width;
  const end = base + width;
  row.next = 0;
  for (let i = base; i < end; ) {
    const value = alpha.data[i] as number;
    if (value === 0) {
      i = findRunEnd(alpha.data, words, i, end, 0);
    } else if (value === 255) {
      const start = i;
      i = findRunEnd(alpha.data, words, i, end, 255);
      result.data.set(data.subarray(start * 4, i * 4), start * 4);
      for (let k = start * 4 + 3; k < i * 4; k += 4) if (data[k] === 0) clearColor(result, k >> 2);
    } else {
      solvePixel(picture, field, row, i - base, y, value, result);
      const own = data[i * 4 + 3] as number;
      const both = own === 255 ? value : Math.round((value * own) / 255);
      result.data[i * 4 + 3] = both;
      if (both === 0) clearColor(result, i);
      i++;
    }
  }
}

function clearColor(picture: Picture, pixel: number): void {
  picture.data.fill(0, pixel * 4, pixel * 4 + 3);
}
