import { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import { toPictureColor } from './around/cover.ts';
import { createFieldRows, type Field, NO_FIELD } from './around/field.ts';
import { planSoftCoverage } from './around/soft-coverage.ts';
import { type Effect, type EffectInput, takeStep } from './effect.ts';
import { createFrameRows } from './frame/row.ts';
import { createBand, createHoles } from './frame/shape.ts';
import { colorText } from './parameters.ts';
import { planShader, type Shader } from './shade.ts';

const schema = z.object({
  style: z.enum(['plain', 'rounded', 'polaroid', 'film']).default('plain').meta({
    title: 'Style',
    description: 'A plain band, one with round inner corners, an instant photo with room below, or a strip of film.',
  }),
  width: z.number().min(0).max(0.3).default(0.07).meta({
    title: 'Width',
    description: 'Width of the band as a share of the shorter side: 0.07 is 7 %.',
    step: 0.005,
  }),
  inset: z.number().min(0).max(0.2).default(0).meta({
    title: 'Inset',
    description: 'How far from the picture’s edge the band begins, as a share of the shorter side.',
    step: 0.005,
  }),
  color: colorText.default('#ffffff').meta({
    title: 'Colour',
    description: 'Colour of the band.',
    control: 'color',
    when: { parameter: 'style', is: ['plain', 'rounded', 'polaroid'] },
  }),
  radius: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.08)
    .meta({
      title: 'Corners',
      description: 'Radius of the inner corners as a share of the shorter side.',
      step: 0.005,
      when: { parameter: 'style', is: ['rounded'] },
    }),
  over: z.enum(['top-and-sides', 'all', 'top', 'none']).default('top-and-sides').meta({
    title: 'Pops out',
    description: 'Over which edges of the band the subject reaches.',
  }),
  shadow: z.number().min(0).max(1).default(0.4).meta({
    title: 'Depth',
    description: 'Shadow of the subject on the band, and of the band on the picture.',
    step: 0.01,
  }),
});

type Params = z.output<typeof schema>;

/** A border that the subject overlaps. */
export const frame: Effect<typeof schema> = {
  name: 'frame',
  title: 'Frame',
  description: 'Draws a border inside the picture’s edges, out of which the subject pops.',
  schema,
  needs: ['matte'],
  assets: [],
  on: 'main',
  takes: 'cut',
  steps: [{ name: 'shade', by: ['width', 'over', 'shadow'], of: 'selection', plan: planShade }],
  plan: (input) => planShader(input, shadeFrame(input)),
  shade: shadeFrame,
};

/** Standard deviation of shadows, and how far below they fall, as shares of the shorter side. */
const SHADOW_SIGMA = 0.012;
const SHADOW_DROP = 0.008;
/** The band of a strip of film, which is not quite black. */
const FILM = '#141210';
/** How much wider than the rest the lower band of an instant photo is. */
const POLAROID = 3;

/**
 * [Note: pop-out frames] The band lies over the picture and, where it may, behind the subject: with S the subject alone,
 * b the share of band at a pixel and p whether the subject may overlap here, the row becomes
 * S·(1 − b·(1 − p)) + (row − S)·(1 − b) + b·(1 − p·αs)·band, all premultiplied.
 */
function shadeFrame(input: EffectInput<Params>): Shader {
  const { picture, params } = input;
  const { width, height } = picture;
  const shorter = Math.min(width, height);
  if (params.width === 0) return { passes: [], create: () => () => {} };
  const band = createBand(picture, {
    widthPx: params.width * shorter,
    insetPx: params.inset * shorter,
    bottomPx: params.width * shorter * (params.style === 'polaroid' ? POLAROID : 1),
    radiusPx: params.style === 'rounded' ? params.radius * shorter : params.style === 'polaroid' ? 0.01 * shorter : 0,
  });
  const holes = params.style === 'film' ? createHoles(band) : undefined;
  const color = toPictureColor(params.style === 'film' ? FILM : params.color, picture);
  const { passes, result: shade } = takeStep(input, 'shade', planShade);

  return {
    passes,
    create() {
      const shades =
        shade && createFieldRows(shade, picture, { downPx: SHADOW_DROP * shorter, isSeen: (value) => value > 0 });
      const softPx = SHADOW_SIGMA * 2 * shorter;
      return createFrameRows({ band, holes, color, over: params.over, shadow: params.shadow, softPx }, width, shades);
    },
  };
}

/** The subject's blurred alpha, where its shadow falls on the band. */
function planShade({ picture, params, selection, allocate }: EffectInput<Params>): Plan<Field | undefined> {
  const alpha = selection?.alpha;
  if (alpha === undefined || params.width === 0 || params.over === 'none' || params.shadow === 0) return NO_FIELD;
  const longer = Math.max(picture.width, picture.height);
  const sigma = (SHADOW_SIGMA * Math.min(picture.width, picture.height)) / longer;
  return planSoftCoverage(picture, alpha, { sigma, mostCells: 1024 }, allocate);
}
