import type { Plan } from '../../async/plan.ts';
import type { Matte } from '../../picture/matte.ts';
import type { Allocate } from '../../picture/picture.ts';
import { type Field, planCoverage, toGrid } from './field.ts';
import { planGaussian } from './gaussian.ts';

/** Cells of the grid for each standard deviation. */
const CELLS_A_SIGMA = 4;

/** The alpha, 0..1, blurred by a Gaussian of this standard deviation, as a share of the picture's longer side. */
export function planSoftCoverage(
  picture: { readonly width: number; readonly height: number },
  alpha: Matte,
  { sigma, mostCells }: { readonly sigma: number; readonly mostCells: number },
  allocate: Allocate,
): Plan<Field> {
  const grid = toGrid(picture, Math.min(mostCells, CELLS_A_SIGMA / sigma));
  const coverage = planCoverage(alpha, grid, allocate);
  const cells = sigma * Math.max(grid.width, grid.height);
  const blur = planGaussian(coverage.result, cells, cells, allocate);
  return { passes: [...coverage.passes, ...blur.passes], result: blur.result };
}
