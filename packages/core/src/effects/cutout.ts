import { z } from 'zod';
import type { Pass, Plan } from '../async/plan.ts';
import { FocalError } from '../errors.ts';
import { planCut } from '../matte/cut.ts';
import { parseColor } from '../picture/color.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import { type Background, planBackground } from './cutout-background.ts';
import type { Effect, EffectInput } from './effect.ts';
import { colorText, placing } from './parameters.ts';

const schema = z.object({
  background: z.enum(['transparent', 'color', 'gradient', 'picture']).default('transparent').meta({
    title: 'Background',
    description: 'What stands behind the subject.',
  }),
  color: colorText.default('#ffffff').meta({
    title: 'Colour',
    description: 'Colour of the background, and of what a background picture leaves open.',
    control: 'color',
    when: { parameter: 'background', is: ['color', 'picture'] },
  }),
  gradientFrom: colorText.default('#f5f7fa').meta({
    title: 'From',
    description: 'Colour at the start of the gradient.',
    control: 'color',
    when: { parameter: 'background', is: ['gradient'] },
  }),
  gradientTo: colorText.default('#9fb8d6').meta({
    title: 'To',
    description: 'Colour at the end of the gradient.',
    control: 'color',
    when: { parameter: 'background', is: ['gradient'] },
  }),
  gradientAngleDeg: z
    .number()
    .min(0)
    .max(360)
    .default(180)
    .meta({
      title: 'Direction',
      description: 'Where the gradient runs to: 0 up, 90 right, 180 down.',
      unit: '°',
      step: 1,
      control: 'angle',
      when: { parameter: 'background', is: ['gradient'] },
    }),
  ...placing({ parameter: 'background', is: ['picture'] }),
  edge: z.number().min(-1).max(1).default(0).meta({
    title: 'Edge',
    description: 'Takes a soft edge in (below 0) or lets more of it stay (above 0).',
    step: 0.01,
  }),
});

/** The subject without its background, or on a new one. */
export const cutout: Effect<typeof schema> = {
  name: 'cutout',
  title: 'Cut out',
  description: 'Takes the background away, or puts a colour, a gradient or a picture in its place.',
  schema,
  needs: ['matte'],
  on: 'main',
  takes: 'cut',
  clears: ({ background }) => background === 'transparent',
  assets: [
    {
      name: 'background',
      title: 'Background picture',
      description: 'Stands behind the subject with background=picture.',
    },
  ],
  plan: planCutout,
};

function takeCut({ picture, scene, cut, allocate }: EffectInput<z.output<typeof schema>>): Plan<Picture> {
  if (cut !== undefined) return { passes: [], result: cut };
  if (scene.matte === undefined) {
    throw new FocalError('invalid-argument', 'A cut-out needs the fact matte, which this scene does not hold.');
  }
  return planCut(picture, scene.matte.matte, allocate);
}

function planCutout(input: EffectInput<z.output<typeof schema>>): Plan<Picture> {
  const { picture, params, allocate } = input;
  const cut = takeCut(input);
  const background = toBackground(input);
  const curve = params.edge === 0 ? undefined : createEdgeCurve(params.edge);
  if (background === undefined && curve === undefined) return cut;
  const { width, height, colorSpace } = picture;
  const result = createPicture(width, height, { colorSpace, allocate });
  const last: Pass =
    background === undefined
      ? { name: 'edge', rows: height, run: (from, to) => copyWithEdge(cut.result, curve, result, from, to) }
      : { name: 'composite', rows: height, run: (from, to) => compositeOver(cut.result, curve, result, from, to) };
  const behind = background === undefined ? [] : planBackground(background, result, parseColor(params.color));
  return { passes: [...cut.passes, ...behind, last], result };
}

/** New alpha for each alpha: 0 and 255 stay, what lies between sinks (`edge` below 0) or rises. */
function createEdgeCurve(edge: number): Uint8Array {
  const shift = Math.abs(edge) * 0.9;
  return Uint8Array.from({ length: 256 }, (_, alpha) => {
    const share = alpha / 255;
    const moved = edge < 0 ? (share - shift) / (1 - shift) : share / (1 - shift);
    return Math.round(255 * Math.min(1, Math.max(0, moved)));
  });
}

/** Rows of the cut with another alpha; where it becomes 0 the colour is 0 too. */
function copyWithEdge(cut: Picture, curve: Uint8Array | undefined, target: Picture, from: number, to: number): void {
  const { data } = target;
  data.set(cut.data.subarray(from * cut.width * 4, to * cut.width * 4), from * cut.width * 4);
  if (curve === undefined) return;
  for (let i = from * cut.width * 4; i < to * cut.width * 4; i += 4) {
    const alpha = curve[data[i + 3] as number] as number;
    data[i + 3] = alpha;
    if (alpha === 0) data[i] = data[i + 1] = data[i + 2] = 0;
  }
}

function toBackground({ params, assets }: EffectInput<z.output<typeof schema>>): Background | undefined {
  switch (params.background) {
    case 'transparent':
      return undefined;
    case 'color':
      return { kind: 'color' };
    case 'gradient':
      return {
        kind: 'gradient',
        from: parseColor(params.gradientFrom),
        to: parseColor(params.gradientTo),
        angleDeg: params.gradientAngleDeg,
      };
    case 'picture': {
      const picture = assets.background;
      if (picture === undefined) {
        throw new FocalError('invalid-argument', 'Expected a background picture, got none.', {
          hint: 'Give the picture (--background-picture FILE on the command line), or choose another background.',
        });
      }
      return { kind: 'picture', picture, fit: params.fit, positionX: params.positionX, positionY: params.positionY };
    }
  }
}

/** Draws rows of the cut over what the opaque target holds. */
function compositeOver(cut: Picture, curve: Uint8Array | undefined, target: Picture, from: number, to: number): void {
  const source = cut.data;
  const { data, width } = target;
  for (let i = from * width * 4; i < to * width * 4; i += 4) {
    const own = source[i + 3] as number;
    const alpha = curve === undefined ? own : (curve[own] as number);
    if (alpha === 0) continue;
    if (alpha === 255) {
      data[i] = source[i] as number;
      data[i + 1] = source[i + 1] as number;
      data[i + 2] = source[i + 2] as number;
      continue;
    }
    const rest = 255 - alpha;
    data[i] = divide255((source[i] as number) * alpha + (data[i] as number) * rest);
    data[i + 1] = divide255((source[i + 1] as number) * alpha + (data[i + 1] as number) * rest);
    data[i + 2] = divide255((source[i + 2] as number) * alpha + (data[i + 2] as number) * rest);
  }
}

/** Exactly `Math.round(value / 255)` for 0..65025. */
function divide255(value: number): number {
  return ((value + 128) * 257) >>> 16;
}
