import { z } from 'zod';
import type { Pass, Plan } from '../async/plan.ts';
import { nothingToShade, readCover, shadeCovered, toPictureColor } from './around/cover.ts';
import { createField, createFieldRows, type Field, NO_FIELD } from './around/field.ts';
import { planSoftCoverage } from './around/soft-coverage.ts';
import { type Effect, type EffectInput, takeStep } from './effect.ts';
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

type Params = z.output<typeof schema>;

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
  paintsBehind: true,
  steps: [{ name: 'light', by: ['width', 'strength'], of: 'selection', plan: planLight }],
  plan: (input) => planShader(input, shadeGlow(input)),
  shade: shadeGlow,
};

function shadeGlow(input: EffectInput<Params>): Shader {
  const { picture, params } = input;
  const { blend } = params;
  const { passes, result: field } = takeStep(input, 'light', planLight);
  if (field === undefined) return nothingToShade;
  const color = toPictureColor(params.color, picture);
  return {
    passes,
    create: shadeCovered(
      () => readCover(createFieldRows(field, picture, { isSeen: (value) => value > 0 })),
      (bench, from, to) => {
        if (blend === 'light') bench.shineBehind(color, from, to);
        else bench.paintBehind(color, from, to);
      },
    ),
  };
}

/** Less than this is nothing: far from the subject the picture keeps its bytes. */
const FAINT = 1 / 1024;

/** How strong the light is. */
function planLight({ picture, params, selection, allocate }: EffectInput<Params>): Plan<Field | undefined> {
  const { width, strength } = params;
  const alpha = selection?.alpha;
  if (alpha === undefined || width === 0 || strength === 0) return NO_FIELD;
  const blur = (share: number) => planSoftCoverage(picture, alpha, { sigma: width * share, mostCells: 1024 }, allocate);
  const [near, wide] = [blur(SIGMAS[0]), blur(SIGMAS[1])];
  const field = createField(near.result, allocate);
  const unite: Pass = {
    name: 'glow',
    rows: field.height,
    run(from, to) {
      const rows = createFieldRows(wide.result, field);
      const other = new Float32Array(field.width);
      for (let y = from; y < to; y++) {
        rows.enter(y);
        rows.read(other, 0, field.width);
        for (let x = 0, i = y * field.width; x < field.width; x++, i++) {
          // A straight edge has one half of itself in its blur.
          const a = 2 * (near.result.data[i] as number);
          const b = 2 * (other[x] as number);
          const share = (strength * ((a > 1 ? 1 : a) + (b > 1 ? 1 : b))) / 2;
          field.data[i] = share < FAINT ? 0 : share - FAINT;
        }
      }
    },
  };
  return { passes: [...near.passes, ...wide.passes, unite], result: field };
}
