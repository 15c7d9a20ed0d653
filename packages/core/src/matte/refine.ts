import type { Plan } from '../async/plan.ts';
import type { Matte } from '../picture/matte.ts';
import type { Allocate, Picture } from '../picture/picture.ts';
import { planResizeMatte } from '../picture/resize.ts';

/**
 * The matte brought to the picture's full size along the picture's own edges. Where it is certain (all subject, all
 * background) it stays so.
 */
export function planRefineMatte(picture: Picture, matte: Matte, allocate: Allocate): Plan<Matte> {
  return planResizeMatte(matte, picture.width, picture.height, { filter: 'bicubic', allocate });
}
