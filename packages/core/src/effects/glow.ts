import { z } from 'zod';
import { nothingToShade, shadeCovered, toPictureColor, unite } from './around/cover.ts';
import { createFieldRows, type FieldRows, planCoverage, toGrid } from './around/field.ts';
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
  const blurs = SIGMAS.map((share) => {
    const sigma = width * share;
    const grid = toGrid(picture, Math.min(1024, CELLS_A_SIGMA / sigma));
    const coverage = planCoverage(alpha, grid, allocate);
    const cells = sigma * Math.max(grid.width, grid.height);
    const blur = planGaussian(coverage.field, cells, cells, allocate);
    return { passes: [...coverage.passes, ...blur.passes], field: blur.field };
  });
  const color = toPictureColor(params.color, picture);
  const isSeen = (value: number): boolean => value > 0;
  const createFill = () => {
    const [near, wide] = blurs.map(({ field }) => createFieldRows(field, picture)) as [FieldRows, FieldRows];
    const other = new Float32Array(picture.width);
    return (y: number, cover: Float32Array): readonly [number, number] => {
      const [from, to] = unite(near.enter(y, isSeen), wide.enter(y, isSeen));
      near.read(cover, from, to);
      wide.read(other, from, to);
      for (let x = from; x < to; x++) {
        // A straight edge has one half of itself in its blur.
        const a = 2 * (cover[x] as number);
        const b = 2 * (other[x] as number);
        const share = (strength * ((a > 1 ? 1 : a) + (b > 1 ? 1 : b))) / 2;
        cover[x] = share < FAINT ? 0 : share - FAINT;
      }
      return [from, to];
    };
  };
  return {
    passes: blurs.flatMap(({ passes }) => passes),
    create: shadeCovered(createFill, (bench, from, to) => {
      if (blend === 'light') bench.shineBehind(color, from, to);
      else bench.paintBehind(color, from, to);
    }),
  };
}

/** Less than this is nothing: far from the subject the picture keeps its bytes. */
const FAINT = 1 / 1024;
