import { z } from 'zod';
import { FocalError } from '../errors.ts';
import { parseColor, type Rgb } from '../picture/color.ts';
import { toPictureColor } from './around/cover.ts';
import { type Backdrop, createBehind } from './backdrop/backdrop.ts';
import { planBlurred } from './backdrop/blurred.ts';
import { createDrawn } from './backdrop/canvas.ts';
import { createFlat, createLinear, createRadial } from './backdrop/gradient.ts';
import { PALETTE_NAMES, palettes } from './backdrop/palettes.ts';
import { PATTERN_NAMES, patterns } from './backdrop/patterns/index.ts';
import { createPictureBackdrop } from './backdrop/picture.ts';
import { createDraw } from './backdrop/random.ts';
import type { Effect, EffectInput } from './effect.ts';
import { colorText, placing } from './parameters.ts';
import { planShader, type Shader } from './shade.ts';

const gradient = { parameter: 'kind', is: ['gradient', 'radial'] };
const pattern = { parameter: 'kind', is: ['pattern'] };
const own = { parameter: 'palette', is: ['own'] };

const schema = z.object({
  kind: z.enum(['gradient', 'radial', 'color', 'picture', 'pattern', 'blur']).default('gradient').meta({
    title: 'Background',
    description: 'What stands behind the subject.',
  }),
  from: colorText.default('#f5f7fa').meta({
    title: 'From',
    description: 'Colour at the start of the gradient, or in its middle.',
    control: 'color',
    when: gradient,
  }),
  to: colorText.default('#9fb8d6').meta({
    title: 'To',
    description: 'Colour at the end of the gradient.',
    control: 'color',
    when: gradient,
  }),
  angleDeg: z
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
      when: { parameter: 'kind', is: ['gradient'] },
    }),
  centerX: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({
      title: 'Middle, left to right',
      description: 'Where the middle of the round gradient lies.',
      step: 0.01,
      when: { parameter: 'kind', is: ['radial'] },
    }),
  centerY: z
    .number()
    .min(0)
    .max(1)
    .default(0.4)
    .meta({
      title: 'Middle, top to bottom',
      description: 'Where the middle of the round gradient lies.',
      step: 0.01,
      when: { parameter: 'kind', is: ['radial'] },
    }),
  color: colorText.default('#ffffff').meta({
    title: 'Colour',
    description: 'Colour of the background, and of what a background picture leaves open.',
    control: 'color',
    when: { parameter: 'kind', is: ['color', 'picture'] },
  }),
  ...placing({ parameter: 'kind', is: ['picture'] }),
  pattern: z.enum(PATTERN_NAMES).default('lights').meta({
    title: 'Pattern',
    description: 'What is drawn.',
    when: pattern,
  }),
  palette: z
    .enum(['auto', ...PALETTE_NAMES, 'own'])
    .default('auto')
    .meta({
      title: 'Mood',
      description: 'Colours of the pattern: those that suit it best, of a mood, or your own.',
      when: pattern,
    }),
  color1: colorText.default('#1d3557').meta({
    title: 'First colour',
    description: 'First of your own colours, the darkest.',
    control: 'color',
    when: own,
  }),
  color2: colorText.default('#e07a5f').meta({
    title: 'Second colour',
    description: 'Second of your own colours.',
    control: 'color',
    when: own,
  }),
  color3: colorText.default('#f4e9cd').meta({
    title: 'Third colour',
    description: 'Third of your own colours, the lightest.',
    control: 'color',
    when: own,
  }),
  scale: z.number().min(0.25).max(4).default(1).meta({
    title: 'Size',
    description: 'How large what is drawn is.',
    step: 0.05,
    when: pattern,
  }),
  seed: z.int().min(0).max(99999).default(1).meta({
    title: 'Roll',
    description: 'Another number, another picture of the same kind.',
    step: 1,
    when: pattern,
  }),
  blur: z
    .number()
    .min(0.003)
    .max(0.1)
    .default(0.02)
    .meta({
      title: 'Blur',
      description: 'How soft the own background becomes, as a share of the longer side: 0.02 is 2 %.',
      step: 0.001,
      when: { parameter: 'kind', is: ['blur'] },
    }),
});

type Params = z.output<typeof schema>;

/** Another background, behind the subject. */
export const background: Effect<typeof schema> = {
  name: 'background',
  title: 'Background',
  description: 'Puts a colour, a gradient, a picture, a drawn pattern or the blurred original behind the subject.',
  schema,
  needs: ['matte'],
  on: 'main',
  takes: 'cut',
  paintsBehind: true,
  assets: [
    {
      name: 'background',
      title: 'Background picture',
      description: 'Stands behind the subject with kind=picture.',
    },
  ],
  plan: (input) => planShader(input, shadeBackground(input)),
  shade: shadeBackground,
  readsPicture: ({ kind }) => kind === 'blur',
};

function shadeBackground(input: EffectInput<Params>): Shader {
  const backdrop = createBackdrop(input);
  return { passes: backdrop.passes, create: () => createBehind(backdrop) };
}

function createBackdrop(input: EffectInput<Params>): Backdrop {
  const { picture, params, assets, allocate, cache } = input;
  const toColor = (text: string) => toPictureColor(text, picture);
  switch (params.kind) {
    case 'color':
      return createFlat(toColor(params.color));
    case 'gradient':
      return createLinear(toColor(params.from), toColor(params.to), params.angleDeg, picture);
    case 'radial': {
      const middle = { x: params.centerX, y: params.centerY, size: 1 };
      return createRadial(toColor(params.from), toColor(params.to), middle, picture);
    }
    case 'picture': {
      if (assets.background !== undefined) {
        return createPictureBackdrop(assets.background, params, parseColor(params.color), picture, cache);
      }
      throw new FocalError('invalid-argument', 'Expected a background picture, got none.', {
        hint: 'Give the picture (--background-picture FILE on the command line), or choose another background.',
      });
    }
    case 'pattern': {
      const { draw, palette, cells } = patterns[params.pattern];
      const colors: readonly Rgb[] = namesOf(params, palettes[palette]).map(toColor);
      const by = { palette: colors, scale: params.scale, draw: createDraw(params.seed) };
      return createDrawn(picture, cells, (grid) => draw({ ...by, grid }), allocate, cache);
    }
    case 'blur':
      return planBlurred(input, params.blur);
  }
}

function namesOf({ palette, color1, color2, color3 }: Params, suited: readonly string[]): readonly string[] {
  if (palette === 'auto') return suited;
  return palette === 'own' ? [color1, color2, color3] : palettes[palette];
}
