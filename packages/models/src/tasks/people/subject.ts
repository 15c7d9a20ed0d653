import { createMatte, type Matte, type Picture, type Point, type RegionMatte, squaredDistances } from '@focal/core';
import type { Area } from './grid.ts';

/** Alpha from which on a pixel counts as inside, and from which on as touched. */
const INSIDE = 128;
const TOUCHED = 16;
/** Parts that are no bigger than this share of the largest are dropped. */
const CRUMB = 0.03;

/** What a matte of an area comes to: cut to what it spans, and the point deepest inside. */
export interface Shape {
  readonly region: RegionMatte;
  readonly anchor: Point;
  /** Pixels inside. */
  readonly pixels: number;
}

/** Nothing where no pixel is inside. Crumbs far from the body are dropped. */
export function toShape(grid: Picture, area: Area, matte: Matte): Shape | undefined {
  const data = dropCrumbs(matte);
  const { width, height } = matte;
  let [left, top, right, bottom, pixels] = [width, height, 0, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const alpha = data[i] as number;
      if (alpha >= INSIDE) pixels++;
      if (alpha < TOUCHED) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  if (pixels === 0) return undefined;
  const cut = new Uint8Array((right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) {
    cut.set(data.subarray(y * width + left, y * width + right), (y - top) * (right - left));
  }
  const region = createMatte(right - left, bottom - top, { data: cut });
  const deepest = findDeepest(region);
  return {
    region: {
      box: {
        x: (area.x + left) / grid.width,
        y: (area.y + top) / grid.height,
        width: region.width / grid.width,
        height: region.height / grid.height,
      },
      matte: region,
    },
    anchor: {
      x: (area.x + left + deepest.x + 0.5) / grid.width,
      y: (area.y + top + deepest.y + 0.5) / grid.height,
    },
    pixels,
  };
}

/** Regions from this many pixels on are searched for their deepest point in blocks of 2 × 2. */
const LARGE = 4096;

/** The pixel farthest from all that is outside, beyond the borders counting as outside; to 2 pixels in large regions. */
function findDeepest(matte: Matte): Point {
  const isLarge = matte.width * matte.height >= LARGE;
  return (isLarge ? deepestBlock(matte, 2) : undefined) ?? deepestBlock(matte, 1) ?? { x: 0, y: 0 };
}

/** The first pixel of the block farthest from blocks that are not wholly inside; nothing where there is no other. */
function deepestBlock({ width, height, data }: Matte, side: number): Point | undefined {
  const [across, down] = [Math.floor(width / side), Math.floor(height / side)];
  const wide = across + 2;
  const outside = new Uint8Array(wide * (down + 2)).fill(1);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      let least = 255;
      for (let i = 0; i < side * side; i++) {
        const at = (y * side + Math.floor(i / side)) * width + x * side + (i % side);
        least = Math.min(least, data[at] as number);
      }
      if (least >= INSIDE) outside[(y + 1) * wide + x + 1] = 0;
    }
  }
  const distances = squaredDistances(outside, wide, down + 2);
  let best = 0;
  for (let i = 0; i < distances.length; i++) if ((distances[i] as number) > (distances[best] as number)) best = i;
  if (outside[best] === 1) return undefined;
  return { x: ((best % wide) - 1) * side, y: (Math.floor(best / wide) - 1) * side };
}

/** The matte without what hangs together (by sides) with little of the rest. */
function dropCrumbs({ width, height, data }: Matte): Uint8Array {
  const wide = width + 2;
  // With a border of its own: 0 where nothing is touched, else 1, and from 2 on the number of the part.
  const labels = new Uint32Array(wide * (height + 2));
  eachPixel((i, at) => {
    if ((data[i] as number) >= TOUCHED) labels[at] = 1;
  });
  const sizes = [0, 0];
  const open = new Int32Array(width * height);
  for (let start = wide + 1; start < labels.length - wide; start++) {
    if (labels[start] !== 1) continue;
    const label = sizes.length;
    let count = 1;
    open[0] = start;
    labels[start] = label;
    while (count > 0) {
      const at = open[--count] as number;
      if (labels[at - 1] === 1) {
        labels[at - 1] = label;
        open[count++] = at - 1;
      }
      if (labels[at + 1] === 1) {
        labels[at + 1] = label;
        open[count++] = at + 1;
      }
      if (labels[at - wide] === 1) {
        labels[at - wide] = label;
        open[count++] = at - wide;
      }
      if (labels[at + wide] === 1) {
        labels[at + wide] = label;
        open[count++] = at + wide;
      }
    }
    sizes.push(0);
  }
  eachPixel((i, at) => {
    const label = labels[at] as number;
    if ((data[i] as number) >= INSIDE) sizes[label] = (sizes[label] as number) + 1;
  });
  const least = CRUMB * sizes.reduce((most, size) => Math.max(most, size), 0);
  const kept = new Uint8Array(data.length);
  eachPixel((i, at) => {
    const label = labels[at] as number;
    if (label !== 0 && (sizes[label] as number) >= least) kept[i] = data[i] as number;
  });
  return kept;

  /** Each pixel's place in the matte and in the labels. */
  function eachPixel(visit: (i: number, at: number) => void): void {
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0, at = (y + 1) * wide + 1; x < width; x++) visit(i++, at++);
    }
  }
}
