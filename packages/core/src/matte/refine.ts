import type { Pass, Plan } from '../async/plan.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { type Allocate, type Picture, uncleared } from '../picture/picture.ts';
import { planResizeMatte } from '../picture/resize.ts';
import { createCellGrid, markNear } from './cells.ts';
import { estimateNoise } from './noise.ts';
import { applyLines, findMissing, restore } from './refine-apply.ts';
import { ACTIVE, fitRow, flagRow, meanColors, REACH } from './refine-fit.ts';

// How often what is missing from the cells' means is added back.
const ROUNDS = 1;
// The ridge of the fit, in variances of the picture's grain, and its bounds in squared byte values.
const RIDGE = 1;
const LEAST_RIDGE = 2;
const MOST_RIDGE = 60;
// Pixels of a cell up to which that holds, and how often the ridge at most for larger ones.
const FINE_CELL = 16;
const MOST_COARSE = 12;

/**
 * The matte brought to the picture's full size along the picture's own edges. [Note: matte refinement]
 *
 * Each matte value is the mean alpha of the pixels under its cell. Where subject and background have locally one colour
 * line each, alpha is a linear function of colour (Levin, Lischinski & Weiss, "A closed-form solution to natural image
 * matting", 2008; also the model of the guided filter, He, Sun & Tang 2013), and the *same* function holds between the
 * means of a cell. So it is fitted between cells, where both sides are known, by ridge regression over a small window,
 * and applied to the pixels, where only colour is. Then what is missing from each cell's mean is added back
 * (back-projection), so that reducing the result gives the matte again.
 *
 * Only cells where alpha changes are computed; what is all subject or all background comes out as exactly that.
 * Pictures that are hardly larger than their matte have nothing to gain, and get it resized. Memory beside the result:
 * 33 bytes a matte value, touched only near edges.
 */
export function planRefineMatte(picture: Picture, matte: Matte, allocate: Allocate): Plan<Matte> {
  const { width, height } = picture;
  if (width * height < matte.width * matte.height * 1.5) return planResizeMatte(matte, width, height, { allocate });
  const result = createMatte(width, height, { allocate: uncleared(allocate) });
  const grid = createCellGrid(matte.width, matte.height, width, height);
  const cells = matte.width * matte.height;
  const flags = new Uint8Array(allocate(cells, 'anything'), 0, cells);
  // Read where they were written only: of cells around the active ones, and of the active ones.
  const colors = new Float32Array(allocate(cells * 12, 'anything'), 0, cells * 3);
  const lines = new Float32Array(allocate(cells * 16, 'anything'), 0, cells * 4);
  const missing = new Float32Array(allocate(cells * 4), 0, cells);
  const ridge = new Float32Array(allocate(4), 0, 1);
  const { down } = grid;

  const passes: Pass[] = [
    { name: 'refine-noise', rows: 1, run: () => ridge.fill(toRidge(estimateNoise(picture), (width * height) / cells)) },
    { name: 'refine-flags', rows: down, run: eachRow((row) => flagRow(matte, row, flags)) },
    {
      name: 'refine-colors',
      rows: down,
      run: (from, to) => {
        const near = new Uint8Array(grid.across);
        for (let row = from; row < to; row++) {
          markNear(flags, ACTIVE, grid, row, REACH, near);
          meanColors(picture, grid, row, near, colors);
        }
      },
    },
    {
      name: 'refine-fit',
      rows: down,
      run: eachRow((row) => fitRow(matte, flags, colors, ridge[0] as number, row, lines)),
    },
    {
      name: 'refine-apply',
      rows: height,
      run: (from, to) => applyLines(picture, matte, grid, flags, lines, result, from, to),
    },
  ];
  for (let round = 0; round < ROUNDS; round++) {
    passes.push(
      {
        name: 'refine-missing',
        rows: down,
        run: eachRow((row) => findMissing(matte, grid, flags, result, row, missing)),
      },
      {
        name: 'refine-restore',
        rows: height,
        run: (from, to) => restore(matte, grid, flags, missing, result, from, to),
      },
    );
  }
  return { passes, result };
}

function eachRow(run: (row: number) => void): Pass['run'] {
  return (from, to) => {
    for (let row = from; row < to; row++) run(row);
  };
}

/** Large cells hold more than one colour line each, which acts as so much more grain. */
function toRidge(noise: number, cellPx: number): number {
  const coarse = Math.min(MOST_COARSE, Math.max(1, cellPx / FINE_CELL));
  return coarse * Math.min(MOST_RIDGE, Math.max(LEAST_RIDGE, RIDGE * noise * noise));
}
