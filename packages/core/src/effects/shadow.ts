import { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import { planContact } from './around/contact.ts';
import {
  type CoverRows,
  nothingToShade,
  type Span,
  shadeCovered,
  toDirection,
  toPictureColor,
  unite,
} from './around/cover.ts';
import { createFieldRows, type Field, type FieldRows, NO_FIELD } from './around/field.ts';
import { planSoftCoverage } from './around/soft-coverage.ts';
import { type Effect, type EffectInput, takeStep } from './effect.ts';
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

type Params = z.output<typeof schema>;

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
  paintsBehind: true,
  steps: [
    { name: 'cast', by: ['blur'], of: 'selection', plan: planCast },
    { name: 'contact', by: ['ground'], of: 'selection', plan: planGround },
  ],
  plan: (input) => planShader(input, shadeShadow(input)),
  shade: shadeShadow,
};

const NOWHERE: Span = [0, 0];

function shadeShadow(input: EffectInput<Params>): Shader {
  const { picture, params } = input;
  const { strength, ground } = params;
  const cast = takeStep(input, 'cast', planCast);
  const contact = takeStep(input, 'contact', planGround);
  const { result: field } = cast;
  if (field === undefined || (strength === 0 && ground === 0)) return nothingToShade;
  const longer = Math.max(picture.width, picture.height);
  const { x, y } = toDirection(params.angleDeg);
  const [rightPx, downPx] = [x * params.distance * longer, y * params.distance * longer];
  const color = toPictureColor(params.color, picture);
  const isSeen = (value: number): boolean => value > 0;
  const createRows = (): CoverRows => {
    const rows = createFieldRows(field, picture, { rightPx, downPx, isSeen });
    const grounds = contact.result && createFieldRows(contact.result, picture, { isSeen });
    const other = new Float32Array(picture.width);
    let [own, below] = [NOWHERE, NOWHERE];
    /** Reads what is to be seen of it in pixels `from` to `to`; the others are 0. */
    const read = (of: FieldRows | undefined, seen: Span, out: Float32Array, from: number, to: number): void => {
      out.fill(0, from, to);
      of?.read(out, Math.max(seen[0], from), Math.min(seen[1], to));
    };
    return {
      enter(y) {
        [own, below] = [rows.enter(y), grounds?.enter(y) ?? NOWHERE];
        return unite(own, below);
      },
      fill(cover, from, to) {
        read(rows, own, cover, from, to);
        read(grounds, below, other, from, to);
        for (let x = from; x < to; x++) {
          const share = 1 - (1 - strength * (cover[x] as number)) * (1 - ground * (other[x] as number));
          cover[x] = share < FAINT ? 0 : share - FAINT;
        }
      },
    };
  };
  return {
    passes: [...cast.passes, ...contact.passes],
    create: shadeCovered(createRows, (bench, from, to) => bench.paintBehind(color, from, to)),
  };
}

/** The subject's blurred alpha. */
function planCast({ picture, params, selection, allocate }: EffectInput<Params>): Plan<Field | undefined> {
  const alpha = selection?.alpha;
  if (alpha === undefined) return NO_FIELD;
  const sigma = Math.max(LEAST_SIGMA, params.blur / 2);
  return planSoftCoverage(picture, alpha, { sigma, mostCells: 1280 }, allocate);
}

/** How dark the ground is below the subject. */
function planGround({ picture, params, selection, allocate }: EffectInput<Params>): Plan<Field | undefined> {
  const alpha = selection?.alpha;
  return alpha === undefined || params.ground === 0 ? NO_FIELD : planContact(alpha, picture, allocate);
}
