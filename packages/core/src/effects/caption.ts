import { z } from 'zod';
import { FocalError } from '../errors.ts';
import { parseColor, type Rgb } from '../picture/color.ts';
import { convertRgb } from '../picture/color-space.ts';
import type { Matte } from '../picture/matte.ts';
import { createSrgbTables } from '../picture/srgb.ts';
import type { Scene } from '../scene/scene.ts';
import { type PlacedCaption, placeCaption } from '../text/place-caption.ts';
import { MAX_TEXT_LENGTH, type TextBlock } from '../text/text-layout.ts';
import { type Halo, planLetters } from './caption/letters.ts';
import type { Effect, EffectInput, LayOutText, WrittenText } from './effect.ts';
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
/** Where a face is in the way letters become no smaller than this share of the shorter side, and this many px. */
const LEAST = 0.03;
const LEAST_PX = 10;
/** Lengths of lines that are tried then: shares of the wished one, and the longest of all, a share of the picture. */
const NARROWER = [0.75, 0.55, 0.4, 0.28];
const WIDEST = 0.92;
const LINE_HEIGHT = 1.25;
/** Share of a block over faces that is a matter of rounding. */
const NEXT_TO_NOTHING = 1e-6;
const COVERS =
  'The caption covers part of a face: no place is clear of them. A shorter text, or smaller letters, may fit.';
/** A letter of a word in a script that breaks its lines between words. */
const LETTER = String.raw`(?![\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}])[\p{L}\p{M}\p{N}]`;
const IN_WORD = new RegExp(`${LETTER}$`, 'u');
const WORD_GOES_ON = new RegExp(`^${LETTER}`, 'u');
const STRENGTHS: Readonly<Record<Params['style'], number>> = { shadow: 0.75, outline: 0.95, banner: 0.62, plain: 0 };

/** Text on the picture, clear of faces. */
export const caption: Effect<typeof schema> = {
  name: 'caption',
  title: 'Caption',
  description: 'Writes text onto the picture, where it covers no face; smaller where that takes it.',
  schema,
  needs: ['faces'],
  assets: [],
  layOut: layOutCaption,
  plan: (input) => planShader(input, shade(input)),
  shade,
};

/**
 * The largest font up to the wished size that suits the picture. Where it would cover a face, shorter and longer lines
 * are tried for it, then the same for smaller letters; where nothing is clear, what covers least.
 */
function layOutCaption(params: Params, { picture, scene }: Photo, layOut: LayOutText): WrittenText | undefined {
  if (params.text.trim() === '') return undefined;
  const wished = layOutFrom(params, picture, layOut);
  let least = { block: wished.block, area: coveredArea(params, picture, scene, wished.block) };
  if (least.area === 0) return { block: wished.block };
  const torn = countTorn(params.text, wished.block);
  for (const block of listSmaller(params, picture, layOut, wished.sizePx)) {
    if ((block.isCut && !wished.block.isCut) || countTorn(params.text, block) > torn) continue;
    const area = coveredArea(params, picture, scene, block);
    if (area === 0) return { block };
    if (area < least.area) least = { block, area };
  }
  return { block: least.block, warning: COVERS };
}

interface Photo {
  readonly picture: { readonly width: number; readonly height: number };
  readonly scene: Scene;
}

/** As large as wished, or as large as the picture has room for; with the size of its letters in px. */
function layOutFrom(
  params: Params,
  picture: Photo['picture'],
  layOut: LayOutText,
): { readonly block: TextBlock; readonly sizePx: number } {
  const maxWidthPx = Math.max(1, params.width * picture.width);
  let sizePx = sizeOf(params, picture);
  let block = layOutIn(params, sizePx, maxWidthPx, layOut);
  for (let attempt = 1; attempt < TRIES && !hasRoom(block, maxWidthPx, picture) && sizePx >= 6; attempt++) {
    sizePx = sizeOf(params, picture) * SMALLER ** attempt;
    block = layOutIn(params, sizePx, maxWidthPx, layOut);
  }
  return { block, sizePx };
}

/** Shorter and longer lines for letters of this size, then of smaller ones, as far as they have room. */
function* listSmaller(
  params: Params,
  picture: Photo['picture'],
  layOut: LayOutText,
  fromPx: number,
): Generator<TextBlock> {
  const widest = Math.max(params.width, WIDEST);
  const shares = [params.width, ...NARROWER.map((share) => share * params.width), widest];
  const leastPx = Math.min(fromPx, Math.max(LEAST_PX, LEAST * Math.min(picture.width, picture.height)));
  for (let sizePx = fromPx; ; sizePx = Math.max(leastPx, sizePx * SMALLER)) {
    for (const share of shares) {
      const maxWidthPx = Math.max(1, share * picture.width);
      const block = layOutIn(params, sizePx, maxWidthPx, layOut);
      if (hasRoom(block, maxWidthPx, picture)) yield block;
    }
    if (sizePx <= leastPx) return;
  }
}

function layOutIn({ text, bold }: Params, sizePx: number, maxWidthPx: number, layOut: LayOutText): TextBlock {
  return layOut(text, { sizePx, maxWidthPx, lineHeight: LINE_HEIGHT, align: 'center', maxLines: MAX_LINES, bold });
}

function hasRoom(block: TextBlock, maxWidthPx: number, { height }: Photo['picture']): boolean {
  return block.height <= TALLEST * height && block.width <= maxWidthPx && !block.isCut;
}

function sizeOf({ size }: Params, { width, height }: { width: number; height: number }): number {
  return Math.max(4, size * Math.min(width, height));
}

/** Words that are broken at the end of a line, in scripts that have spaces between them. */
function countTorn(text: string, { lines }: TextBlock): number {
  let torn = 0;
  let from = 0;
  for (const line of lines) {
    const at = Math.max(from, text.indexOf(line.text, from));
    if (at > 0 && IN_WORD.test(text.slice(0, at)) && WORD_GOES_ON.test(text.slice(at))) torn += 1;
    from = at + line.text.length;
  }
  return torn;
}

/** Area of faces under the block with what is drawn around it, in px². */
function coveredArea(params: Params, picture: Photo['picture'], scene: Scene, block: TextBlock): number {
  const size = sizeWithBanner(params, block);
  const { covered } = place({ picture, scene, params }, size);
  return covered < NEXT_TO_NOTHING ? 0 : covered * size.width * size.height;
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
  const sizePx = sizeOfLetters(block);
  const halo: Halo = params.style === 'shadow' || params.style === 'outline' ? params.style : 'none';
  const drawn = planLetters(block, sizePx, halo, allocate);
  const room = bannerRoom(params, block);
  const size = sizeWithBanner(params, block);
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

/** The lines tell the size that was taken: they are one line height apart. */
function sizeOfLetters({ height, lines }: TextBlock): number {
  return height / Math.max(1, lines.length) / LINE_HEIGHT;
}

/** Room between the letters and the banner's border, px. */
function bannerRoom({ style }: Params, block: TextBlock): number {
  return style === 'banner' ? Math.round(sizeOfLetters(block) * 0.5) : 0;
}

function sizeWithBanner(params: Params, block: TextBlock): { width: number; height: number } {
  const room = bannerRoom(params, block);
  return { width: Math.ceil(block.width) + 2 * room, height: Math.ceil(block.height) + 2 * room };
}

/** Where the block goes: within the margins where it fits there, clear of faces. */
function place(
  { picture, scene, params }: Photo & { readonly params: Params },
  size: { width: number; height: number },
): PlacedCaption {
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
  const placed = placeCaption(inner, size, faces, params.place);
  return { ...placed, x: placed.x + inset, y: placed.y + inset };
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
