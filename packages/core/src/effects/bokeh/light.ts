import type { Pass, Plan } from '../../async/plan.ts';
import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import { type CellLighter, createCellLighter } from './cell-light.ts';
import type { Cells } from './cells.ts';
import { DIM, MOST_BOOST, UNIT } from './figures.ts';
import { type Frame, type LevelSize, sizeAt } from './frame.ts';
import { createBrightnessTable } from './glare.ts';
import { createHalver, type Halver } from './halving.ts';

/** Linear light of the background alone, reduced. */
export interface LightLevel {
  readonly size: LevelSize;
  /**
   * Red, green, blue times weight, and the weight, in steps of 1/65535. The weight is 0 where there is subject; that
   * of highlights is above 65535.
   */
  readonly data: Int32Array;
  /** 1 where background may be seen in or beside the cell, else 0. */
  readonly active: Uint8Array;
}

export interface Light {
  /** Levels 1 to that of the grid, in this order. */
  readonly levels: readonly LightLevel[];
}

/**
 * Takes the background to linear light and to halves, quarters … of its size. Highlights count for more where they are
 * rare: a lamp does, a bright sky does not. `glare`: of {@link planGlare}.
 */
export function planLight(
  frame: Frame,
  cells: Cells,
  glare: Float32Array,
  highlights: number,
  cache: ThreadCache = createThreadCache(0),
): Plan<Light> {
  const { allocate, grid } = frame;
  const first = sizeAt(frame, 1);
  const words = ({ width, height }: LevelSize): Int32Array =>
    new Int32Array(allocate(width * height * 16, 'anything'), 0, width * height * 4);
  const levels: LightLevel[] = [{ size: first, data: words(first), active: cells.active }];
  const passes: Pass[] = [reducePicture(frame, cells, glare, highlights, (levels[0] as LightLevel).data, cache)];
  for (let level = 2; level <= grid.level; level++) {
    const size = sizeAt(frame, level);
    const finer = levels[level - 2] as LightLevel;
    const area = size.width * size.height;
    const active = new Uint8Array(allocate(area, 'anything'), 0, area);
    const coarser = { size, data: words(size), active };
    levels.push(coarser);
    passes.push(halvePass(finer, coarser, cache));
  }
  return { passes, result: { levels } };
}

function reducePicture(
  frame: Frame,
  cells: Cells,
  glare: Float32Array,
  highlights: number,
  light: Int32Array,
  cache: ThreadCache,
): Pass {
  const { picture, grid } = frame;
  const { width, height } = sizeAt(frame, 1);
  const { data } = picture;
  const { toLinear } = createSrgbTables();
  const brightness = createBrightnessTable();
  const most = MOST_BOOST * highlights * highlights;
  const shift = grid.level - 1;
  let lighter: CellLighter | undefined;

  /** A cell with what is transparent or a highlight; `at` and `below`: where its two rows of pixels begin. */
  function lightCell(x: number, y: number, at: number, below: number): void {
    const left = x * 8;
    const right = Math.min(x * 2 + 1, picture.width - 1) * 4;
    const rare = 1 - (glare[(y >> shift) * grid.width + (x >> shift)] as number);
    const boost = (most * rare * rare) / 255;
    let r = 0;
    let g = 0;
    let b = 0;
    let w = 0;
    for (let n = 0; n < 4; n++) {
      const pixel = (n < 2 ? at : below) + ((n & 1) === 0 ? left : right);
      const red = data[pixel] as number;
      const green = data[pixel + 1] as number;
      const blue = data[pixel + 2] as number;
      let share = data[pixel + 3] as number;
      if (red > DIM || green > DIM || blue > DIM) {
        const brightest = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
        share *= 1 + boost * (brightness[brightest] as number);
      }
      r += share * (toLinear[red] as number);
      g += share * (toLinear[green] as number);
      b += share * (toLinear[blue] as number);
      w += share;
    }
    const scale = ((cells.weights[y * width + x] as number) * UNIT) / (4 * 255 * 255);
    const o = (y * width + x) * 4;
    light[o] = r * scale + 0.5;
    light[o + 1] = g * scale + 0.5;
    light[o + 2] = b * scale + 0.5;
    light[o + 3] = w * scale + 0.5;
  }

  return {
    name: 'bokeh-light',
    rows: height,
    run(from, to) {
      lighter ??= cache.take(`cell lighter ${picture.width}`, () => createCellLighter(picture.width, cache));
      for (let y = from; y < to; y++) {
        const top = y * 2 * picture.width * 4;
        const bottom = Math.min(y * 2 + 1, picture.height - 1) * picture.width * 4;
        const lit = lighter.light(data, top, bottom, cells.weights, y * width);
        light.set(lit.light, y * width * 4);
        for (let x = lit.others.indexOf(1); x >= 0; x = lit.others.indexOf(1, x + 1)) lightCell(x, y, top, bottom);
      }
    },
  };
}

function halvePass(finer: LightLevel, coarser: LightLevel, cache: ThreadCache): Pass {
  const { width, height } = finer.size;
  const { size, data, active } = coarser;
  let halver: Halver | undefined;
  let seen: Uint8Array | undefined;

  return {
    name: `bokeh-reduce-${size.level}`,
    rows: size.height,
    run(from, to) {
      halver ??= cache.take(`halver ${width}`, () => createHalver(width, cache));
      // With a margin that counts as nothing, of one column to the left and two to the right.
      seen ??= new Uint8Array(width + 3);
      for (let y = from; y < to; y++) {
        const bottom = Math.min(y * 2 + 1, height - 1);
        data.set(halver.halve(finer.data, y * 2 * width * 4, bottom * width * 4), y * size.width * 4);
        const row = active.subarray(y * size.width, (y + 1) * size.width);
        gatherActive(finer, Math.max(0, y * 2 - 1), Math.min(height - 1, y * 2 + 2), seen);
        for (let x = 0; x < size.width; x++) {
          const i = x * 2;
          row[x] = (seen[i] as number) | (seen[i + 1] as number) | (seen[i + 2] as number) | (seen[i + 3] as number);
        }
      }
    },
  };
}

/** Of each column, from the second number on, whether a cell of rows `first` to `last` is active. */
function gatherActive({ active, size }: LightLevel, first: number, last: number, seen: Uint8Array): void {
  seen.set(active.subarray(first * size.width, (first + 1) * size.width), 1);
  for (let at = (first + 1) * size.width; at < (last + 1) * size.width; at += size.width) {
    for (let x = 0; x < size.width; x++) seen[x + 1] = (seen[x + 1] as number) | (active[at + x] as number);
  }
}
