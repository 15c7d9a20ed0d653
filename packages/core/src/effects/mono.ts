import { z } from 'zod';
import { createThreadCache } from '../async/thread-cache.ts';
import { parseColor, type Rgb } from '../picture/color.ts';
import { convertRgb } from '../picture/color-space.ts';
import { createSrgbTables } from '../picture/srgb.ts';
import type { Effect, EffectInput } from './effect.ts';
import { colorText } from './parameters.ts';
import { planShader, type Shader } from './shade.ts';
import { type Curve, createCurve } from './tone/curve.ts';
import { createToneRows } from './tone/row-kernel.ts';

const schema = z.object({
  style: z.enum(['mono', 'sepia', 'duotone']).default('mono').meta({
    title: 'Style',
    description: 'Black and white, the brown of old prints, or two colours.',
  }),
  dark: colorText.default('#1b2a6b').meta({
    title: 'Dark',
    description: 'Colour of what is dark.',
    control: 'color',
    when: { parameter: 'style', is: ['duotone'] },
  }),
  light: colorText.default('#ffd9a0').meta({
    title: 'Light',
    description: 'Colour of what is light.',
    control: 'color',
    when: { parameter: 'style', is: ['duotone'] },
  }),
  contrast: z.number().min(-1).max(1).default(0.15).meta({
    title: 'Contrast',
    description: 'Pulls dark and light apart, or together below 0.',
    step: 0.01,
  }),
  strength: z.number().min(0).max(1).default(1).meta({
    title: 'Strength',
    description: 'How much of the colours is taken: 0 nothing.',
    step: 0.01,
  }),
});

type Params = z.output<typeof schema>;

/** The background, or whom it acts on, in one colour or two. */
export const mono: Effect<typeof schema> = {
  name: 'mono',
  title: 'Mono',
  description: 'Turns the background, or whom you choose, black and white, sepia or into two colours.',
  schema,
  needs: ['matte'],
  assets: [],
  on: 'background',
  takes: 'alpha',
  plan: (input) => planShader(input, shadeMono(input)),
  shade: shadeMono,
};

/** Sepia runs through these, dark to light: warm black, brown, cream. */
const SEPIA: readonly Rgb[] = [
  [18, 10, 5],
  [96, 66, 42],
  [182, 148, 112],
  [255, 242, 218],
];

function shadeMono({ picture, params, cache = createThreadCache() }: EffectInput<Params>): Shader {
  const { strength } = params;
  if (strength === 0) return { passes: [], create: () => () => {} };
  return {
    passes: [],
    create() {
      const { style, dark, light, contrast } = params;
      const curves = cache.take(`mono ${[style, dark, light, contrast, picture.colorSpace].join()}`, () => {
        const tables = createSrgbTables();
        return createCurves(params, (each) => convertRgb(each, 'srgb', picture.colorSpace, tables));
      });
      const change = createToneRows(picture.width, { grey: true, curves, strength }, { cache });
      return ({ y, line, alpha }) => change(y, line, alpha);
    },
  };
}

/** What each grey becomes, a curve for each channel. */
function createCurves(
  { style, dark, light, contrast }: Params,
  convert: (color: Rgb) => Rgb,
): readonly [Curve, Curve, Curve] {
  const stops = (
    style === 'sepia' ? SEPIA : style === 'duotone' ? [parseColor(dark), parseColor(light)] : undefined
  )?.map(convert);
  const curve = (channel: number) =>
    createCurve((share) => {
      const value = share + contrast * share * (1 - share) * (2 * share - 1);
      if (stops === undefined) return value;
      const at = value * (stops.length - 1);
      const i = Math.min(stops.length - 2, Math.floor(at));
      const [from, to] = [stops[i]?.[channel] ?? 0, stops[i + 1]?.[channel] ?? 0];
      return (from + (to - from) * (at - i)) / 255;
    });
  const first = curve(0);
  return stops === undefined ? [first, first, first] : [first, curve(1), curve(2)];
}
