import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Box, createPicture, type Matte, type Picture, resizeMatte, resizePicture } from '@focal/core';
import { readMask, readPhoto } from './photos.ts';

/** What happens to the subject of a drawn clip. */
export type Story = 'hidden' | 'gone' | 'crossing';

export interface FocusClip {
  readonly name: string;
  readonly frames: readonly Picture[];
  /** The subject's true box; undefined where none of it is seen. */
  readonly boxes: readonly (Box | undefined)[];
  /** Of the one who looks alike, in crossings. */
  readonly others: readonly (Box | undefined)[];
}

const WIDTH = 640;
const HEIGHT = 360;
/** Frames a second of the clips that parts are taken from. */
export const FRAME_RATE = 24;
/** First frame without the subject, and first frame in which all of it is back. */
export const LEAVES = 24;
export const RETURNS = LEAVES + FRAME_RATE + 4;
const FRAMES = RETURNS + FRAME_RATE + 6;

interface Cutout {
  readonly picture: Picture;
  readonly matte: Matte;
}

/** A real subject from one clip over the frames of another, on a drawn way: seeded. */
export async function drawFocusClip(folder: string, story: Story, seed: number): Promise<FocusClip> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const sorted = names.map(({ name }) => name).sort();
  const actor = sorted[seed % sorted.length] ?? '';
  const stage = sorted[(seed * 3 + 1 + Math.floor(seed / sorted.length)) % sorted.length] ?? '';
  const place = stage === actor ? (sorted[(seed + 2) % sorted.length] ?? '') : stage;
  const height = Math.round(HEIGHT * (0.28 + 0.02 * (seed % 5)));
  const grounds = await readGrounds(join(folder, place));
  const cutouts = await readCutouts(join(folder, actor), height);
  const isAlike = seed % 2 === 0;
  const frames: Picture[] = [];
  const boxes: (Box | undefined)[] = [];
  const others: (Box | undefined)[] = [];
  for (let i = 0; i < FRAMES; i++) {
    const frame = copy(bounce(grounds, i));
    const cutout = bounce(cutouts, i);
    const t = i / (FRAMES - 1);
    const [x, y] = [wayOf(seed, t), HEIGHT * (0.5 + 0.08 * Math.sin(seed + 5 * t))];
    if (story === 'crossing') {
      const twin = mirror(bounce(cutouts, i + 3));
      const otherX = WIDTH * (0.85 - 0.7 * t);
      const ownX = WIDTH * (0.15 + 0.7 * t);
      // Either may be in front.
      const own = () => boxes.push(paste(frame, cutout, ownX, HEIGHT * 0.5));
      const other = () => others.push(paste(frame, twin, otherX, HEIGHT * 0.5 + 6));
      if (isAlike) [own, other].forEach((draw) => draw());
      else [other, own].forEach((draw) => draw());
    } else {
      const isThere = story === 'hidden' || i < LEAVES;
      const box = isThere ? paste(frame, cutout, x, y) : undefined;
      const cover = story === 'hidden' ? coverAt(i) : undefined;
      if (cover !== undefined && box !== undefined) hide(frame, box, cover, isAlike ? meanColor(cutout) : [70, 90, 60]);
      boxes.push(cover === 0 ? undefined : box);
      others.push(undefined);
    }
    frames.push(frame);
  }
  return { name: `${actor} over ${place}`, frames, boxes, others };
}

/** How far above the subject the cover hangs, in its heights: 0 while it hides all of it. */
function coverAt(frame: number): number | undefined {
  if (frame < LEAVES - 4 || frame >= RETURNS) return undefined;
  if (frame < LEAVES) return (LEAVES - frame) / 4;
  if (frame < LEAVES + FRAME_RATE) return 0;
  return (frame - LEAVES - FRAME_RATE + 1) / 4;
}

function wayOf(seed: number, t: number): number {
  const [from, to] = seed % 2 === 0 ? [0.2, 0.75] : [0.8, 0.3];
  return WIDTH * (from + (to - from) * t);
}

/** There and back again. */
function bounce<T>(all: readonly T[], i: number): T {
  const round = 2 * (all.length - 1);
  const at = i % round;
  return all[at < all.length ? at : round - at] as T;
}

async function readGrounds(folder: string): Promise<readonly Picture[]> {
  const files = (await readdir(join(folder, 'frames'))).sort();
  return Promise.all(
    files.map(async (file) => resizePicture(await readPhoto(join(folder, 'frames', file)), WIDTH, HEIGHT)),
  );
}

async function readCutouts(folder: string, height: number): Promise<readonly Cutout[]> {
  const files = (await readdir(join(folder, 'frames'))).sort();
  const cutouts: Cutout[] = [];
  for (const file of files) {
    const mask = await readMask(join(folder, 'masks', file.replace('.jpg', '.png')));
    const region = boundsOf(mask);
    const photo = await readPhoto(join(folder, 'frames', file));
    const width = Math.max(1, Math.round((region.width / region.height) * height));
    cutouts.push({
      picture: resizePicture(photo, width, height, { region }),
      matte: resizeMatte(mask, width, height, { region }),
    });
  }
  return cutouts;
}

function boundsOf({ width, height, data }: Matte) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < data.length; i++) {
    if ((data[i] as number) < 128) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** Lays a cut-out over a frame, centred; gives its box. */
function paste(frame: Picture, { picture, matte }: Cutout, x: number, y: number): Box {
  const left = Math.round(x - picture.width / 2);
  const top = Math.round(y - picture.height / 2);
  for (let r = 0; r < picture.height; r++) {
    for (let c = 0; c < picture.width; c++) {
      const [fx, fy] = [left + c, top + r];
      if (fx < 0 || fy < 0 || fx >= frame.width || fy >= frame.height) continue;
      const alpha = (matte.data[r * picture.width + c] as number) / 255;
      for (let k = 0; k < 3; k++) {
        const at = (fy * frame.width + fx) * 4 + k;
        const own = picture.data[(r * picture.width + c) * 4 + k] as number;
        frame.data[at] = own * alpha + (frame.data[at] as number) * (1 - alpha);
      }
    }
  }
  return { x: left / WIDTH, y: top / HEIGHT, width: picture.width / WIDTH, height: picture.height / HEIGHT };
}

/** A board with stripes before a box, hung so many heights higher. */
function hide(frame: Picture, box: Box, above: number, color: readonly [number, number, number]): void {
  const left = Math.round((box.x - box.width * 0.15) * WIDTH);
  const right = Math.round((box.x + box.width * 1.15) * WIDTH);
  const top = Math.round((box.y - box.height * (0.15 + above * 1.3)) * HEIGHT);
  const bottom = top + Math.round(box.height * 1.3 * HEIGHT);
  for (let y = Math.max(0, top); y < Math.min(HEIGHT, bottom); y++) {
    for (let x = Math.max(0, left); x < Math.min(WIDTH, right); x++) {
      const light = Math.floor((x + y) / 9) % 2 === 0 ? 12 : -12;
      for (let k = 0; k < 3; k++) frame.data[(y * WIDTH + x) * 4 + k] = (color[k] as number) + light;
    }
  }
}

function meanColor({ picture, matte }: Cutout): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  let weight = 1e-6;
  for (let i = 0; i < matte.data.length; i++) {
    const alpha = (matte.data[i] as number) / 255;
    weight += alpha;
    for (const k of [0, 1, 2] as const) sums[k] += (picture.data[i * 4 + k] as number) * alpha;
  }
  return [sums[0] / weight, sums[1] / weight, sums[2] / weight];
}

function mirror({ picture, matte }: Cutout): Cutout {
  const { width, height } = picture;
  const turned = createPicture(width, height);
  const alpha = { ...matte, data: matte.data.slice() };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * width + width - 1 - x;
      turned.data.set(picture.data.subarray(from * 4, from * 4 + 4), (y * width + x) * 4);
      alpha.data[y * width + x] = matte.data[from] as number;
    }
  }
  return { picture: turned, matte: alpha };
}

function copy(picture: Picture): Picture {
  return createPicture(picture.width, picture.height, { data: picture.data.slice() });
}
