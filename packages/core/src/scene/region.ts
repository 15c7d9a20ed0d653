import { squaredDistances } from '../filters/distance.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { isInBox, type Point } from './geometry.ts';
import type { RegionMatte } from './scene.ts';

// Alpha below this is left out of boxes, and counts as none.
const FAINT = 13;
const HALF = 128;

/** The part of a matte of the whole picture that has anything in it; nothing where none reaches one half. */
export function toRegionMatte(matte: Matte): RegionMatte | undefined {
  const { width, height, data } = matte;
  let [left, top, right, bottom, most] = [width, height, 0, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = data[i] as number;
      if (value < FAINT) continue;
      if (value > most) most = value;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  if (most < HALF) return undefined;
  const part = createMatte(right - left, bottom - top);
  for (let y = top; y < bottom; y++) {
    part.data.set(data.subarray(y * width + left, y * width + right), (y - top) * part.width);
  }
  return {
    box: { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height },
    matte: part,
  };
}

/** Alpha 0..255 at a point of the picture; 0 outside of the region. */
export function alphaAt({ box, matte }: RegionMatte, point: Point): number {
  if (!isInBox(point, box) || box.width <= 0 || box.height <= 0) return 0;
  const x = Math.min(matte.width - 1, Math.floor(((point.x - box.x) / box.width) * matte.width));
  const y = Math.min(matte.height - 1, Math.floor(((point.y - box.y) / box.height) * matte.height));
  return matte.data[y * matte.width + x] as number;
}

/** The point of the region farthest from where alpha falls below one half: its surest place. */
export function deepestPoint({ box, matte }: RegionMatte): Point {
  const width = matte.width + 2;
  const outside = new Uint8Array(width * (matte.height + 2)).fill(1);
  for (let y = 0, i = 0; y < matte.height; y++) {
    for (let x = 0; x < matte.width; x++, i++) {
      if ((matte.data[i] as number) >= HALF) outside[(y + 1) * width + x + 1] = 0;
    }
  }
  const distances = squaredDistances(outside, width, matte.height + 2);
  let best = width + 1;
  for (let i = 0; i < distances.length; i++) if ((distances[i] as number) > (distances[best] as number)) best = i;
  const x = best % width;
  const y = (best - x) / width;
  return {
    x: box.x + (box.width * (x - 0.5)) / matte.width,
    y: box.y + (box.height * (y - 0.5)) / matte.height,
  };
}

/** How much of the picture the region covers, 0..1. */
export function regionArea({ box, matte }: RegionMatte): number {
  let sum = 0;
  for (let i = 0; i < matte.data.length; i++) sum += matte.data[i] as number;
  return (sum / 255 / matte.data.length) * box.width * box.height;
}
