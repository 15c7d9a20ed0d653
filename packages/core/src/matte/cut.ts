import type { Pass, Plan } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture } from '../picture/picture.ts';
import { planRefineMatte } from './refine.ts';

/**
 * The subject alone: straight RGBA in the picture's size, alpha the refined matte times the picture's own alpha, colours
 * those of the subject without what shone through from behind. Where alpha is 0 the colour is 0 too. It depends on
 * picture and matte only, so a studio computes it once and composites it again for every slider.
 */
export function planCut(picture: Picture, matte: Matte, allocate: Allocate): Plan<Picture> {
  const refined = planRefineMatte(picture, matte, allocate);
  const { width, height, colorSpace } = picture;
  const result = createPicture(width, height, { colorSpace, allocate });
  const pass: Pass = {
    name: 'cut',
    rows: height,
    run: (from, to) => {
      for (let i = from * width, o = i * 4; i < to * width; i++, o += 4) {
        const alpha = Math.round(((refined.result.data[i] as number) * (picture.data[o + 3] as number)) / 255);
        if (alpha === 0) continue;
        for (let c = 0; c < 3; c++) result.data[o + c] = picture.data[o + c] as number;
        result.data[o + 3] = alpha;
      }
    },
  };
  return { passes: [...refined.passes, pass], result };
}
