import { z } from 'zod';
import type { Pass } from '../async/plan.ts';
import { nothingToShade, readCover, shadeCovered, toPictureColor } from './around/cover.ts';
import { createField, createFieldRows, type Field, planCoverage, toGrid } from './around/field.ts';
import { planGaussian } from './around/gaussian.ts';
import type { Effect, EffectInput } from './effect.ts';
import { colorText } from './parameters.ts';
import { planShader, type Shader } from './shade.ts';

const schema = z.object({
  width: z.number().min(0).max(0.2).default(0.04).meta({
    title: 'Width',
    description: 'How far the glow reaches, as a share of the longer side: 0.04 is 4 %.',
    step: 0.001,
  }),
  color: colorText.default('#ffe9b8').meta({
    title: 'Colour',
    description: 'Colour of the glow.',
    control: 'color',
  }),
  strength: z.number().min(0).max(1).default(0.85).meta({
    title: 'Strength',
    description: 'How bright it is next to the subject.',
    step: 0.01,
  }),
  blend: z.enum(['light', 'paint']).default('light').meta({
    title: 'Blend',
    description: 'Light brightens what is behind, paint hides it: the choice for a bright background.',
  }),
});

/** Cells of the grid for each standard deviation. */
const CELLS_A_SIGMA = 4;
/** Standard deviations as shares of the width: a near glow and a wide one, of equal parts. */
const SIGMAS = [0.16, 0.42] as const;

/** Light around the subject. */
export const glow: Effect<typeof schema> = {
  name: 'glow',
  title: 'Glow',
  description: 'Lets light shine around the subject, from behind.',
  schema,
  needs: ['matte'],
  assets: [],
  on: 'main',
  takes: 'cut',
  plan: (input) => planShader(input, shadeGlow(input)),
  shade: shadeGlow,
};

function shadeGlow({ picture, params, selection, allocate }: EffectInput<z.output<typeof schema>>): Shader {
  const { width, strength, blend } = params;
  const alpha = selection?.alpha;
  if (alpha === undefined || width === 0 || strength === 0) return nothingToShade;
  const blur = (share: number): Blurred => {
    const sigma = width * share;
    const grid = toGrid(picture, Math.min(1024, CELLS_A_SIGMA / sigma));
    const coverage = planCoverage(alpha, grid, allocate);
    const cells = sigma * Math.max(grid.width, grid.height);
    const soft = planGaussian(coverage.field, cells, cells, allocate);
    return { passes: [...coverage.passes, ...soft.passes], field: soft.field };
  };
  const [near, wide] = [blur(SIGMAS[0]), blur(SIGMAS[1])];
  const field = createField(near.field, allocate);
  const unite: Pass = {
    name: 'glow',
    rows: field.height,
    run(from, to) {
      const rows = createFieldRows(wide.field, field);
      const other = new Float32Array(field.width);
      for (let y = from; y < to; y++) {
        rows.enter(y);
        rows.read(other, 0, field.width);
        for (let x = 0, i = y * field.width; x < field.width; x++, i++) {
          // A straight edge has one half of itself in its blur.
          const a = 2 * (near.field.data[i] as number);
          const b = 2 * (other[x] as number);
          const share = (strength * ((a > 1 ? 1 : a) + (b > 1 ? 1 : b))) / 2;
          field.data[i] = share < FAINT ? 0 : share - FAINT;
        }
      }
    },
  };
  const color = toPictureColor(params.color, picture);
  return {
    passes: [...near.passes, ...wide.passes, unite],
    create: shadeCovered(
      () => readCover(createFieldRows(field, picture, { isSeen: (value) => value > 0 })),
      (bench, from, to) => {
        if (blend === 'light') bench.shineBehind(color, from, to);
        else bench.paintBehind(color, from, to);
      },
    ),
  };
}

interface Blurred {
  readonly passes: readonly Pass[];
  readonly field: Field;
}

/** Less than this is nothing: far from the subject the picture keeps its bytes. */
const FAINT = 1 / 1024;
