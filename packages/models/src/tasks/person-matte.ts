import {
  createMatte,
  FocalError,
  type Matte,
  type Picture,
  type Region,
  resizeMatte,
  type ThreadCache,
  toTensor,
} from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { toBytes } from './matte.ts';
import { takeFloats } from './outputs.ts';

const SIDE = 256;
const HALF = 128;
// Room around the people for the closer look, as a share of their box on each side.
const MARGIN = 0.1;

/**
 * People against everything else, by MediaPipe's selfie segmentation: 256×256 whatever the picture's shape, which the
 * model sees stretched to a square (better than with borders). The mean of four looks: the whole picture and the box
 * around the people found in it, each also mirrored. Some 10 ms. The session stays the caller's.
 */
export async function runPersonMatte(session: Session, picture: Picture, options: RunOptions = {}): Promise<Matte> {
  const whole = await runMirrored(session, picture, options);
  const box = findPeople(createMatte(SIDE, SIDE, { data: toBytes(whole) }));
  if (box === undefined) return createMatte(SIDE, SIDE, { data: toBytes(whole) });
  const { width, height } = picture;
  const region = {
    x: (box.x / SIDE) * width,
    y: (box.y / SIDE) * height,
    width: (box.width / SIDE) * width,
    height: (box.height / SIDE) * height,
  };
  const near = createMatte(SIDE, SIDE, { data: toBytes(await runMirrored(session, picture, { ...options, region })) });
  return createMatte(SIDE, SIDE, { data: toBytes(averageInside(whole, near, box)) });
}

/** One look only, which is what live video has time for: 256×256, some 2 ms. */
export async function runPersonMatteOnce(
  session: Session,
  picture: Picture,
  { cache, ...options }: RunOptions & { readonly cache?: ThreadCache } = {},
): Promise<Matte> {
  const { data } = toTensor(picture, SIDE, SIDE, { fit: 'stretch', layout: 'nhwc', cache });
  return createMatte(SIDE, SIDE, { data: toBytes(await runTensor(session, data, options)) });
}

/** The mean of the model's answers to a picture and to its mirror image, as shares 0..1. */
async function runMirrored(
  session: Session,
  picture: Picture,
  { region, ...options }: RunOptions & { readonly region?: Region },
): Promise<Float32Array> {
  const { data } = toTensor(picture, SIDE, SIDE, {
    fit: 'stretch',
    layout: 'nhwc',
    ...(region === undefined ? {} : { region }),
  });
  const straight = await runTensor(session, data, options);
  const mirrored = await runTensor(session, mirrorPixels(data), options);
  const mean = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < mean.length; row += SIDE) {
    for (let x = 0, back = row + SIDE - 1; x < SIDE; x++, back--) {
      mean[row + x] = ((straight[row + x] as number) + (mirrored[back] as number)) / 2;
    }
  }
  return mean;
}

async function runTensor(session: Session, data: Float32Array, options: RunOptions): Promise<Float32Array> {
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  if (input === undefined || output === undefined) {
    throw new FocalError('model-invalid', 'Expected a person model with an input and an output.');
  }
  const outputs = await session.run({ [input]: { type: 'float32', data, dims: [1, SIDE, SIDE, 3] } }, options);
  return takeFloats(outputs, output, SIDE * SIDE);
}

/** RGB pixels with left and right swapped. */
function mirrorPixels(values: Float32Array): Float32Array {
  const mirrored = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += SIDE * 3) {
    for (let from = row, to = row + SIDE * 3 - 3; to >= row; from += 3, to -= 3) {
      mirrored[to] = values[from] as number;
      mirrored[to + 1] = values[from + 1] as number;
      mirrored[to + 2] = values[from + 2] as number;
    }
  }
  return mirrored;
}

/**
 * The box around everything of note in the mask, with some room, in whole mask pixels. Parts smaller than a tenth of
 * the largest are left out. Nothing where the mask is empty.
 */
export function findPeople(mask: Matte): Region | undefined {
  const parts = findParts(mask);
  const largest = Math.max(0, ...parts.map((part) => part.pixels));
  const kept = parts.filter((part) => part.pixels >= largest / 10);
  if (kept.length === 0) return undefined;
  const left = Math.min(...kept.map((part) => part.left));
  const top = Math.min(...kept.map((part) => part.top));
  const right = Math.max(...kept.map((part) => part.right));
  const bottom = Math.max(...kept.map((part) => part.bottom));
  const x = Math.max(0, Math.round(left - MARGIN * (right - left)));
  const y = Math.max(0, Math.round(top - MARGIN * (bottom - top)));
  return {
    x,
    y,
    width: Math.min(mask.width, Math.round(right + MARGIN * (right - left))) - x,
    height: Math.min(mask.height, Math.round(bottom + MARGIN * (bottom - top))) - y,
  };
}

interface Part {
  readonly pixels: number;
  readonly left: number;
  readonly top: number;
  /** One past the last. */
  readonly right: number;
  readonly bottom: number;
}

/** Connected parts (by sides) of the mask above one half. */
function findParts({ width, height, data }: Matte): readonly Part[] {
  const seen = new Uint8Array(width * height);
  const parts: Part[] = [];
  // Each pixel is put in at most once.
  const open = new Int32Array(width * height);
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1 || (data[start] as number) < HALF) continue;
    let [left, top, right, bottom] = [width, height, 0, 0];
    let pixels = 1;
    open[0] = start;
    seen[start] = 1;
    for (let taken = 0; taken < pixels; taken++) {
      const at = open[taken] as number;
      const x = at % width;
      const y = (at - x) / width;
      if (x < left) left = x;
      if (y < top) top = y;
      if (x >= right) right = x + 1;
      if (y >= bottom) bottom = y + 1;
      if (y > 0) pixels = reach(at - width, pixels);
      if (y + 1 < height) pixels = reach(at + width, pixels);
      if (x > 0) pixels = reach(at - 1, pixels);
      if (x + 1 < width) pixels = reach(at + 1, pixels);
    }
    parts.push({ pixels, left, top, right, bottom });
  }
  return parts;

  function reach(pixel: number, pixels: number): number {
    if (seen[pixel] === 1 || (data[pixel] as number) < HALF) return pixels;
    seen[pixel] = 1;
    open[pixels] = pixel;
    return pixels + 1;
  }
}

/** Inside the box the mean of both looks; outside, where the closer look saw nothing, half of the first. */
function averageInside(whole: Float32Array, near: Matte, box: Region): Float32Array {
  const fitted = resizeMatte(near, box.width, box.height);
  const mean = new Float32Array(whole.length);
  for (let i = 0; i < mean.length; i++) mean[i] = (whole[i] as number) / 2;
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const at = (y + box.y) * SIDE + x + box.x;
      mean[at] = (mean[at] as number) + (fitted.data[y * box.width + x] as number) / 510;
    }
  }
  return mean;
}
