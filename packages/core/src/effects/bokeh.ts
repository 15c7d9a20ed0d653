import { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import { FocalError } from '../errors.ts';
import { planCut } from '../matte/cut.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import { countBlurLevels, planBlur } from './bokeh/blur.ts';
import { planCells } from './bokeh/cells.ts';
import { planComposite } from './bokeh/composite.ts';
import { planDepth } from './bokeh/depth.ts';
import { planFill } from './bokeh/fill.ts';
import { createFrame } from './bokeh/frame.ts';
import { planLight } from './bokeh/light.ts';
import { planSurvey } from './bokeh/survey.ts';
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

/** The background out of focus, as a lens with a wide aperture shows it. */
export const bokeh: Effect<typeof schema> = {
  name: 'bokeh',
  title: 'Bokeh',
  description: 'Blurs the background as a lens does and leaves the subject sharp.',
  schema,
  needs: ['matte'],
  assets: [],
  plan: planBokeh,
};

/**
 * [Note: bokeh in steps] All work is on levels: the picture halved some times. The cells of level 1 know what is
 * subject (cells.ts); a coarse grid knows distances and the ground line (survey.ts) and from them the circle of
 * confusion of each place (depth.ts). The background alone, in linear light, is reduced to all levels (light.ts) and
 * spread under the subject (fill.ts), gathered over the aperture on the level that suits the circle's size (blur.ts),
 * and the sharp subject is put before it at full size (composite.ts).
 */
function planBokeh(input: EffectInput<z.output<typeof schema>>): Plan<Picture> {
  const { picture, scene, params, allocate } = input;
  if (scene.matte === undefined) {
    throw new FocalError('invalid-argument', 'A bokeh needs the fact matte, which this scene does not hold.');
  }
  const cut: Plan<Picture> =
    input.cut === undefined ? planCut(picture, scene.matte.matte, allocate) : { passes: [], result: input.cut };
  const { width, height, colorSpace } = picture;
  const result = createPicture(width, height, { colorSpace, allocate });
  const radiusPx = params.radius * Math.max(width, height);

  const frame = createFrame(picture, cut.result, allocate);
  const count = countBlurLevels(frame, radiusPx);
  const cells = planCells(frame);
  const survey = planSurvey(frame, cells);
  const depth = planDepth(frame, survey, { radiusPx, falloff: params.falloff, ground: params.ground });
  const light = planLight(frame, cells, survey, params.highlights, Math.max(count, frame.grid.level));
  const fill = planFill(frame, light);
  const aperture = { shape: params.aperture, angleDeg: params.angleDeg };
  const blur = planBlur(frame, light, fill, depth, { radiusPx, aperture });
  const composite = planComposite(frame, cells, blur, result);
  return {
    passes: [
      ...cut.passes,
      ...cells.passes,
      ...survey.passes,
      ...depth.passes,
      ...light.passes,
      ...fill.passes,
      ...blur.passes,
      composite,
    ],
    result,
  };
}
