import type { Pass } from '../async/plan.ts';
import type { Rgb } from '../picture/color.ts';
import type { Allocate } from '../picture/picture.ts';
import type { Cover } from './cover.ts';
import { hash, noiseAt } from './hash.ts';
import { KNOWN, readColors, ringOf, type Surround } from './surround.ts';

/** How covers are filled. None of these is computed from what is covered. */
export type CoverStyle =
  | { readonly kind: 'solid'; readonly color: Rgb }
  /** Squares, so many along the longer side of a cover, in colours drawn from those around it. */
  | { readonly kind: 'mosaic'; readonly cells: number }
  /** The colours around the cover diffused inwards, with noise (0 none to 1). */
  | { readonly kind: 'blur'; readonly grain: number };

/** Writes the colours of a row's pixels from one column to another, three floats each, 0..255. Belongs to one thread. */
export type Fill = (y: number, from: number, to: number, line: Float32Array) => void;

/** What fills covers of one style: passes to be run before, and a fill for each cover. */
export interface CoverFills {
  readonly passes: readonly Pass[];
  create(index: number): Fill;
}

/** Colours of a mosaic; and how much of a square's colour is drawn from them, the rest being that of what is near. */
const COLORS = 8;
const DRAWN = 0.55;

export interface FillInput {
  readonly surround: Surround;
  readonly covers: () => readonly Cover[];
  /** How many there are: known before they are laid. */
  readonly count: number;
  readonly seed: number;
  readonly allocate: Allocate;
}

export function createFills(style: CoverStyle, input: FillInput): CoverFills {
  const { surround, covers, seed } = input;
  switch (style.kind) {
    case 'solid': {
      const [red, green, blue] = style.color;
      return {
        passes: [],
        create: () => (_y, from, to, line) => {
          for (let o = 0; o < (to - from) * 3; o += 3) {
            line[o] = red;
            line[o + 1] = green;
            line[o + 2] = blue;
          }
        },
      };
    }
    case 'mosaic':
      return createMosaic(style.cells, input);
    case 'blur':
      return {
        passes: [],
        create(index) {
          const { size, x0, y0 } = covers()[index] as Cover;
          const scale = BLOTCHES / size;
          return (y, from, to, line) => {
            readColors(surround, y, from, to - from, line);
            if (style.grain === 0) return;
            const readBlotch = createBlotches(seed + index, (y - y0) * scale);
            for (let x = from, o = 0; x < to; x++, o += 3) {
              const light = style.grain * (BLOTCH * readBlotch((x - x0) * scale) + SPECKLE * noiseAt(seed, x, y, 3));
              line[o] = (line[o] as number) + light;
              line[o + 1] = (line[o + 1] as number) + light;
              line[o + 2] = (line[o + 2] as number) + light;
            }
          };
        },
      };
  }
}

/** Strength in bytes of the noise at full grain: of soft patches, so many along a cover, and of each pixel. */
const BLOTCH = 34;
const BLOTCHES = 5;
const SPECKLE = 9;

/** Smooth noise along a line, -1..1, that changes over a distance of 1 (Perlin 1985, as value noise). */
function createBlotches(seed: number, y: number): (x: number) => number {
  const top = Math.floor(y);
  const share = ease(y - top);
  const columnAt = (x: number): number => noiseAt(seed, x, top, 7) * (1 - share) + noiseAt(seed, x, top + 1, 7) * share;
  let left = Number.NaN;
  let [from, to] = [0, 0];
  return (x) => {
    const column = Math.floor(x);
    if (column !== left) {
      left = column;
      from = columnAt(column);
      to = columnAt(column + 1);
    }
    return from + (to - from) * ease(x - column);
  };
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function createMosaic(cells: number, { surround, covers, count, seed, allocate }: FillInput): CoverFills {
  const numbers = Math.max(1, count) * COLORS * 3;
  const palettes = new Float32Array(allocate(numbers * 4), 0, numbers);
  const pass: Pass = {
    name: 'palettes',
    rows: count,
    run(from, to) {
      for (let index = from; index < to; index++) {
        fillPalette(
          covers()[index] as Cover,
          surround,
          palettes.subarray(index * COLORS * 3, (index + 1) * COLORS * 3),
        );
      }
    },
  };
  return {
    passes: [pass],
    create(index) {
      const { size, x0, y0 } = covers()[index] as Cover;
      const side = Math.max(1, size / cells);
      const near = new Float32Array(3);
      return (y, from, to, line) => {
        const row = Math.floor((y + 0.5 - y0) / side);
        let known = Number.NaN;
        for (let x = from, o = 0; x < to; x++, o += 3) {
          const column = Math.floor((x + 0.5 - x0) / side);
          if (column !== known) {
            known = column;
            const drawn = (index * COLORS + (hash(seed, column, row, index) % COLORS)) * 3;
            readColors(surround, y0 + (row + 0.5) * side, x0 + (column + 0.5) * side, 1, near);
            for (let c = 0; c < 3; c++) {
              near[c] = (near[c] as number) * (1 - DRAWN) + (palettes[drawn + c] as number) * DRAWN;
            }
          }
          line[o] = near[0] as number;
          line[o + 1] = near[1] as number;
          line[o + 2] = near[2] as number;
        }
      };
    },
  };
}

/** More than there are cells. */
const PLACES = 2 ** 20;

/** Colours that the ring around the cover has, from dark to light, each standing for as much of it; greys without one. */
function fillPalette(cover: Cover, surround: Surround, palette: Float32Array): void {
  const { across, colors, state } = surround;
  const { left, top, right, bottom } = ringOf(cover, surround);
  // By lightness, then by place: one number each, which sorts fast.
  const cells = new Float64Array((right - left) * (bottom - top));
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left, i = y * across + left; x < right; x++, i++) {
      if (state[i] !== KNOWN) continue;
      const [red, green, blue] = [colors[i * 3] as number, colors[i * 3 + 1] as number, colors[i * 3 + 2] as number];
      cells[count++] = Math.round(16 * (0.299 * red + 0.587 * green + 0.114 * blue)) * PLACES + i;
    }
  }
  const sorted = cells.subarray(0, count).sort();
  for (let n = 0; n < COLORS; n++) {
    const cell = sorted[Math.floor(((n + 0.5) * count) / COLORS)];
    const grey = 80 + (96 * n) / (COLORS - 1);
    for (let c = 0; c < 3; c++)
      palette[n * 3 + c] = cell === undefined ? grey : (colors[(cell % PLACES) * 3 + c] as number);
  }
}
