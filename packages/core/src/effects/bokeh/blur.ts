import type { Pass } from '../../async/plan.ts';
import { createDiscFilter } from '../../filters/disc.ts';
import { type Aperture, createDiscKernels, type DiscKernels, RADIUS_STEP } from '../../filters/disc-kernels.ts';
import { createRadiusReader, type Depth } from './depth.ts';
import type { Fill } from './fill.ts';
import { type Frame, sizeAt } from './frame.ts';
import { type Light, type LightLevel, UNIT } from './light.ts';

/** The blurred background at level 1: red, green, blue in sRGB in steps of 1/256, and how far it replaces the picture. */
export interface Blur {
  readonly passes: readonly Pass[];
  /** Four numbers a cell. The last, 0..{@link FULL}, is 0 where the picture stays as it is. */
  readonly data: Uint16Array;
}

/** A fully blurred cell. */
export const FULL = 256;

// Radii up to this many pixels of a level are gathered on it, larger ones on the next: what is seen of a level's
// pixels, at the outline of a highlight, stays a small part of the radius.
const FINEST = 20;
// From this share of it on the coarser level is faded in.
const FADE = 0.75;
// Between these radii, in pixels of the picture, the blur takes the place of the sharp picture.
const SHARP = 0.4;
const BLURRED = 1.8;
// The weight of the filled-in background, as a share of the aperture's area.
const FILL_WEIGHT = 0.002;

/** On how many levels a blur of this radius is gathered. */
export function countBlurLevels(frame: Frame, radiusPx: number): number {
  let count = 1;
  while (radiusPx > FINEST * 2 ** count && count < frame.sizes.length - 1) count++;
  return count;
}

/**
 * Gathers the background's light over the aperture at each pixel, leaving out the subject, on the levels that the
 * radii call for, from coarse to fine.
 */
export function planBlur(
  frame: Frame,
  light: Light,
  fill: Fill,
  depth: Depth,
  aperture: Aperture,
  count: number,
): Blur {
  const passes: Pass[] = [];
  let coarser: Uint16Array | undefined;
  for (let level = count; level >= 1; level--) {
    const { width, height } = sizeAt(frame, level);
    const data = new Uint16Array(frame.allocate(width * height * 8));
    passes.push(gatherLevel({ frame, light, fill, depth, aperture, level, count }, data, coarser));
    coarser = data;
  }
  return { passes, data: coarser as Uint16Array };
}

interface Job {
  readonly frame: Frame;
  readonly light: Light;
  readonly fill: Fill;
  readonly depth: Depth;
  readonly aperture: Aperture;
  readonly level: number;
  readonly count: number;
}

function gatherLevel(job: Job, out: Uint16Array, coarser: Uint16Array | undefined): Pass {
  const { frame, level, count } = job;
  const size = sizeAt(frame, level);
  // Radii of the picture between which the level is needed. Around them lies a margin, since a cell blends its
  // neighbours on the coarser level; the radius changes less than that from one cell to the next.
  const largest = level === count ? Number.POSITIVE_INFINITY : FINEST * 2 ** level;
  const fadeFrom = FADE * largest;
  const least = level === 1 ? SHARP : FADE * FINEST * 2 ** (level - 1);
  const needFrom = level === 1 ? SHARP : least * 0.7 - 2;
  const needTo = level === count ? largest : largest * 1.25 + 2;

  return {
    name: `bokeh-blur-${level}`,
    rows: size.height,
    run(from, to) {
      const { light, fill, depth } = job;
      const { width } = size;
      const source = light.levels[level - 1] as LightLevel;
      const longest = (FINEST * 1.25 + 2) * (level === count ? 2 : 1);
      const kernels = createDiscKernels(job.aperture, longest);
      const filter = createDiscFilter({ ...size, data: source.data }, kernels);
      const readRadii = createRadiusReader(frame, depth.radii, size);
      const encode = createEncoder();
      const indices = new Uint16Array(width);
      const colors = coarser === undefined ? undefined : createDoubler(sizeAt(frame, level + 1), coarser, width);
      const scale = 1 / (RADIUS_STEP * 2 ** level);
      const fillShift = fill.level - level;

      for (let y = from; y < to; y++) {
        const radii = readRadii(y);
        const row = y * width;
        let any = false;
        for (let x = 0; x < width; x++) {
          const radius = radii[x] as number;
          if (source.active[row + x] === 1 && radius >= needFrom && radius <= needTo) {
            indices[x] = Math.min(kernels.count - 1, (radius * scale + 0.5) | 0);
            any = true;
          } else indices[x] = kernels.count;
        }
        const sums = any ? filter.row(y, indices) : undefined;
        const blurred = colors?.(y);
        const fillRow = fillShift >= 0 ? (y >> fillShift) * fill.width : (y << -fillShift) * fill.width;
        for (let x = 0, o = row * 4; x < width; x++, o += 4) {
          if (source.active[row + x] === 0) continue;
          const radius = radii[x] as number;
          const index = indices[x] as number;
          let share = blurred === undefined ? 0 : (radius - fadeFrom) / (largest - fadeFrom);
          share = share < 0 ? 0 : share > 1 ? 1 : share;
          if (index === kernels.count || sums === undefined) share = 1;
          let r = 0;
          let g = 0;
          let b = 0;
          if (share < 1 && sums !== undefined) {
            const column = fillShift >= 0 ? x >> fillShift : x << -fillShift;
            const f = Math.min((fillRow + column) * 3, fill.colors.length - 3);
            const extra = FILL_WEIGHT * UNIT * (kernels.areas[index] as number) + 1;
            const norm = UNIT / ((sums[x * 4 + 3] as number) + extra);
            const part = extra * norm;
            const base = 0.5 + part * 0;
            r = encode[((sums[x * 4] as number) * norm + part * (fill.colors[f] as number) + base) | 0] as number;
            g = encode[
              ((sums[x * 4 + 1] as number) * norm + part * (fill.colors[f + 1] as number) + base) | 0
            ] as number;
            b = encode[
              ((sums[x * 4 + 2] as number) * norm + part * (fill.colors[f + 2] as number) + base) | 0
            ] as number;
          }
          if (share > 0 && blurred !== undefined) {
            r += ((blurred[x * 4] as number) - r) * share;
            g += ((blurred[x * 4 + 1] as number) - g) * share;
            b += ((blurred[x * 4 + 2] as number) - b) * share;
          }
          out[o] = r + 0.5;
          out[o + 1] = g + 0.5;
          out[o + 2] = b + 0.5;
          if (level === 1) out[o + 3] = blendOf(radius) * FULL + 0.5;
        }
      }
    },
  };
}

/** How far a blur of this radius takes the place of the sharp picture, 0..1. */
function blendOf(radius: number): number {
  const share = (radius - SHARP) / (BLURRED - SHARP);
  if (share <= 0) return 0;
  return share >= 1 ? 1 : share * share * (3 - 2 * share);
}

/** sRGB in steps of 1/256 of a byte for linear light in steps of 1/65535. 128 KB, built in under a millisecond. */
function createEncoder(): Uint16Array {
  const table = new Uint16Array(65536 + 64);
  for (let i = 0; i < table.length; i++) {
    const linear = Math.min(1, i / 65535);
    // Rounded to steps far above the last bit of Math.pow, which differs between engines.
    const encoded = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
    table[i] = Math.round(Math.round(encoded * 255 * 256 * 1024) / 1024);
  }
  return table;
}

/** Rows of a level at twice its size, bilinear. Owned by one thread; the row is overwritten by the next call. */
export function createDoubler(
  size: { readonly width: number; readonly height: number },
  data: Uint16Array,
  width: number,
): (y: number) => Float32Array {
  const line = new Float32Array(size.width * 4);
  const result = new Float32Array(width * 4);
  return (y) => {
    const near = (y >> 1) * size.width * 4;
    const beside = Math.max(0, Math.min(size.height - 1, (y & 1) === 0 ? (y >> 1) - 1 : (y >> 1) + 1)) * size.width * 4;
    for (let i = 0; i < line.length; i++) {
      line[i] = 0.75 * (data[near + i] as number) + 0.25 * (data[beside + i] as number);
    }
    for (let x = 0; x < width; x++) {
      const i = (x >> 1) * 4;
      const j = Math.max(0, Math.min(size.width - 1, (x & 1) === 0 ? (x >> 1) - 1 : (x >> 1) + 1)) * 4;
      for (let c = 0; c < 3; c++) result[x * 4 + c] = 0.75 * (line[i + c] as number) + 0.25 * (line[j + c] as number);
    }
    return result;
  };
}
