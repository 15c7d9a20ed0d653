import type { Pass, Plan } from '../../async/plan.ts';
import type { Matte } from '../../picture/matte.ts';
import type { Allocate, Picture } from '../../picture/picture.ts';
import { createField, type Field, planCoverage, toGrid } from './field.ts';
import { planGaussian } from './gaussian.ts';

const CELLS = 384;
/** Cells below this coverage are specks. */
const SOLID = 0.5;
/** The part of the subject, from its lowest row up, that darkens the ground, as a share of its height. */
const FEET = 0.09;
/** Standard deviations of the dark spot, as shares of the subject's height: flat, as seen at a slant. */
const ACROSS = 0.04;
const DOWN = 0.012;
/** Free rows below the subject, as a share of the picture, from which on its feet are surely to be seen. */
const FREE = 0.02;

/** How dark the ground is beneath the subject's feet, 0..1: nothing where the lower border cuts the subject off. */
export function planContact(alpha: Matte, picture: Picture, allocate: Allocate): Plan<Field> {
  const grid = toGrid(picture, CELLS);
  const coverage = planCoverage(alpha, grid, allocate);
  const feet = createField(grid, allocate);
  const find: Pass = { name: 'feet', rows: 1, run: () => keepFeet(coverage.result, feet) };
  const side = Math.max(grid.width, grid.height);
  const blur = planGaussian(feet, ACROSS * side * 0.6, DOWN * side * 0.6, allocate);
  return { passes: [...coverage.passes, find, ...blur.passes], result: blur.result };
}

function keepFeet({ width, height, data }: Field, feet: Field): void {
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[y * width + x] as number) < SOLID) continue;
      if (top < 0) top = y;
      bottom = y;
      break;
    }
  }
  feet.data.fill(0);
  if (top < 0) return;
  const free = (height - 1 - bottom) / height;
  const seen = Math.min(1, free / FREE);
  const reach = Math.max(1, FEET * (bottom - top + 1));
  // The spot lies around the lowest row: half of it would be hidden, so it counts twice.
  for (let y = Math.max(0, Math.floor(bottom - reach)); y <= bottom; y++) {
    const share = 1.6 * seen * Math.max(0, 1 - (bottom - y) / reach);
    const to = Math.min(height - 1, y + Math.round((bottom - y) * 0.5) + 1) * width;
    for (let x = 0; x < width; x++) {
      const dark = share * (data[y * width + x] as number);
      if (dark > (feet.data[to + x] as number)) feet.data[to + x] = Math.min(1, dark);
    }
  }
}
