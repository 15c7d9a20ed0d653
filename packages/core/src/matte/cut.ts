import type { Pass, Plan } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture } from '../picture/picture.ts';
import { type ColorField, planColorField, solvePixel } from './foreground.ts';
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
      for (let y = from; y < to; y++) cutRow(picture, alpha, colors.field, result, y);
    },
  };
  return { passes: [...colors.passes, pass], result };
}

function cutRow(picture: Picture, alpha: Matte, field: ColorField, result: Picture, y: number): void {
  const { width, data } = picture;
  const scratch = new Float64Array(6);
  const base = y * width;
  for (let x = 0; x < width; ) {
    const value = alpha.data[base + x] as number;
    if (value !== 0 && value !== 255) {
      solvePixel(picture, field, x, y, value, scratch, result.data);
      result.data[(base + x) * 4 + 3] = value;
      x++;
      continue;
    }
    const start = x;
    while (x < width && alpha.data[base + x] === value) x++;
    if (value === 255) result.data.set(data.subarray((base + start) * 4, (base + x) * 4), (base + start) * 4);
    else result.data.fill(0, (base + start) * 4, (base + x) * 4);
  }
  multiplyOwnAlpha(picture, alpha, result, y);
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
