import type { Pass } from '../async/plan.ts';
import type { Rgb } from '../picture/color.ts';
import type { Allocate } from '../picture/picture.ts';
import type { Cover } from './cover.ts';
import { hash, noiseAt } from './hash.ts';
import { colorAt, KNOWN, ringOf, type Surround } from './surround.ts';

/** How covers are filled. None of these is computed from what is covered. */
export type CoverStyle =
  | { readonly kind: 'solid'; readonly color: Rgb }
  /** Squares, so many along the longer side of a cover, in colours drawn from those around it. */
  | { readonly kind: 'mosaic'; readonly cells: number }
  /** The colours around the cover diffused inwards, with noise (0 none to 1). */
  | { readonly kind: 'blur'; readonly grain: number };

/** Writes the colour of a covered pixel, 0..255, into `into`. Belongs to one thread. */
export type Fill = (x: number, y: number, into: Float64Array) => void;

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
    case 'solid':
      return { passes: [], create: () => (_x, _y, into) => into.set(style.color) };
    case 'mosaic':
      return createMosaic(style.cells, input);
    case 'blur':
      return {
        passes: [],
        create(index) {
          const { size, x0, y0 } = covers()[index] as Cover;
          return (x, y, into) => {
            colorAt(surround, x, y, into);
            const spot = BLOTCH * blotchAt(seed, index, ((x - x0) * BLOTCHES) / size, ((y - y0) * BLOTCHES) / size);
            const light = style.grain * (spot + SPECKLE * noiseAt(seed, x, y, 3));
            for (let c = 0; c < 3; c++) into[c] = (into[c] as number) + light;
          };
        },
      };
  }
}

/** Strength in bytes of the noise at full grain: of soft patches, so many along a cover, and of each pixel. */
const BLOTCH = 34;
const BLOTCHES = 5;
const SPECKLE = 9;

/** Smooth noise, -1..1, that changes over a distance of 1 (Perlin 1985, as value noise). */
function blotchAt(seed: number, index: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [shareX, shareY] = [ease(x - left), ease(y - top)];
  const at = (dx: number, dy: number): number => noiseAt(seed + index, left + dx, top + dy, 7);
  const upper = at(0, 0) * (1 - shareX) + at(1, 0) * shareX;
  const lower = at(0, 1) * (1 - shareX) + at(1, 1) * shareX;
  return upper * (1 - shareY) + lower * shareY;
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function createMosaic(cells: number, { surround, covers, count, seed, allocate }: FillInput): CoverFills {
  const palettes = new Float32Array(allocate(Math.max(1, count) * COLORS * 3 * 4));
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
      return (x, y, into) => {
        const column = Math.floor((x + 0.5 - x0) / side);
        const row = Math.floor((y + 0.5 - y0) / side);
        const drawn = (index * COLORS + (hash(seed, column, row, index) % COLORS)) * 3;
        colorAt(surround, x0 + (column + 0.5) * side, y0 + (row + 0.5) * side, into);
        for (let c = 0; c < 3; c++) {
          into[c] = (into[c] as number) * (1 - DRAWN) + (palettes[drawn + c] as number) * DRAWN;
        }
      };
    },
  };
}

/** Colours that the ring around the cover has, from dark to light, each standing for as much of it; greys without one. */
function fillPalette(cover: Cover, surround: Surround, palette: Float32Array): void {
  const { across, colors, state } = surround;
  const { left, top, right, bottom } = ringOf(cover, surround);
  const cells: { readonly i: number; readonly light: number }[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left, i = y * across + left; x < right; x++, i++) {
      if (state[i] !== KNOWN) continue;
      const [red, green, blue] = [colors[i * 3] as number, colors[i * 3 + 1] as number, colors[i * 3 + 2] as number];
      cells.push({ i, light: 0.299 * red + 0.587 * green + 0.114 * blue });
    }
  }
  cells.sort((a, b) => a.light - b.light || a.i - b.i);
  for (let n = 0; n < COLORS; n++) {
    const cell = cells[Math.floor(((n + 0.5) * cells.length) / COLORS)];
    const grey = 80 + (96 * n) / (COLORS - 1);
    for (let c = 0; c < 3; c++) palette[n * 3 + c] = cell === undefined ? grey : (colors[cell.i * 3 + c] as number);
  }
}
