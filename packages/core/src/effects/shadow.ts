import { z } from 'zod';
import { planContact } from './around/contact.ts';
import { nothingToShade, shadeCovered, toDirection, toPictureColor, unite } from './around/cover.ts';
import { createFieldRows, planCoverage, toGrid } from './around/field.ts';
import { planGaussian } from './around/gaussian.ts';
import type { Effect, EffectInput } from './effect.ts';
import { colorText } from './parameters.ts';
import { planShader, type Shader } from './shade.ts';

const schema = z.object({
  distance: z.number().min(0).max(0.2).default(0.02).meta({
    title: 'Distance',
    description: 'How far the shadow falls, as a share of the longer side: 0.02 is 2 %.',
    step: 0.001,
  }),
  angleDeg: z.number().min(0).max(360).default(150).meta({
    title: 'Direction',
    description: 'Where the shadow falls to: 0 up, 90 right, 180 down.',
    unit: '°',
    step: 1,
    control: 'angle',
  }),
  blur: z.number().min(0).max(0.1).default(0.014).meta({
    title: 'Blur',
    description: 'How soft its edge is, as a share of the longer side.',
    step: 0.001,
  }),
  color: colorText.default('#000000').meta({
    title: 'Colour',
    description: 'Colour of the shadow.',
    control: 'color',
  }),
  strength: z.number().min(0).max(1).default(0.55).meta({
    title: 'Strength',
    description: 'How dark it is: 1 hides what it falls on.',
    step: 0.01,
  }),
  ground: z.number().min(0).max(1).default(0).meta({
    title: 'Ground',
    description: 'How dark the ground is where the subject stands, if its feet are in the picture.',
    step: 0.01,
  }),
});

/** Cells of the grid for each standard deviation. */
const CELLS_A_SIGMA = 4;
/** The standard deviation where no blur is asked for, as a share of the longer side: edges show no steps. */
const LEAST_SIGMA = 0.0008;
/** Less than this is nothing: far from the subject the picture keeps its bytes. */
const FAINT = 1 / 1024;

/** A shadow of the subject on what is behind it. */
export const shadow: Effect<typeof schema> = {
  name: 'shadow',
  title: 'Shadow',
  description: 'Lets the subject throw a soft shadow on what is behind it.',
  schema,
  needs: ['matte'],
  assets: [],
  on: 'main',
  takes: 'cut',
  plan: (input) => planShader(input, shadeShadow(input)),
  shade: shadeShadow,
};

function shadeShadow({ picture, params, selection, allocate }: EffectInput<z.output<typeof schema>>): Shader {
  const { strength, ground } = params;
  const alpha = selection?.alpha;
  if (alpha === undefined || (strength === 0 && ground === 0)) return nothingToShade;
  const longer = Math.max(picture.width, picture.height);
  const sigma = Math.max(LEAST_SIGMA, params.blur / 2);
  const grid = toGrid(picture, Math.min(1280, CELLS_A_SIGMA / sigma));
  const coverage = planCoverage(alpha, grid, allocate);
  const cells = sigma * Math.max(grid.width, grid.height);
  const blur = planGaussian(coverage.field, cells, cells, allocate);
  const contact = ground > 0 ? planContact(alpha, picture, allocate) : undefined;
  const { x, y } = toDirection(params.angleDeg);
  const [rightPx, downPx] = [x * params.distance * longer, y * params.distance * longer];
  const color = toPictureColor(params.color, picture);
  const isSeen = (value: number): boolean => value > 0;
  const createFill = () => {
    const rows = createFieldRows(blur.field, picture, { rightPx, downPx, isSeen });
    const grounds = contact === undefined ? undefined : createFieldRows(contact.field, picture, { isSeen });
    const other = new Float32Array(picture.width);
    return (y: number, cover: Float32Array): readonly [number, number] => {
      const [own, below] = [rows.enter(y), grounds?.enter(y) ?? ([0, 0] as const)];
      const [from, to] = unite(own, below);
      cover.fill(0, from, to);
      rows.read(cover, ...own);
      other.fill(0, from, to);
      grounds?.read(other, ...below);
      for (let x = from; x < to; x++) {
        const share = 1 - (1 - strength * (cover[x] as number)) * (1 - ground * (other[x] as number));
        cover[x] = share < FAINT ? 0 : share - FAINT;
      }
      return [from, to];
    };
  };
  return {
    passes: [...coverage.passes, ...blur.passes, ...(contact?.passes ?? [])],
    create: shadeCovered(createFill, (bench, from, to) => bench.paintBehind(color, from, to)),
  };
}
