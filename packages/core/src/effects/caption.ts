import { z } from 'zod';
import { FocalError } from '../errors.ts';
import { parseColor, type Rgb } from '../picture/color.ts';
import { convertRgb } from '../picture/color-space.ts';
import type { Matte } from '../picture/matte.ts';
import { createSrgbTables } from '../picture/srgb.ts';
import type { Point } from '../scene/geometry.ts';
import { placeCaption } from '../text/place-caption.ts';
import { MAX_TEXT_LENGTH, type TextBlock } from '../text/text-layout.ts';
import { type Halo, planLetters } from './caption/letters.ts';
import type { Effect, EffectInput, LayOutText } from './effect.ts';
import { colorText } from './parameters.ts';
import { planShader, type ShadeRow, type Shader } from './shade.ts';

const schema = z.object({
  text: z.string().max(MAX_TEXT_LENGTH).default('').meta({
    title: 'Text',
    description: 'What is written. Long text is broken into lines.',
  }),
  size: z.number().min(0.01).max(0.5).default(0.08).meta({
    title: 'Size',
    description: 'Height of the letters, as a share of the shorter side; less where the text would not fit.',
    step: 0.005,
  }),
  color: colorText.default('#ffffff').meta({
    title: 'Colour',
    description: 'Colour of the letters.',
    control: 'color',
  }),
  bold: z.boolean().default(true).meta({ title: 'Bold', description: 'Bold letters.' }),
  style: z.enum(['shadow', 'outline', 'banner', 'plain']).default('shadow').meta({
    title: 'Style',
    description: 'What makes the letters readable on any photo.',
  }),
  backColor: colorText.default('#000000').meta({
    title: 'Behind',
    description: 'Colour of shadow, outline or banner.',
    control: 'color',
    when: { parameter: 'style', is: ['shadow', 'outline', 'banner'] },
  }),
  place: z.enum(['auto', 'bottom', 'top']).default('auto').meta({
    title: 'Place',
    description: 'Where it stands where no face is in the way; auto takes what is freer.',
  }),
  margin: z.number().min(0).max(0.3).default(0.05).meta({
    title: 'Margin',
    description: 'Least room to the borders, as a share of the shorter side: more where there is a frame.',
    step: 0.01,
  }),
  width: z.number().min(0.1).max(1).default(0.86).meta({
    title: 'Width',
    description: 'Longest line, as a share of the width of the picture.',
    step: 0.01,
  }),
});

type Params = z.output<typeof schema>;

/** Lines more than this are cut with an ellipsis. */
const MAX_LINES = 12;
/** The block may take this much of the height; a font that needs more is made smaller in such steps. */
const TALLEST = 0.45;
const SMALLER = 0.86;
const TRIES = 16;
const STRENGTHS: Readonly<Record<Params['style'], number>> = { shadow: 0.75, outline: 0.95, banner: 0.62, plain: 0 };

/** Text on the picture, clear of faces. */
export const caption: Effect<typeof schema> = {
  name: 'caption',
  title: 'Caption',
  description: 'Writes text onto the picture, where it covers no face.',
  schema,
  needs: ['faces'],
  assets: [],
  layOut: layOutCaption,
  plan: (input) => planShader(input, shade(input)),
  shade,
};

/** The largest font up to the wished size that suits the picture. */
function layOutCaption(
  params: Params,
  picture: { width: number; height: number },
  layOut: LayOutText,
): TextBlock | undefined {
  if (params.text.trim() === '') return undefined;
  const maxWidthPx = Math.max(1, params.width * picture.width);
  let block: TextBlock | undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const sizePx = sizeOf(params, picture) * SMALLER ** attempt;
    const options = { sizePx, maxWidthPx, lineHeight: 1.25, align: 'center', maxLines: MAX_LINES } as const;
    block = layOut(params.text, { ...options, bold: params.bold });
    if (block.height <= TALLEST * picture.height && block.width <= maxWidthPx && !block.isCut) break;
    if (sizePx < 6) break;
  }
  return block;
}

function sizeOf({ size }: Params, { width, height }: { width: number; height: number }): number {
  return Math.max(4, size * Math.min(width, height));
}

function shade(input: EffectInput<Params>): Shader {
  const { picture, params, text: block, allocate } = input;
  if (params.text.trim() === '') return { passes: [], create: () => () => undefined };
  if (block === undefined) {
    throw new FocalError('invalid-argument', 'A caption needs its text laid out, which was not done.', {
      hint: 'Resolve the recipe with fonts.',
    });
  }
  const tables = createSrgbTables();
  const toOwn = (color: string): Rgb => convertRgb(parseColor(color), 'srgb', picture.colorSpace, tables);
  // The lines tell the size that was taken: they are one line height apart.
  const sizePx = block.height / Math.max(1, block.lines.length) / 1.25;
  const halo: Halo = params.style === 'shadow' || params.style === 'outline' ? params.style : 'none';
  const drawn = planLetters(block, sizePx, halo, allocate);
  const room = params.style === 'banner' ? Math.round(sizePx * 0.5) : 0;
  const size = { width: Math.ceil(block.width) + 2 * room, height: Math.ceil(block.height) + 2 * room };
  const { x, y } = place(input, size);
  const banner = { x, y, ...size, radius: Math.min(room, size.height / 2) };
  const left = x + room - drawn.result.pad;
  const top = y + room - drawn.result.pad;
  const ink = toOwn(params.color);
  const back = toOwn(params.backColor);
  const strength = STRENGTHS[params.style];
  return {
    passes: drawn.passes,
    create: () => (row) => {
      if (params.style === 'banner') drawBanner(row, banner, back, strength);
      const { letters, halo: around } = drawn.result;
      if (around !== undefined) drawMatte(row, around, left, top, back, strength);
      drawMatte(row, letters, left, top, ink, 1);
    },
  };
}

/** Where the block goes: within the margins where it fits there, clear of faces. */
function place({ picture, scene, params }: EffectInput<Params>, size: { width: number; height: number }): Point {
  const { width, height } = picture;
  // A little room the placing keeps by itself.
  const wished = Math.round(Math.max(0, params.margin - 0.04) * Math.min(width, height));
  const inset = Math.max(0, Math.min(wished, (width - size.width) >> 1, (height - size.height) >> 1));
  const inner = { width: width - 2 * inset, height: height - 2 * inset };
  const faces = (scene.faces?.faces ?? []).map(({ box }) => ({
    x: (box.x * width - inset) / inner.width,
    y: (box.y * height - inset) / inner.height,
    width: (box.width * width) / inner.width,
    height: (box.height * height) / inner.height,
  }));
  const { x, y } = placeCaption(inner, size, faces, params.place);
  return { x: x + inset, y: y + inset };
}

/** The row of a matte whose corner lies at `left`, `top`, in one colour over what is there. */
function drawMatte(
  { y, width, line }: ShadeRow,
  matte: Matte,
  left: number,
  top: number,
  color: Rgb,
  strength: number,
): void {
  const row = y - top;
  if (row < 0 || row >= matte.height) return;
  for (let x = Math.max(0, left), end = Math.min(width, left + matte.width); x < end; x++) {
    const value = matte.data[row * matte.width + x - left] as number;
    if (value > 0) over(line, x * 4, color, (value / 255) * strength);
  }
}

interface Banner {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}

function drawBanner({ y, width, line }: ShadeRow, banner: Banner, color: Rgb, strength: number): void {
  const { radius } = banner;
  const [cx, cy] = [banner.x + banner.width / 2, banner.y + banner.height / 2];
  // Distance to a box with round corners (Quilez, "2D distance functions").
  const v = Math.abs(y + 0.5 - cy) - banner.height / 2 + radius;
  for (let x = Math.max(0, banner.x - 1), end = Math.min(width, banner.x + banner.width + 1); x < end; x++) {
    const u = Math.abs(x + 0.5 - cx) - banner.width / 2 + radius;
    const [a, b] = [Math.max(u, 0), Math.max(v, 0)];
    const far = Math.min(Math.max(u, v), 0) + Math.sqrt(a * a + b * b) - radius;
    const share = Math.min(1, Math.max(0, 0.5 - far));
    if (share > 0) over(line, x * 4, color, share * strength);
  }
}

function over(line: Float32Array, at: number, color: Rgb, share: number): void {
  for (let c = 0; c < 3; c++) {
    const was = line[at + c] as number;
    line[at + c] = was + ((color[c] as number) - was) * share;
  }
  const alpha = line[at + 3] as number;
  line[at + 3] = alpha + (255 - alpha) * share;
}
