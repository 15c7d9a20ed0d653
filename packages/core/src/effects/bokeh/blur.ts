import type { Pass } from '../../async/plan.ts';
import type { ThreadCache } from '../../async/thread-cache.ts';
import { createDiscFilter, type DiscFilter } from '../../filters/disc.ts';
import { type Aperture, createDiscKernels, type DiscKernels, RADIUS_STEP } from '../../filters/disc-kernels.ts';
import { createRadiusReader, type Depth, type RadiusReader } from './depth.ts';
import { type Doubler, keepDoubler } from './doubling.ts';
import { createEncoder } from './encoder.ts';
import { BLURRED, FADE, FILL_BELOW, FILL_SHARE, FINEST, FULL, SHARP, UNIT } from './figures.ts';
import type { Fill } from './fill.ts';
import { type Frame, type LevelSize, sizeAt } from './frame.ts';
import type { Light, LightLevel } from './light.ts';

/** The blurred background at level 1: red, green, blue in sRGB in steps of 1/256, and how far it replaces the picture. */
export interface Blur {
  readonly passes: readonly Pass[];
  /** Four numbers a cell. The last, 0..{@link FULL}, is 0 where the picture stays as it is. */
  readonly data: Uint16Array;
}

/** On how many levels a blur of this radius is gathered: those of the grid do for the largest. */
export function countBlurLevels(grid: LevelSize, radiusPx: number, finest: number = FINEST): number {
  let count = 1;
  while (radiusPx > finest * 2 ** count && count < grid.level) count++;
  return count;
}

export interface BlurOptions {
  readonly radiusPx: number;
  readonly aperture: Aperture;
  readonly cache: ThreadCache;
  /** In pixels of a level: radii up to which it is gathered on. Default {@link FINEST}. */
  readonly finest?: number;
}

/**
 * Gathers the background's light over the aperture at each pixel, leaving out the subject, on the levels that the
 * radii call for, from coarse to fine.
 */
export function planBlur(frame: Frame, light: Light, fill: Fill, depth: Depth, options: BlurOptions): Blur {
  const { finest = FINEST } = options;
  const count = countBlurLevels(frame.grid, options.radiusPx, finest);
  const passes: Pass[] = [];
  let coarser: Uint16Array | undefined;
  for (let level = count; level >= 1; level--) {
    const { width, height } = sizeAt(frame, level);
    const data = new Uint16Array(frame.allocate(width * height * 8), 0, width * height * 4);
    passes.push(gatherLevel({ frame, light, fill, depth, ...options, finest, level, count }, data, coarser));
    coarser = data;
  }
  return { passes, data: coarser as Uint16Array };
}

/** What a thread needs to gather a level. */
interface LevelTools {
  readonly kernels: DiscKernels;
  /** See {@link createEncoder}. */
  readonly encode: Uint16Array;
  readonly filter: DiscFilter;
  readonly reader: RadiusReader;
  /** Of the next coarser level. */
  readonly doubler: Doubler | undefined;
}

function createLevelTools(job: Job, coarser: Uint16Array | undefined): LevelTools {
  const { frame, light, depth, aperture, level, count, radiusPx, finest, cache } = job;
  const size = sizeAt(frame, level);
  const { data } = light.levels[level - 1] as LightLevel;
  // The coarsest has no end.
  const most = (level === count ? radiusPx : Math.min(radiusPx, mostOn(level, finest))) / 2 ** level;
  const name = `disc kernels ${JSON.stringify(aperture)} ${most}`;
  const kernels = cache.take(name, () => createDiscKernels(aperture, most));
  return {
    kernels,
    encode: cache.take('bokeh encoder', createEncoder),
    filter: createDiscFilter({ ...size, data }, kernels, { cache }),
    reader: createRadiusReader(frame, depth.radii, size),
    doubler: coarser && keepDoubler(sizeAt(frame, level + 1), cache),
  };
}

/** The largest radius that is gathered on a level with a coarser one behind it, in pixels of the picture. */
export const mostOn = (level: number, finest: number = FINEST): number => finest * 2 ** level * 1.25 + 2;

/** Radii of the picture that a level is for. */
export interface LevelRadii {
  /**
   * Between these it is needed. Around them lies a margin, since a cell blends its neighbours on the coarser level; the
   * radius changes less than that from one cell to the next.
   */
  readonly needFrom: number;
  readonly needTo: number;
  /** From the first on the coarser level is faded in, from the second on it is all that is seen. */
  readonly fadeFrom: number;
  readonly fadeTo: number;
}

/** Of level 1, 2, … of `count`; the coarsest has no end. */
export function levelRadii(level: number, count: number, finest: number = FINEST): LevelRadii {
  const fadeTo = level === count ? Number.POSITIVE_INFINITY : finest * 2 ** level;
  return {
    needFrom: level === 1 ? 0 : FADE * finest * 2 ** (level - 1) * 0.7 - 2,
    needTo: level === count ? fadeTo : mostOn(level, finest),
    fadeFrom: FADE * fadeTo,
    fadeTo,
  };
}

interface Job {
  readonly frame: Frame;
  readonly cache: ThreadCache;
  readonly light: Light;
  readonly fill: Fill;
  readonly depth: Depth;
  readonly aperture: Aperture;
  readonly radiusPx: number;
  readonly finest: number;
  readonly level: number;
  readonly count: number;
}

function gatherLevel(job: Job, out: Uint16Array, coarser: Uint16Array | undefined): Pass {
  const { frame, level, count, finest } = job;
  const size = sizeAt(frame, level);
  const { needFrom, needTo, fadeFrom, fadeTo } = levelRadii(level, count, finest);

  let own: LevelTools | undefined;

  return {
    name: `bokeh-blur-${level}`,
    rows: size.height,
    run(from, to) {
      const { fill } = job;
      const { width } = size;
      const { active } = job.light.levels[level - 1] as LightLevel;
      // Made on the thread that runs the pass, and kept for its other bands.
      own ??= createLevelTools(job, coarser);
      const { kernels, encode, filter, reader, doubler } = own;
      const indices = new Uint16Array(width);
      const scale = 1 / (RADIUS_STEP * 2 ** level);
      // The kernel that sums nothing.
      const none = kernels.count;

      for (let y = from; y < to; y++) {
        const row = y * width;
        if (reader.seek(y) >= fadeTo && doubler !== undefined) {
          // The coarser level is all that is seen of the row.
          if (active.subarray(row, row + width).includes(1)) {
            doubler.mix(coarser as Uint16Array, y);
            out.set(doubler.double().subarray(0, width * 4), row * 4);
          }
          if (level === 1) for (let o = row * 4 + 3; o < (row + width) * 4; o += 4) out[o] = FULL;
          continue;
        }
        const radii = reader.read();
        let gathered = false;
        let doubled = false;
        indices.fill(none);
        for (let x = 0; x < width; x++) {
          if (active[row + x] === 0) continue;
          const radius = radii[x] as number;
          if (radius >= fadeFrom) doubled = true;
          // From `fadeTo` on the coarser level would be put over it.
          if (radius < needFrom || radius > needTo || radius >= fadeTo) continue;
          const index = (radius * scale + 0.5) | 0;
          indices[x] = index < none ? index : none - 1;
          gathered = true;
        }
        if (gathered) writeGathered(filter.row(y, indices), indices, kernels, fill, level, y, encode, out);
        if (doubled && doubler !== undefined) {
          doubler.mix(coarser as Uint16Array, y);
          fadeIn(doubler.double(), radii, fadeFrom, fadeTo, out, row * 4);
        }
        if (level === 1) writeBlends(radii, out, row * 4);
      }
    },
  };
}

/** Divides a row of sums by their weights and encodes it. What found next to no background takes the fill's colour. */
function writeGathered(
  sums: Float32Array,
  indices: Uint16Array,
  kernels: DiscKernels,
  fill: Fill,
  level: number,
  y: number,
  encode: Uint16Array,
  out: Uint16Array,
): void {
  const shift = fill.level - level;
  const fillRow = shift >= 0 ? (y >> shift) * fill.width : (y << -shift) * fill.width;
  for (let x = 0, o = y * indices.length * 4; x < indices.length; x++, o += 4) {
    const index = indices[x] as number;
    if (index === kernels.count) continue;
    const weight = sums[x * 4 + 3] as number;
    const wanted = FILL_BELOW * UNIT * (kernels.areas[index] as number) - weight;
    let r = sums[x * 4] as number;
    let g = sums[x * 4 + 1] as number;
    let b = sums[x * 4 + 2] as number;
    let norm = UNIT / weight;
    if (wanted > 0) {
      const column = shift >= 0 ? x >> shift : x << -shift;
      const f = Math.min((fillRow + column) * 3, fill.colors.length - 3);
      const extra = FILL_SHARE * wanted;
      r += extra * (fill.colors[f] as number);
      g += extra * (fill.colors[f + 1] as number);
      b += extra * (fill.colors[f + 2] as number);
      norm = UNIT / (weight + extra);
    }
    out[o] = encode[(r * norm + 0.5) | 0] as number;
    out[o + 1] = encode[(g * norm + 0.5) | 0] as number;
    out[o + 2] = encode[(b * norm + 0.5) | 0] as number;
  }
}

/** Puts the coarser level's blur over that of a row, the more the larger the radius. */
function fadeIn(
  doubled: Uint16Array,
  radii: Float32Array,
  fadeFrom: number,
  fadeTo: number,
  out: Uint16Array,
  at: number,
): void {
  for (let x = 0; x < radii.length; x++) {
    const start = x;
    while (x < radii.length && (radii[x] as number) >= fadeTo) x++;
    if (x > start) out.set(doubled.subarray(start * 4, x * 4), at + start * 4);
    if (x === radii.length) return;
    const share = ((radii[x] as number) - fadeFrom) / (fadeTo - fadeFrom);
    if (share <= 0) continue;
    for (let i = x * 4; i < x * 4 + 3; i++) {
      const fine = out[at + i] as number;
      out[at + i] = fine + ((doubled[i] as number) - fine) * share + 0.5;
    }
  }
}

function writeBlends(radii: Float32Array, out: Uint16Array, at: number): void {
  for (let x = 0, o = at + 3; x < radii.length; x++, o += 4) {
    const radius = radii[x] as number;
    out[o] = radius >= BLURRED ? FULL : blendOf(radius) * FULL + 0.5;
  }
}

/** How far a blur of this radius takes the place of the sharp picture, 0..1. */
function blendOf(radius: number): number {
  const share = (radius - SHARP) / (BLURRED - SHARP);
  if (share <= 0) return 0;
  return share >= 1 ? 1 : share * share * (3 - 2 * share);
}
