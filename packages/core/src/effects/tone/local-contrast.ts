import type { Pass, Plan } from '../../async/plan.ts';
import { type Between, createBetween } from '../../filters/between.ts';
import type { Allocate, Picture } from '../../picture/picture.ts';
import { luma } from './curve.ts';

// [Note: local contrast] Contrast limited adaptive histogram equalisation (Zuiderveld, "Contrast limited adaptive
// histogram equalization", Graphics Gems IV, 1994) of the lightness, with the clip limit and tiles that OpenCV's users
// know. Two things are better than usual: a tile's histogram is taken under a tent that reaches to the centres of its
// neighbours, so that curves of neighbouring tiles are alike and no tile is seen; and a pixel's three channels are
// scaled together, so that its hue and saturation stay.

/** Tiles along each side. */
const TILES = 8;
/** How many times the mean a histogram may hold in one bin. */
const CLIP = 2.5;
const BINS = 256;
/** Lightnesses that factors are made for, in halves. */
export const LEVELS = 2 * 255 + 1;
/** Factors of a row of tiles, and once more those of its last. */
export const GAINS = (TILES + 1) * LEVELS;
/** Samples along the longer side, at most: a histogram needs no more. */
const SAMPLES = 640;
/** Weight of a sample at a tile's centre, along one axis. */
const TENT = 64;
/** Added to both lightnesses before they are divided, so that the noise of the darkest parts is not blown up. */
const FLOOR = 3;
/** How much of what would become darker does: light is for the dark, and faces stay as bright as they are. */
const DARKEN = 0.4;

export interface LocalContrast {
  /** Belongs to one thread. {@link GAINS} factors each of two rows of tiles are written where the caller says. */
  create(above: Float32Array, below: Float32Array): LightnessRows;
}

/** What channels are multiplied by, for the row that was entered last. */
export interface LightnessRows {
  /**
   * Writes for each tile of the two rows of tiles that the row lies between its factors, by lightness in halves:
   * `(2 * lightness + 0.5) | 0`. Gives the share of the lower row of tiles.
   */
  enter(y: number): number;
  /** For each column where the factors of the tile left of it begin, and the share of the tile after that. */
  readonly index: Int32Array;
  readonly share: Float32Array;
}

/** What each lightness becomes in each tile. */
export function planLocalContrast(picture: Picture, strength: number, allocate: Allocate): Plan<Float32Array> {
  const entries = TILES * TILES * (BINS + 1);
  const curves = new Float32Array(allocate(entries * 4, 'anything'), 0, entries);
  const across = createBetween(TILES, picture.width);
  const rights = Uint8Array.from(across.share, (share) => Math.round(share * TENT));
  const down = createBetween(TILES, picture.height);
  const pass: Pass = {
    name: 'local-contrast',
    rows: TILES,
    run(from, to) {
      for (let row = from; row < to; row++) {
        const counts = countRow(picture, across.index, rights, down, row);
        for (let tile = 0; tile < TILES; tile++) {
          const own = counts.subarray(tile * BINS, (tile + 1) * BINS);
          writeCurve(own, strength, curves, (row * TILES + tile) * (BINS + 1));
        }
      }
    },
  };
  return { passes: [pass], result: curves };
}

/** @param curves those of {@link planLocalContrast} for a picture of this size */
export function createLocalContrast(
  curves: Float32Array,
  { width, height }: Pick<Picture, 'width' | 'height'>,
): LocalContrast {
  return {
    create: (above, below) =>
      createRows(curves, createBetween(TILES, width), createBetween(TILES, height), above, below),
  };
}

/**
 * Histograms of the tiles of a row, one after another. Whole numbers. Transparent pixels do not count. `tiles` and
 * `rights` say for each column of the picture which tile's centre lies left of it, and the weight of the tile after.
 */
function countRow(picture: Picture, tiles: Int32Array, rights: Uint8Array, down: Between, row: number): Float64Array {
  const { width, height, data } = picture;
  const counts = new Float64Array(TILES * BINS);
  const step = Math.max(1, Math.floor(Math.max(width, height) / SAMPLES));
  for (let y = step >> 1; y < height; y += step) {
    const first = down.index[y] as number;
    const share = Math.round((down.share[y] as number) * TENT);
    const weightY = (first === row ? TENT - share : 0) + (Math.min(TILES - 1, first + 1) === row ? share : 0);
    if (weightY === 0) continue;
    for (let x = step >> 1; x < width; x += step) {
      const i = (y * width + x) * 4;
      if (data[i + 3] === 0) continue;
      const bin = (luma(data[i] as number, data[i + 1] as number, data[i + 2] as number) + 0.5) | 0;
      const tile = tiles[x] as number;
      const next = tile + 1 < TILES ? tile + 1 : tile;
      const right = rights[x] as number;
      const a = tile * BINS + bin;
      const b = next * BINS + bin;
      counts[a] = (counts[a] as number) + weightY * (TENT - right);
      counts[b] = (counts[b] as number) + weightY * right;
    }
  }
  return counts;
}

/** The cumulative sum of the clipped histogram, mixed with what leaves everything as it is. */
function writeCurve(counts: Float64Array, strength: number, curves: Float32Array, at: number): void {
  let total = 0;
  for (const count of counts) total += count;
  const limit = (CLIP * total) / BINS;
  let excess = 0;
  for (const count of counts) excess += Math.max(0, count - limit);
  const share = excess / BINS;
  let sum = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const count = Math.min(limit, counts[bin] as number) + share;
    // The middle of its bin, so that an even histogram changes nothing.
    const equal = total === 0 ? bin : (255 * (sum + count / 2)) / total;
    sum += count;
    const change = equal - bin;
    curves[at + bin] = bin + strength * (change > 0 ? change : change * DARKEN);
  }
  curves[at + BINS] = curves[at + BINS - 1] as number;
}

function createRows(
  curves: Float32Array,
  across: Between,
  down: Between,
  above: Float32Array,
  below: Float32Array,
): LightnessRows {
  const inverse = Float32Array.from({ length: LEVELS }, (_, level) => 1 / (level / 2 + FLOOR));
  let held = -1;
  return {
    index: across.index.map((tile) => tile * LEVELS),
    share: across.share,
    enter(y) {
      const first = down.index[y] as number;
      if (first !== held) {
        writeGains(curves, first, inverse, above);
        writeGains(curves, Math.min(TILES - 1, first + 1), inverse, below);
        held = first;
      }
      return down.share[y] as number;
    },
  };
}

/** The factors of a row of tiles. */
function writeGains(curves: Float32Array, row: number, inverse: Float32Array, gains: Float32Array): void {
  const start = row * TILES * (BINS + 1);
  for (let tile = 0, i = 0; tile < TILES; tile++) {
    const first = start + tile * (BINS + 1);
    for (let level = 0, bin = first; level + 1 < LEVELS; level += 2, bin++, i += 2) {
      const low = (curves[bin] as number) + FLOOR;
      gains[i] = low * (inverse[level] as number);
      gains[i + 1] = 0.5 * (low + (curves[bin + 1] as number) + FLOOR) * (inverse[level + 1] as number);
    }
    gains[i++] = ((curves[first + BINS - 1] as number) + FLOOR) * (inverse[LEVELS - 1] as number);
  }
  // After the last tile comes the last again.
  gains.copyWithin(TILES * LEVELS, (TILES - 1) * LEVELS, TILES * LEVELS);
}
