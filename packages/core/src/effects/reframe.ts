import { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import type { Region } from '../picture/resize.ts';
import { parseAspect } from '../scene/aspect.ts';
import { cropToAspect, toCropRegion } from '../scene/crops.ts';
import { type Box, boxCentre, clampBox } from '../scene/geometry.ts';
import type { Scene } from '../scene/scene.ts';
import type { Effect, EffectInput } from './effect.ts';

const schema = z.object({
  aspect: z
    .enum(['free', 'original', '1:1', '4:5', '5:4', '3:4', '4:3', '2:3', '3:2', '9:16', '16:9'])
    .default('free')
    .meta({
      title: 'Shape',
      description: 'Width by height of what stays; free fits it to the subject.',
    }),
  margin: z.number().min(0).max(1).default(0.08).meta({
    title: 'Margin',
    description: 'Room around the subject as a share of its longer side, as far as the picture has it.',
    step: 0.01,
  }),
});

type Params = z.output<typeof schema>;

/** The part of the picture that shows the subject. */
export const reframe: Effect<typeof schema> = {
  name: 'reframe',
  title: 'Crop to subject',
  description: 'Crops the picture to the subject, with some room around it, in the shape you choose.',
  schema,
  needs: ['matte'],
  // Where the subject does not fit the shape, faces are what is not cut.
  needsOf: ({ aspect }) => (aspect === 'free' ? ['matte'] : ['matte', 'faces']),
  assets: [],
  on: 'main',
  order: 'last',
  plan: planCrop,
};

/** Columns and rows at the ends that hold no more than this share of the subject are stray specks of a matte. */
const STRAY = 0.002;
/** Alpha below this is no subject. */
const SEEN = 48;

function planCrop({ picture, scene, params, allocate }: EffectInput<Params>): Plan<Picture> {
  const { x, y, width, height } = regionOf(picture, scene, params);
  const result = createPicture(width, height, { colorSpace: picture.colorSpace, allocate });
  const run = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      const start = ((y + row) * picture.width + x) * 4;
      result.data.set(picture.data.subarray(start, start + width * 4), row * width * 4);
    }
  };
  return { passes: [{ name: 'reframe', rows: height, run }], result };
}

function regionOf(picture: Picture, scene: Scene, { aspect, margin }: Params): Region {
  const subject = scene.matte === undefined ? undefined : findBox(scene.matte.matte);
  const shape =
    aspect === 'free' ? undefined : aspect === 'original' ? picture.width / picture.height : parseAspect(aspect).ratio;
  if (subject === undefined) {
    const all = { x: 0, y: 0, width: picture.width, height: picture.height };
    return shape === undefined
      ? all
      : toCropRegion(cropToAspect({ ...scene, ...sizeOf(picture) }, shape), picture, shape);
  }
  const roomy = grow(subject, margin, picture);
  if (shape === undefined) return toPixels(clampBox(roomy), picture);
  const fitted = fit(roomy, shape, picture) ?? cropToAspect(withSubject(scene, subject, picture), shape);
  return toCropRegion(fitted, picture, shape);
}

/** The smallest box of this shape around another that the picture has room for, moved inside; none where it has not. */
function fit(box: Box, shape: number, { width, height }: Picture): Box | undefined {
  const ratio = shape * (height / width);
  const wide = Math.max(box.width, box.height * ratio);
  const tall = wide / ratio;
  if (wide > 1 || tall > 1) return undefined;
  const centre = boxCentre(box);
  const inside = (middle: number, length: number) => Math.min(1 - length, Math.max(0, middle - length / 2));
  return { x: inside(centre.x, wide), y: inside(centre.y, tall), width: wide, height: tall };
}

function grow(box: Box, margin: number, { width, height }: Picture): Box {
  const room = margin * Math.max(box.width * width, box.height * height);
  const [x, y] = [room / width, room / height];
  return { x: box.x - x, y: box.y - y, width: box.width + 2 * x, height: box.height + 2 * y };
}

function toPixels(box: Box, { width, height }: Picture): Region {
  const x = Math.min(width - 1, Math.floor(box.x * width + 1e-6));
  const y = Math.min(height - 1, Math.floor(box.y * height + 1e-6));
  const right = Math.max(x + 1, Math.min(width, Math.ceil((box.x + box.width) * width - 1e-6)));
  const bottom = Math.max(y + 1, Math.min(height, Math.ceil((box.y + box.height) * height - 1e-6)));
  return { x, y, width: right - x, height: bottom - y };
}

/** A scene whose main subject lies in this box. */
function withSubject(scene: Scene, box: Box, picture: Picture): Scene {
  const { x, y } = boxCentre(box);
  return {
    ...scene,
    ...sizeOf(picture),
    saliency: {
      map: createMatte(1, 1),
      classes: [],
      vocabulary: 'coco',
      box,
      // Heads are in the upper part of most subjects.
      focalPoint: { x, y: (box.y + y) / 2 },
      confidence: 1,
      basis: 'matte',
      provenance: { models: [] },
    },
  };
}

function sizeOf({ width, height }: Picture): { readonly width: number; readonly height: number } {
  return { width, height };
}

/** Where the matte shows the subject, in fractions, without stray specks. None where it shows nothing. */
function findBox({ width, height, data }: Matte): Box | undefined {
  const columns = new Float64Array(width);
  const rows = new Float64Array(height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = data[i] as number;
      if (value < SEEN) continue;
      columns[x] = (columns[x] as number) + value;
      rows[y] = (rows[y] as number) + value;
    }
  }
  const across = span(columns);
  const down = span(rows);
  if (across === undefined || down === undefined) return undefined;
  return {
    x: across[0] / width,
    y: down[0] / height,
    width: (across[1] - across[0]) / width,
    height: (down[1] - down[0]) / height,
  };
}

/** From the first place to after the last, without what is stray at both ends. */
function span(sums: Float64Array): readonly [number, number] | undefined {
  const stray = STRAY * sums.reduce((sum, value) => sum + value, 0);
  const walk = (indices: Iterable<number>): number | undefined => {
    let sum = 0;
    for (const i of indices) {
      sum += sums[i] as number;
      if (sum > stray) return i;
    }
    return undefined;
  };
  const first = walk(sums.keys());
  const last = walk([...sums.keys()].reverse());
  return first === undefined || last === undefined ? undefined : [first, last + 1];
}
