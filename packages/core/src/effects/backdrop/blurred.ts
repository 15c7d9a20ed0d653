import type { Pass } from '../../async/plan.ts';
import { createThreadCache } from '../../async/thread-cache.ts';
import { planResizePicture } from '../../picture/resize.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import { createField, toGrid } from '../around/field.ts';
import { planGaussian } from '../around/gaussian.ts';
import type { EffectInput } from '../effect.ts';
import { createCurve, fromLight, lookUp } from '../tone/curve.ts';
import type { Backdrop } from './backdrop.ts';
import { createCanvas, createCanvasRows } from './canvas.ts';

/** Cells of the grid for each standard deviation, and along the longer side at most. */
const CELLS_A_SIGMA = 4;
const MOST_CELLS = 1024;
/** What all of the background together weighs against what is near. */
const PRIOR = 1e-4;

/**
 * The picture without the selected, blurred in linear light. The light of the selected is taken out before, so that
 * none of it is seen around them. `sigma` is a share of the longer side.
 */
export function planBlurred(
  { picture, selection, allocate, cache = createThreadCache() }: EffectInput<unknown>,
  sigma: number,
): Backdrop {
  const cut = selection?.cut;
  const grid = toGrid(picture, Math.min(MOST_CELLS, CELLS_A_SIGMA / sigma));
  const { width, height } = grid;
  const all = planResizePicture(picture, width, height, { filter: 'area', allocate, cache });
  const front =
    cut === undefined ? undefined : planResizePicture(cut, width, height, { filter: 'area', allocate, cache });
  const planes = Array.from({ length: 4 }, () => createField(grid, allocate));
  const lights = planes.map(({ data }) => data);
  const cells = sigma * Math.max(width, height);
  const blurs = planes.map((plane) => planGaussian(plane, cells, cells, allocate));
  const mean = new Float32Array(allocate(4 * 4), 0, 4);
  const canvas = createCanvas(grid, allocate);
  const take: Pass = {
    name: 'background-light',
    rows: height,
    run(from, to) {
      const { toLinear } = createSrgbTables();
      for (let i = from * width; i < to * width; i++) {
        const alpha = all.result.data[i * 4 + 3] as number;
        const own = front?.result.data[i * 4 + 3] ?? 0;
        const weight = Math.max(0, alpha - own) / 255;
        (lights[3] as Float32Array)[i] = weight;
        for (let c = 0; c < 3; c++) {
          const rest = (all.result.data[i * 4 + c] as number) * alpha - (front?.result.data[i * 4 + c] ?? 0) * own;
          const value = weight === 0 ? 0 : rest / (weight * 255);
          const byte = value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
          (lights[c] as Float32Array)[i] = weight * (toLinear[byte] as number);
        }
      }
    },
  };
  const sum: Pass = {
    name: 'background-mean',
    rows: 4,
    run(from, to) {
      for (let c = from; c < to; c++) {
        let total = 0;
        for (const value of planes[c]?.data ?? []) total += value;
        mean[c] = total / (width * height);
      }
    },
  };
  const finish: Pass = {
    name: 'background-blur',
    rows: height,
    run(from, to) {
      // By the root of the light, whose curve is nearly straight.
      const encode = cache.take('curve of roots', () => createCurve((root) => fromLight(root * root)));
      for (let i = from * width; i < to * width; i++) {
        const weight = (blurs[3]?.result.data[i] ?? 0) + PRIOR * (mean[3] as number);
        for (let c = 0; c < 3; c++) {
          const light = (blurs[c]?.result.data[i] ?? 0) + PRIOR * (mean[c] as number);
          canvas.data[i * 3 + c] = weight > 0 ? lookUp(encode, 255 * Math.sqrt(Math.max(0, light / weight))) : 128;
        }
      }
    },
  };
  return {
    passes: [...all.passes, ...(front?.passes ?? []), take, sum, ...blurs.flatMap(({ passes }) => passes), finish],
    create: () => createCanvasRows(canvas, picture, { cache }),
  };
}
