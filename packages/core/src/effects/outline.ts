import { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import { type CoverRows, nothingToShade, shadeCovered, toPictureColor } from './around/cover.ts';
import { planDistance } from './around/distance.ts';
import { createFieldRows, type Field, NO_FIELD, planCoverage, toGrid } from './around/field.ts';
import { planGaussian } from './around/gaussian.ts';
import { type Effect, type EffectInput, takeStep } from './effect.ts';
import { colorText } from './parameters.ts';
import { planShader, type Shader } from './shade.ts';

const schema = z.object({
  width: z.number().min(0).max(0.1).default(0.01).meta({
    title: 'Width',
    description: 'How far the line reaches, as a share of the longer side: 0.01 is 1 %.',
    step: 0.001,
  }),
  color: colorText.default('#ffffff').meta({
    title: 'Colour',
    description: 'Colour of the line.',
    control: 'color',
  }),
  softness: z.number().min(0).max(1).default(0).meta({
    title: 'Softness',
    description: 'Lets the line fade out: 0 a clean edge, 1 all of it.',
    step: 0.01,
  }),
  opacity: z.number().min(0).max(1).default(1).meta({
    title: 'Opacity',
    description: 'How much of what is behind the line it hides.',
    step: 0.01,
  }),
});

/** Cells along the longer side of the grid that distances are measured on. */
const CELLS = 1280;
/** Pixels over which even a clean edge fades, so that it shows no steps. */
const EDGE_PX = 1.4;
/** How far the subject's outline is smoothed before, as a share of the width, so that the line runs in calm curves. */
const ROUNDED = 0.25;

type Params = z.output<typeof schema>;

/** A line around the subject, as around a sticker. */
export const outline: Effect<typeof schema> = {
  name: 'outline',
  title: 'Outline',
  description: 'Draws a line around the subject, as around a sticker.',
  schema,
  needs: ['matte'],
  assets: [],
  on: 'main',
  takes: 'cut',
  paintsBehind: true,
  steps: [{ name: 'distance', by: ['width'], of: 'selection', plan: planAway }],
  plan: (input) => planShader(input, shadeOutline(input)),
  shade: shadeOutline,
};

function shadeOutline(input: EffectInput<Params>): Shader {
  const { picture, params } = input;
  const { width, softness, opacity } = params;
  const { passes, result: distance } = takeStep(input, 'distance', planAway);
  if (distance === undefined || opacity === 0) return nothingToShade;
  const cellPx = Math.max(picture.width, picture.height) / Math.max(distance.width, distance.height);
  const widthPx = width * Math.max(picture.width, picture.height);
  const fadePx = Math.max(EDGE_PX, widthPx * softness);
  const color = toPictureColor(params.color, picture);
  const edge = softness === 1 ? 0 : EDGE_PX / (2 * fadePx);
  const slope = cellPx / fadePx;
  const nearest = widthPx / fadePx + edge;
  const toLeft = (far: number): number => nearest - far * slope;
  const createRows = (): CoverRows => {
    const rows = createFieldRows(distance, picture, { isSeen: (far) => toLeft(far) > 0 });
    return {
      enter: (y) => rows.enter(y),
      fill(cover, from, to) {
        rows.read(cover, from, to);
        for (let x = from; x < to; x++) {
          const left = toLeft(cover[x] as number);
          cover[x] = left <= 0 ? 0 : left >= 1 ? opacity : opacity * left * left * (3 - 2 * left);
        }
      },
    };
  };
  return {
    passes,
    create: shadeCovered(createRows, (bench, from, to) => bench.paintBehind(color, from, to)),
  };
}

/** How far the outline is, in cells. */
function planAway({ picture, params, selection, allocate }: EffectInput<Params>): Plan<Field | undefined> {
  const { width } = params;
  const alpha = selection?.alpha;
  if (alpha === undefined || width === 0) return NO_FIELD;
  const grid = toGrid(picture, CELLS);
  const coverage = planCoverage(alpha, grid, allocate);
  const smooth = width * ROUNDED * Math.max(grid.width, grid.height);
  const round = planGaussian(coverage.result, smooth, smooth, allocate);
  const distance = planDistance(round.result, allocate);
  return { passes: [...coverage.passes, ...round.passes, ...distance.passes], result: distance.result };
}
