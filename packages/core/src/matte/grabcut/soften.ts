import { guidedFilter } from '../../filters/guided.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import type { Picture } from '../../picture/picture.ts';
import { resizeMatte } from '../../picture/resize.ts';

/** Variance of the guide (0..1) below which it counts as flat. */
const EPSILON = 0.0005;
/** Slope of alpha about one half: the filter alone leaves edges too soft. */
const SLOPE = 2.5;

/** A cut made on a smaller picture as a matte of `picture`'s size, its border brought to the picture's own edges. */
export function softenCut(sides: Uint8Array, width: number, height: number, picture: Picture): Matte {
  const count = picture.width * picture.height;
  const small = createMatte(width, height, { data: sides.map((side) => (side === 1 ? 255 : 0)) });
  const rough = resizeMatte(small, picture.width, picture.height, { filter: 'bilinear' });
  const guide = new Float32Array(count * 3);
  const input = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    input[i] = (rough.data[i] as number) / 255;
    for (let c = 0; c < 3; c++) guide[i * 3 + c] = (picture.data[i * 4 + c] as number) / 255;
  }
  const radius = Math.max(1, Math.round((2.5 * picture.width) / width));
  const smooth = guidedFilter(guide, input, picture.width, picture.height, { radius, epsilon: EPSILON, subsample: 2 });
  const matte = createMatte(picture.width, picture.height);
  for (let i = 0; i < count; i++) {
    const alpha = ((smooth[i] as number) - 0.5) * SLOPE + 0.5;
    matte.data[i] = alpha <= 0 ? 0 : alpha >= 1 ? 255 : Math.round(alpha * 255);
  }
  return matte;
}
