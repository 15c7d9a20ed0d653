import { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import { createThreadCache } from '../async/thread-cache.ts';
import { type Effect, type EffectInput, takeStep } from './effect.ts';
import { planShader, type Shader } from './shade.ts';
import { type Curve, createCurve, createLights, fromLight } from './tone/curve.ts';
import { createLocalContrast, planLocalContrast } from './tone/local-contrast.ts';
import { createToneRows } from './tone/row-kernel.ts';

const schema = z.object({
  exposure: z.number().min(-3).max(3).default(0).meta({
    title: 'Exposure',
    description: 'Brighter or darker, as a camera would have it.',
    unit: 'stops',
    step: 0.05,
  }),
  contrast: z.number().min(-1).max(1).default(0.2).meta({
    title: 'Contrast',
    description: 'Pulls dark and light apart, or together below 0. Black and white stay.',
    step: 0.01,
  }),
  saturation: z.number().min(-1).max(1).default(0.1).meta({
    title: 'Saturation',
    description: 'Strength of colours: −1 none, 1 twice as strong.',
    step: 0.01,
  }),
  warmth: z.number().min(-1).max(1).default(0).meta({
    title: 'Warmth',
    description: 'Warmer, as in the evening, or colder below 0.',
    step: 0.01,
  }),
  detail: z.number().min(0).max(1).default(0.3).meta({
    title: 'Low light',
    description: 'Brings out what is hidden in the dark and in the glare, place by place.',
    step: 0.01,
  }),
});

type Params = z.output<typeof schema>;

/** Light and colour of everything, or of whom it acts on. */
export const tone: Effect<typeof schema> = {
  name: 'tone',
  title: 'Tone',
  description: 'Sets exposure, contrast, saturation and warmth, and brings out what is hidden in the dark.',
  schema,
  needs: [],
  assets: [],
  on: 'everything',
  takes: 'alpha',
  steps: [{ name: 'lightness', by: ['detail'], plan: planLightness }],
  plan: (input) => planShader(input, shadeTone(input)),
  shade: shadeTone,
  readsPicture: ({ detail }) => detail > 0,
};

/** How much red and blue differ in light at full warmth. */
const WARMTH = 0.25;
/** Light from here on is pressed together where more exposure would burn it out. */
const KNEE = 0.5;

function shadeTone(input: EffectInput<Params>): Shader {
  const { picture, params, cache = createThreadCache() } = input;
  const { saturation } = params;
  const { passes, result: lightness } = takeStep(input, 'lightness', planLightness);
  const local = lightness && createLocalContrast(lightness, picture);
  const bends = params.exposure !== 0 || params.contrast !== 0 || params.warmth !== 0;
  if (local === undefined && !bends && saturation === 0) {
    return { passes: [], create: () => () => {} };
  }
  return {
    passes,
    create() {
      const { exposure, contrast, warmth } = params;
      const lights = cache.take('lights', createLights);
      const name = `tone curves ${exposure} ${contrast} ${warmth}`;
      const curves = bends ? cache.take(name, () => createCurves(params, lights)) : undefined;
      const change = createToneRows(picture.width, { local, curves, saturation: 1 + saturation }, { cache });
      return ({ y, line, alpha }) => change(y, line, alpha);
    },
  };
}

/** What becomes of each lightness, place by place. */
function planLightness({ picture, params, allocate }: EffectInput<Params>): Plan<Float32Array | undefined> {
  return params.detail > 0 ? planLocalContrast(picture, params.detail, allocate) : { passes: [], result: undefined };
}

/** One curve a channel for exposure, warmth and contrast. */
function createCurves({ exposure, contrast, warmth }: Params, lights: Float64Array): readonly [Curve, Curve, Curve] {
  const factor = 2 ** exposure;
  const curve = (gain: number) =>
    createCurve((share, entry) => {
      const light = lights[entry] as number;
      const exposed = factor * gain === 1 ? share : fromLight(expose(light, factor * gain));
      return addContrast(exposed, contrast);
    });
  const middle = curve(1);
  if (warmth === 0) return [middle, middle, middle];
  return [curve(1 + WARMTH * warmth), middle, curve(1 - WARMTH * warmth)];
}

/**
 * More or less light, without burning out: above the knee it is pressed together so that white stays white, by the
 * extended curve of Reinhard et al., "Photographic tone reproduction for digital images", 2002.
 */
function expose(light: number, factor: number): number {
  const raised = light * factor;
  if (factor <= 1 || raised <= KNEE) return raised;
  const most = (factor - KNEE) / (1 - KNEE);
  const over = (raised - KNEE) / (1 - KNEE);
  return KNEE + ((1 - KNEE) * over * (1 + over / (most * most))) / (1 + over);
}

/** A cubic through black, middle grey and white; its slope in the middle is 1 + contrast / 2. */
function addContrast(share: number, contrast: number): number {
  const value = Math.min(1, Math.max(0, share));
  return value + contrast * value * (1 - value) * (2 * value - 1);
}
