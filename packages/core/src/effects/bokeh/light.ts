import type { Pass, Plan } from '../../async/plan.ts';
import { toWords } from '../../matte/runs.ts';
import { createSrgbTables } from '../../picture/srgb.ts';
import type { Cells } from './cells.ts';
import { DIM, MOST_BOOST, UNIT } from './figures.ts';
import { type Frame, type LevelSize, sizeAt } from './frame.ts';
import { createBrightnessTable } from './glare.ts';

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
export function planLight(frame: Frame, cells: Cells, glare: Float32Array, highlights: number): Plan<Light> {
  const { allocate, grid } = frame;
  const first = sizeAt(frame, 1);
  const words = ({ width, height }: LevelSize): Int32Array =>
    new Int32Array(allocate(width * height * 16, 'anything'), 0, width * height * 4);
  const levels: LightLevel[] = [{ size: first, data: words(first), active: cells.active }];
  const passes: Pass[] = [reducePicture(frame, cells, glare, highlights, (levels[0] as LightLevel).data)];
  for (let level = 2; level <= grid.level; level++) {
    const size = sizeAt(frame, level);
    const finer = levels[level - 2] as LightLevel;
    const area = size.width * size.height;
    const active = new Uint8Array(allocate(area, 'anything'), 0, area);
    const coarser = { size, data: words(size), active };
    levels.push(coarser);
    passes.push({
      name: `bokeh-reduce-${level}`,
      rows: size.height,
      run: (from, to) => halve(finer, coarser, from, to),
    });
  }
  return { passes, result: { levels } };
}

function reducePicture(frame: Frame, cells: Cells, glare: Float32Array, highlights: number, light: Int32Array): Pass {
  const { picture, grid } = frame;
  const { width, height } = sizeAt(frame, 1);
  const { data } = picture;
  const words = toWords(data);
  const { toLinear } = createSrgbTables();
  // Of pixels that are not transparent: the same products as below.
  const lit = Float64Array.from(toLinear, (light) => 255 * light);
  const brightness = createBrightnessTable();
  const most = MOST_BOOST * highlights * highlights;
  const shift = grid.level - 1;

  return {
    name: 'bokeh-light',
    rows: height,
    run(from, to) {
      for (let y = from; y < to; y++) {
        const top = y * 2 * picture.width * 4;
        const bottom = Math.min(y * 2 + 1, picture.height - 1) * picture.width * 4;
        const glareRow = (y >> shift) * grid.width;
        for (let x = 0, o = y * width * 4; x < width; x++, o += 4) {
          const weight = cells.weights[y * width + x] as number;
          if (weight === 0) {
            light[o] = light[o + 1] = light[o + 2] = light[o + 3] = 0;
            continue;
          }
          const right = Math.min(x * 2 + 1, picture.width - 1) * 4;
          const left = x * 8;
          if (words !== undefined) {
            const a = words[(top + left) >> 2] as number;
            const b = words[(top + right) >> 2] as number;
            const c = words[(bottom + left) >> 2] as number;
            const d = words[(bottom + right) >> 2] as number;
            if (arePlain(a, b, c, d)) {
              // Most of all pictures.
              const scale = (weight * UNIT) / (4 * 255 * 255);
              light[o] = sumOf(lit, a, b, c, d) * scale + 0.5;
              light[o + 1] = sumOf(lit, a >> 8, b >> 8, c >> 8, d >> 8) * scale + 0.5;
              light[o + 2] = sumOf(lit, a >> 16, b >> 16, c >> 16, d >> 16) * scale + 0.5;
              light[o + 3] = 4 * 255 * scale + 0.5;
              continue;
            }
          }
          const rare = 1 - (glare[glareRow + (x >> shift)] as number);
          const boost = (most * rare * rare) / 255;
          let r = 0;
          let g = 0;
          let b = 0;
          let w = 0;
          for (let n = 0; n < 4; n++) {
            const at = (n < 2 ? top : bottom) + ((n & 1) === 0 ? left : right);
            const red = data[at] as number;
            const green = data[at + 1] as number;
            const blue = data[at + 2] as number;
            let share = data[at + 3] as number;
            if (red > DIM || green > DIM || blue > DIM) {
              const most = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
              share *= 1 + boost * (brightness[most] as number);
            }
            r += share * (toLinear[red] as number);
            g += share * (toLinear[green] as number);
            b += share * (toLinear[blue] as number);
            w += share;
          }
          const scale = (weight * UNIT) / (4 * 255 * 255);
          light[o] = r * scale + 0.5;
          light[o + 1] = g * scale + 0.5;
          light[o + 2] = b * scale + 0.5;
          light[o + 3] = w * scale + 0.5;
        }
      }
    },
  };
}

const TOP_BITS = 0x808080;
/** What takes seven bits over 127 from just those values on with which a byte is a highlight: 63, beside its top bit. */
const OVER_DIM = 0x010101 * (255 - DIM);

/** Whether four pixels, red in the lowest byte, are neither transparent nor highlights. */
function arePlain(a: number, b: number, c: number, d: number): boolean {
  return (a & b & c & d) >>> 24 === 255 && (brightBits(a) | brightBits(b) | brightBits(c) | brightBits(d)) === 0;
}

/** The top bits of those colours that are above {@link DIM}. */
function brightBits(pixel: number): number {
  return ((pixel & 0x7f7f7f) + OVER_DIM) & pixel & TOP_BITS;
}

/** Of the lowest bytes, in the order in which it is summed up where pixels are not plain. */
function sumOf(lit: Float64Array, a: number, b: number, c: number, d: number): number {
  return (lit[a & 255] as number) + (lit[b & 255] as number) + (lit[c & 255] as number) + (lit[d & 255] as number);
}

function halve(finer: LightLevel, coarser: LightLevel, from: number, to: number): void {
  const source = finer.data;
  const { width, height } = finer.size;
  const { data, active, size } = coarser;
  for (let y = from; y < to; y++) {
    const top = y * 2 * width;
    const bottom = Math.min(y * 2 + 1, height - 1) * width;
    for (let x = 0, i = y * size.width; x < size.width; x++, i++) {
      const left = x * 2;
      const right = Math.min(left + 1, width - 1);
      const a = (top + left) * 4;
      const b = (top + right) * 4;
      const c = (bottom + left) * 4;
      const d = (bottom + right) * 4;
      const o = i * 4;
      data[o] = meanOf(source, a, b, c, d);
      data[o + 1] = meanOf(source, a + 1, b + 1, c + 1, d + 1);
      data[o + 2] = meanOf(source, a + 2, b + 2, c + 2, d + 2);
      data[o + 3] = meanOf(source, a + 3, b + 3, c + 3, d + 3);
      active[i] = anyActive(finer, x, y);
    }
  }
}

function meanOf(values: Int32Array, a: number, b: number, c: number, d: number): number {
  return ((values[a] as number) + (values[b] as number) + (values[c] as number) + (values[d] as number) + 2) >> 2;
}

/** Whether any cell of the finer level below this one, or beside those, is active. */
function anyActive({ active, size }: LightLevel, x: number, y: number): 0 | 1 {
  const right = Math.min(x * 2 + 2, size.width - 1);
  const bottom = Math.min(y * 2 + 2, size.height - 1);
  for (let v = Math.max(0, y * 2 - 1); v <= bottom; v++) {
    for (let u = Math.max(0, x * 2 - 1); u <= right; u++) if (active[v * size.width + u] === 1) return 1;
  }
  return 0;
}
