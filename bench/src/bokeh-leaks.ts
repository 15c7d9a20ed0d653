import { join } from 'node:path';
import {
  allocateLocal,
  createMatte,
  createPicture,
  createSrgbTables,
  getEffect,
  type Matte,
  type Picture,
  parseParameters,
  runPlan,
} from '@focal/core';
import { readMaskedPhotos } from './eval-sets.ts';
import { readMask, readPhoto } from './photos.ts';

const PHOTOS = 20;
// Outermost pixels of the truth that are left out: masks drawn by hand are not exact to the pixel.
const EROSION = 3;
// Plain settings: the full radius everywhere, so that nothing is sharp that should not be.
const EVEN = { falloff: 0, ground: 0, highlights: 0 };

/**
 * How much red of a red disc is found in the ring of 1 to r pixels around it, before an even blue: the worst pixel,
 * as a share of full red. `plain` is a blur that knows no subject.
 */
export function measureRedLeak(radius: number): { readonly leak: number; readonly plain: number } {
  const [width, height, size] = [640, 480, 130];
  const r = radius * width;
  const picture = createPicture(width, height);
  const matte = createMatte(width, height);
  const outside = (i: number) =>
    Math.hypot((i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2) - size;
  for (let i = 0; i < width * height; i++) {
    const share = Math.max(0, Math.min(1, 0.5 - outside(i)));
    picture.data.set([Math.round(255 * share), 0, Math.round(255 * (1 - share)), 255], i * 4);
    matte.data[i] = Math.round(255 * share);
  }
  const worst = ({ data }: Picture) => {
    let most = 0;
    for (let i = 0; i < width * height; i++) {
      if (outside(i) >= 1 && outside(i) <= r) most = Math.max(most, data[i * 4] ?? 0);
    }
    return most / 255;
  };
  return {
    leak: worst(render(picture, matte, radius)),
    plain: worst(render(picture, createMatte(1, 1), radius)),
  };
}

export interface ColorShift {
  readonly photos: number;
  /** Mean change of the ring's pixels when the subject, and nothing else, takes other colours. */
  readonly shift: number;
  readonly plainShift: number;
  /** Change of the ring's mean colour from the photo to the result, mean of the photos. */
  readonly mean: number;
  readonly plainMean: number;
  /** The same for a blur that sees the background alone, pixel by pixel: what blurring itself does to the ring. */
  readonly leastMean: number;
}

/**
 * What the subject's colours do to the ring of r pixels around it, on labelled photos. The subject inside the eroded
 * truth is given its complementary colours: a bokeh that takes no light from the subject gives the same ring as before.
 */
export async function measureColorShift(data: string, radius: number): Promise<ColorShift> {
  const all = await readMaskedPhotos(join(data, 'ecssd300'));
  const step = Math.max(1, Math.floor(all.length / PHOTOS));
  const photos = all.filter(({ index }) => index % step === 0).slice(0, PHOTOS);
  const sums = { shift: 0, plainShift: 0, mean: 0, plainMean: 0, leastMean: 0 };
  for (const photo of photos) {
    const picture = await readPhoto(photo.image);
    const truth = await readMask(photo.mask);
    const r = radius * Math.max(truth.width, truth.height);
    const ring = findRing(truth, r);
    const recolored = invertInside(picture, ring.core);
    const nothing = createMatte(1, 1);
    const ours = render(picture, truth, radius);
    const plain = render(picture, nothing, radius);
    sums.shift += meanDifference(ours, render(recolored, truth, radius), ring.pixels);
    sums.plainShift += meanDifference(plain, render(recolored, nothing, radius), ring.pixels);
    sums.mean += differenceOfMeans(picture, ours, ring.pixels);
    sums.plainMean += differenceOfMeans(picture, plain, ring.pixels);
    sums.leastMean += differenceOfMeans(picture, gatherBackground(picture, truth, ring.pixels, r), ring.pixels);
  }
  const count = photos.length;
  return {
    photos: count,
    shift: sums.shift / count,
    plainShift: sums.plainShift / count,
    mean: sums.mean / count,
    plainMean: sums.plainMean / count,
    leastMean: sums.leastMean / count,
  };
}

function render(picture: Picture, matte: Matte, radius: number): Picture {
  const effect = getEffect('bokeh');
  const { width, height } = picture;
  const fact = { matte, provenance: { models: [] } };
  return runPlan(
    effect.plan({
      picture,
      scene: { version: 1, width, height, facts: ['matte'], matte: fact },
      params: parseParameters(effect, { ...EVEN, radius }),
      assets: {},
      allocate: allocateLocal,
    }),
  );
}

/** The eroded truth, and the pixels outside the truth that are no farther than r from it. */
function findRing(truth: Matte, r: number): { readonly core: Uint8Array; readonly pixels: readonly number[] } {
  const inside = Uint8Array.from(truth.data, (value) => (value >= 128 ? 1 : 0));
  const outside = inside.map((value) => 1 - value);
  const core = inside.map((value, i) => (value === 1 && !isNear(outside, truth, i, EROSION) ? 1 : 0));
  const pixels: number[] = [];
  for (let i = 0; i < core.length; i++) {
    if (inside[i] === 0 && !isNear(inside, truth, i, 1) && isNear(core, truth, i, r)) pixels.push(i);
  }
  return { core, pixels };
}

/** Whether a pixel of the set lies within the distance. */
function isNear(set: Uint8Array, { width, height }: Matte, i: number, distance: number): boolean {
  const [x, y, reach] = [i % width, Math.floor(i / width), Math.floor(distance)];
  for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
    for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
      if (set[v * width + u] === 1 && (u - x) ** 2 + (v - y) ** 2 <= distance ** 2) return true;
    }
  }
  return false;
}

/** Each of these pixels as the mean light of the background, and of nothing else, within the radius. */
function gatherBackground(picture: Picture, truth: Matte, pixels: readonly number[], radius: number): Picture {
  const { width, height } = picture;
  const { toLinear, fromLinear } = createSrgbTables();
  const reach = Math.floor(radius);
  const data = Uint8Array.from(picture.data);
  for (const i of pixels) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const light = [0, 0, 0];
    let seen = 0;
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
      for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
        const from = v * width + u;
        if ((truth.data[from] ?? 0) >= 128 || (u - x) ** 2 + (v - y) ** 2 > radius ** 2) continue;
        seen++;
        for (let c = 0; c < 3; c++) light[c] = (light[c] ?? 0) + (toLinear[picture.data[from * 4 + c] ?? 0] ?? 0);
      }
    }
    for (let c = 0; c < 3; c++) data[i * 4 + c] = fromLinear[Math.round(((light[c] ?? 0) / seen) * 65535)] ?? 0;
  }
  return { ...picture, data };
}

function invertInside(picture: Picture, core: Uint8Array): Picture {
  const data = Uint8Array.from(picture.data);
  for (let i = 0; i < core.length; i++) {
    if (core[i] === 1) for (let c = 0; c < 3; c++) data[i * 4 + c] = 255 - (data[i * 4 + c] ?? 0);
  }
  return { ...picture, data };
}

function meanDifference(a: Picture, b: Picture, pixels: readonly number[]): number {
  let sum = 0;
  for (const i of pixels) {
    for (let c = 0; c < 3; c++) sum += Math.abs((a.data[i * 4 + c] ?? 0) - (b.data[i * 4 + c] ?? 0));
  }
  return sum / Math.max(1, pixels.length * 3);
}

function differenceOfMeans(a: Picture, b: Picture, pixels: readonly number[]): number {
  let sum = 0;
  for (let c = 0; c < 3; c++) {
    const total = pixels.reduce((rest, i) => rest + (a.data[i * 4 + c] ?? 0) - (b.data[i * 4 + c] ?? 0), 0);
    sum += Math.abs(total / Math.max(1, pixels.length));
  }
  return sum / 3;
}
