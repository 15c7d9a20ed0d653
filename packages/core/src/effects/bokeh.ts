import { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import { createThreadCache, type ThreadCache } from '../async/thread-cache.ts';
import { FocalError } from '../errors.ts';
import { planCut } from '../matte/cut.ts';
import type { Matte } from '../picture/matte.ts';
import { type Allocate, createPicture, type Picture, uncleared } from '../picture/picture.ts';
import { planBlur } from './bokeh/blur.ts';
import { type Cells, planCells } from './bokeh/cells.ts';
import { planComposite } from './bokeh/composite.ts';
import { planDepth } from './bokeh/depth.ts';
import { FINEST_MOVING } from './bokeh/figures.ts';
import { type Fill, planFill } from './bokeh/fill.ts';
import { createFrame, cutSubject, type Frame, seenSubject } from './bokeh/frame.ts';
import { planGlare } from './bokeh/glare.ts';
import { type Light, planLight } from './bokeh/light.ts';
import { planSurvey, type Survey } from './bokeh/survey.ts';
import type { Effect, EffectInput } from './effect.ts';

const schema = z.object({
  radius: z.number().min(0).max(0.05).default(0.012).meta({
    title: 'Blur',
    description: 'Radius of the largest blur disc, as a share of the longer side: 0.012 is 1.2 %.',
    step: 0.001,
  }),
  aperture: z.enum(['disc', 'pentagon', 'hexagon', 'heptagon', 'octagon']).default('disc').meta({
    title: 'Aperture',
    description: 'Shape of the lens opening, seen in bright spots of the background.',
  }),
  angleDeg: z
    .number()
    .min(0)
    .max(360)
    .default(0)
    .meta({
      title: 'Turn',
      description: 'Turn of the aperture, clockwise.',
      unit: '°',
      step: 1,
      control: 'angle',
      when: { parameter: 'aperture', is: ['pentagon', 'hexagon', 'heptagon', 'octagon'] },
    }),
  highlights: z.number().min(0).max(1).default(0.5).meta({
    title: 'Highlights',
    description: 'How strongly lamps and glints in the background shine as discs.',
    step: 0.01,
  }),
  falloff: z.number().min(0).max(1).default(0.35).meta({
    title: 'Growth',
    description: 'How much the blur grows with the distance from the subject: 0 not at all.',
    step: 0.01,
  }),
  ground: z.number().min(0).max(1).default(1).meta({
    title: 'Ground',
    description: 'How much the ground stays sharp where the subject stands: 0 not at all.',
    step: 0.01,
  }),
});

type Params = z.output<typeof schema>;

/** The background out of focus, as a lens with a wide aperture shows it. */
export const bokeh: Effect<typeof schema> = {
  name: 'bokeh',
  title: 'Bokeh',
  description: 'Blurs the background as a lens does and leaves the subject sharp.',
  schema,
  needs: ['matte'],
  on: 'main',
  takes: 'cut',
  paintsBehind: true,
  assets: [],
  steps: [
    { name: 'outline', by: [], of: 'selection', plan: planOutline },
    { name: 'glare', by: [], plan: planGlareStep },
    { name: 'background', by: ['highlights'], plan: planBackground },
  ],
  plan: planBokeh,
};

/** What the subject's outline tells. */
interface Outline {
  readonly cells: Cells;
  readonly survey: Survey;
}

/** The background alone. */
interface Background {
  readonly light: Light;
  readonly fill: Fill;
}

/**
 * [Note: bokeh in steps] All work is on levels: the picture halved some times. The cells of level 1 know what is
 * subject (cells.ts); a coarse grid knows distances and the ground line (survey.ts), from them the circle of
 * confusion of each place (depth.ts), and where brightness is rare (glare.ts). The background alone, in linear light, is reduced to all levels (light.ts) and
 * spread under the subject (fill.ts), gathered over the aperture on the level that suits the circle's size (blur.ts),
 * and the sharp subject is put before it at full size (composite.ts). Outline and background are the same for most
 * parameters, so that a studio computes them once.
 */
function planBokeh(input: EffectInput<Params>): Plan<Picture> {
  const { params, picture, allocate, cache = createThreadCache() } = input;
  const cut = takeCut(input);
  const from = { ...input, cut: cut.result };
  const outline = takeOutline(from);
  const seen = { ...from, kept: { outline: outline.result, ...input.kept } };
  const glare = takeGlare(seen);
  const background = takeBackground({ ...seen, kept: { glare: glare.result, ...seen.kept } });
  const frame = createFrame(picture, cutSubject(cut.result), allocate);
  const target = input.target ?? createTarget(picture, allocate);
  const drawn = planLens(frame, { ...outline.result, ...background.result }, params, { target, cache });
  return {
    passes: [...cut.passes, ...outline.passes, ...glare.passes, ...background.passes, ...drawn.passes],
    result: drawn.result,
  };
}

export interface MovingBokehOptions {
  readonly picture: Picture;
  /** Of the subject, in the picture's size. */
  readonly alpha: Matte;
  readonly params: Params;
  readonly allocate: Allocate;
  readonly cache: ThreadCache;
  /** May be the picture itself. */
  readonly target: Picture;
}

/**
 * The same for a frame of a moving picture, faster: the subject keeps what shines through at its soft edges, and large
 * circles are gathered more coarsely, which both takes a picture that stands still to be seen.
 */
export function planMovingBokeh(options: MovingBokehOptions): Plan<Picture> {
  const { picture, alpha, params, allocate, cache, target } = options;
  const frame = createFrame(picture, seenSubject(picture, alpha), allocate);
  const cells = planCells(frame, cache);
  const survey = planSurvey(frame, cells.result);
  const glare = planGlare(frame);
  const light = planLight(frame, cells.result, glare.result, params.highlights);
  const fill = planFill(frame, light.result);
  const known = { cells: cells.result, survey: survey.result, light: light.result, fill: fill.result };
  const drawn = planLens(frame, known, params, { target, cache, finest: FINEST_MOVING });
  const before = [cells, survey, glare, light, fill].flatMap(({ passes }) => passes);
  return { passes: [...before, ...drawn.passes], result: drawn.result };
}

/** Draws what is known of a frame, with the circles of confusion that the parameters ask for. */
function planLens(
  frame: Frame,
  { cells, survey, light, fill }: Outline & Background,
  { radius, falloff, ground, aperture: shape, angleDeg }: Params,
  { target, ...options }: { readonly target: Picture; readonly cache: ThreadCache; readonly finest?: number },
): Plan<Picture> {
  const { width, height } = frame.picture;
  const radiusPx = radius * Math.max(width, height);
  const depth = planDepth(frame, survey, { radiusPx, falloff, ground });
  const blur = planBlur(frame, light, fill, depth, { radiusPx, aperture: { shape, angleDeg }, ...options });
  const composite = planComposite(frame, cells, blur, target, options.cache);
  return { passes: [...depth.passes, ...blur.passes, composite], result: target };
}

function createTarget({ width, height, colorSpace }: Picture, allocate: Allocate): Picture {
  return createPicture(width, height, { colorSpace, allocate: uncleared(allocate) });
}

function planOutline(input: EffectInput<Params>): Plan<Outline> {
  const cut = takeCut(input);
  const frame = createFrame(input.picture, cutSubject(cut.result), input.allocate);
  const cells = planCells(frame, input.cache);
  const survey = planSurvey(frame, cells.result);
  return {
    passes: [...cut.passes, ...cells.passes, ...survey.passes],
    result: { cells: cells.result, survey: survey.result },
  };
}

function planGlareStep(input: EffectInput<Params>): Plan<Float32Array> {
  const cut = takeCut(input);
  return planGlare(createFrame(input.picture, cutSubject(cut.result), input.allocate));
}

function planBackground(input: EffectInput<Params>): Plan<Background> {
  const cut = takeCut(input);
  const from = { ...input, cut: cut.result };
  const outline = takeOutline(from);
  const glare = takeGlare(from);
  const frame = createFrame(input.picture, cutSubject(cut.result), input.allocate);
  const light = planLight(frame, outline.result.cells, glare.result, input.params.highlights);
  const fill = planFill(frame, light.result);
  return {
    passes: [...cut.passes, ...outline.passes, ...glare.passes, ...light.passes, ...fill.passes],
    result: { light: light.result, fill: fill.result },
  };
}

function takeCut({ picture, scene, cut, allocate }: EffectInput<Params>): Plan<Picture> {
  if (cut !== undefined) return { passes: [], result: cut };
  if (scene.matte === undefined) {
    throw new FocalError('invalid-argument', 'A bokeh needs the fact matte, which this scene does not hold.');
  }
  return planCut(picture, scene.matte.matte, allocate);
}

function takeOutline(input: EffectInput<Params>): Plan<Outline> {
  const kept = input.kept?.outline as Outline | undefined;
  return kept === undefined ? planOutline(input) : { passes: [], result: kept };
}

function takeGlare(input: EffectInput<Params>): Plan<Float32Array> {
  const kept = input.kept?.glare as Float32Array | undefined;
  return kept === undefined ? planGlareStep(input) : { passes: [], result: kept };
}

function takeBackground(input: EffectInput<Params>): Plan<Background> {
  const kept = input.kept?.background as Background | undefined;
  return kept === undefined ? planBackground(input) : { passes: [], result: kept };
}
