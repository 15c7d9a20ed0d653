import type { Pass, Plan } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture } from '../picture/picture.ts';
import { mixLength, planColorField, solveRow } from './foreground.ts';
import { planRefineMatte } from './refine.ts';

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
      const scratch = new Float32Array(mixLength(colors.field));
      for (let y = from; y < to; y++) {
        copyRow(picture, alpha, result, y);
        solveRow(picture, alpha, colors.field, y, scratch, result);
        multiplyOwnAlpha(picture, alpha, result, y);
      }
    },
  };
  return { passes: [...colors.passes, pass], result };
}

/** Copies the pixels that are the subject's alone, and sets alpha. */
function copyRow(picture: Picture, alpha: Matte, result: Picture, y: number): void {
  const { width, data } = picture;
  const end = (y + 1) * width;
  for (let i = y * width; i < end; ) {
    const value = alpha.data[i] as number;
    const start = i++;
    if (value === 255) {
      while (i < end && alpha.data[i] === 255) i++;
      result.data.set(data.subarray(start * 4, i * 4), start * 4);
    } else if (value !== 0) result.data[start * 4 + 3] = value;
  }
}

/** Takes the picture's own transparency into the row. */
function multiplyOwnAlpha(picture: Picture, matte: Matte, result: Picture, y: number): void {
  const { width, data } = picture;
  for (let i = y * width, o = i * 4; i < (y + 1) * width; i++, o += 4) {
    const own = data[o + 3] as number;
    if (own === 255) continue;
    const alpha = Math.round(((matte.data[i] as number) * own) / 255);
    result.data[o + 3] = alpha;
    if (alpha === 0) result.data[o] = result.data[o + 1] = result.data[o + 2] = 0;
  }
}
