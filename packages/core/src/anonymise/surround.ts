import type { Pass, Plan } from '../async/plan.ts';
import type { Allocate, Picture } from '../picture/picture.ts';
import { type Cover, markCovered } from './cover.ts';

/** Cells along the longer side: the same for a preview and for the full picture. */
const CELLS = 512;
/** How far around a cover its surroundings reach, as a share of its longer side, and at least so many cells. */
const RING = 0.35;
const LEAST_RING = 3;
/** Mid-grey, where there is nothing but covers. */
const NOTHING = 128;
/** Rounds of evening out at each size of {@link spreadInwards}. */
const ROUNDS = 24;

/** What lies around the covers, in cells: means of pixels that no cover touches. */
export interface Surround {
  readonly across: number;
  readonly down: number;
  /** Pixels to a side of a cell. */
  readonly cell: number;
  /** Red, green, blue of each cell, 0..255; where nothing is known spread inwards from what is. */
  readonly colors: Float32Array;
  /** {@link KNOWN} or {@link WANTED} in the rings of covers, 0 elsewhere: there nobody looks. */
  readonly state: Uint8Array;
}

/** The cell has uncovered pixels. */
export const KNOWN = 1;
/** All of the cell is covered. */
const WANTED = 2;

/**
 * The colours around the covers and, diffused inwards from them, what stands in for the covered. Reads no covered pixel.
 * Its memory depends on the size of the picture only.
 */
export function planSurround(picture: Picture, covers: () => readonly Cover[], allocate: Allocate): Plan<Surround> {
  const { width, height } = picture;
  const cell = Math.max(1, Math.ceil(Math.max(width, height) / CELLS));
  const across = Math.ceil(width / cell);
  const down = Math.ceil(height / cell);
  const surround: Surround = {
    across,
    down,
    cell,
    colors: new Float32Array(allocate(across * down * 3 * 4), 0, across * down * 3),
    state: new Uint8Array(allocate(across * down), 0, across * down),
  };
  const passes: Pass[] = [
    { name: 'surround', rows: down, run: (from, to) => measureRows(picture, covers(), surround, from, to) },
    { name: 'spread', rows: 1, run: () => spreadInwards(surround) },
  ];
  return { passes, result: surround };
}

/** The cells from which a cover's colours come: within its box and the ring around it. Ends excluded. */
export function ringOf(cover: Cover, { across, down, cell }: Surround) {
  const size = Math.max(cover.right - cover.left, cover.bottom - cover.top);
  const reach = Math.max(LEAST_RING * cell, RING * size);
  const left = Math.max(0, Math.floor((cover.left - reach) / cell));
  const top = Math.max(0, Math.floor((cover.top - reach) / cell));
  return {
    left,
    top,
    // None of a cover that lies outside of the picture.
    right: Math.max(left, Math.min(across, Math.ceil((cover.right + reach) / cell))),
    bottom: Math.max(top, Math.min(down, Math.ceil((cover.bottom + reach) / cell))),
  };
}

function measureRows(picture: Picture, covers: readonly Cover[], surround: Surround, from: number, to: number): void {
  const { width, height, data } = picture;
  const { across, cell, colors, state } = surround;
  const rings = covers.filter(({ left, right }) => left < right).map((cover) => ringOf(cover, surround));
  const covered = new Uint8Array(width);
  const wanted = new Uint8Array(across);
  const sums = new Float64Array(across * 4);
  for (let row = from; row < to; row++) {
    wanted.fill(0);
    for (const { left, top, right, bottom } of rings) if (row >= top && row < bottom) wanted.fill(1, left, right);
    if (!wanted.includes(1)) continue;
    sums.fill(0);
    for (let y = row * cell; y < Math.min(height, (row + 1) * cell); y++) {
      markCovered(covers, y, covered);
      for (let column = 0; column < across; column++) {
        if (wanted[column] === 1)
          addCell(data, covered, y * width, column * cell, Math.min(width, (column + 1) * cell), sums, column * 4);
      }
    }
    for (let column = 0; column < across; column++) {
      if (wanted[column] === 0) continue;
      const weight = sums[column * 4 + 3] as number;
      const i = row * across + column;
      state[i] = weight === 0 ? WANTED : KNOWN;
      if (weight === 0) continue;
      for (let c = 0; c < 3; c++) colors[i * 3 + c] = (sums[column * 4 + c] as number) / weight;
    }
  }
}

/** Adds up what no cover touches of a row from one column to another: colours by their alpha, and alpha. */
function addCell(
  data: Picture['data'],
  covered: Uint8Array,
  row: number,
  from: number,
  to: number,
  sums: Float64Array,
  at: number,
): void {
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let x = from, i = (row + from) * 4; x < to; x++, i += 4) {
    if (covered[x] === 1) continue;
    const alpha = data[i + 3] as number;
    red += (data[i] as number) * alpha;
    green += (data[i + 1] as number) * alpha;
    blue += (data[i + 2] as number) * alpha;
    weight += alpha;
  }
  sums[at] = (sums[at] as number) + red;
  sums[at + 1] = (sums[at + 1] as number) + green;
  sums[at + 2] = (sums[at + 2] as number) + blue;
  sums[at + 3] = (sums[at + 3] as number) + weight;
}

/** One size of the grid. */
interface Level {
  readonly across: number;
  readonly down: number;
  readonly colors: Float32Array;
  /** How much of each cell is known, 0..1. */
  readonly known: Float32Array;
  /** 1 where a cell has to be filled. */
  readonly wanted: Uint8Array;
}

/**
 * Fills the cells that are not known so that each is the mean of its neighbours (Laplace's equation, the known ones as
 * border): from coarse to fine, each size starting from the one before (Bornemann & Deuflhard 1996, "The cascadic
 * multigrid method for elliptic problems").
 */
function spreadInwards({ across, down, colors, state }: Surround): void {
  const known = Float32Array.from(state, (each) => (each === KNOWN ? 1 : 0));
  const levels: Level[] = [{ across, down, colors, known, wanted: state.map((each) => (each === WANTED ? 1 : 0)) }];
  for (let level = levels[0] as Level; level.across > 1 || level.down > 1; ) {
    level = halve(level);
    levels.push(level);
  }
  const top = levels[levels.length - 1] as Level;
  if (top.known[0] === 0) top.colors.fill(NOTHING);
  for (let i = levels.length - 2; i >= 0; i--) {
    const level = levels[i] as Level;
    fillFrom(levels[i + 1] as Level, level);
    evenOut(level);
  }
}

function halve({ across, down, colors, known, wanted }: Level): Level {
  const half: Level = {
    across: (across + 1) >> 1,
    down: (down + 1) >> 1,
    colors: new Float32Array(((across + 1) >> 1) * ((down + 1) >> 1) * 3),
    known: new Float32Array(((across + 1) >> 1) * ((down + 1) >> 1)),
    wanted: new Uint8Array(((across + 1) >> 1) * ((down + 1) >> 1)),
  };
  for (let y = 0, i = 0; y < down; y++) {
    for (let x = 0; x < across; x++, i++) {
      const o = (y >> 1) * half.across + (x >> 1);
      if (wanted[i] === 1) half.wanted[o] = 1;
      const weight = known[i] as number;
      if (weight === 0) continue;
      half.known[o] = (half.known[o] as number) + weight;
      for (let c = 0; c < 3; c++) {
        half.colors[o * 3 + c] = (half.colors[o * 3 + c] as number) + weight * (colors[i * 3 + c] as number);
      }
    }
  }
  for (let o = 0; o < half.known.length; o++) {
    const weight = half.known[o] as number;
    if (weight === 0) continue;
    for (let c = 0; c < 3; c++) half.colors[o * 3 + c] = (half.colors[o * 3 + c] as number) / weight;
    half.known[o] = Math.min(1, weight);
    half.wanted[o] = 0;
  }
  return half;
}

/** What is not known at all, from the coarser grid. */
function fillFrom(coarse: Level, { across, down, colors, known }: Level): void {
  for (let y = 0, i = 0; y < down; y++) {
    for (let x = 0; x < across; x++, i++) {
      if ((known[i] as number) > 0) continue;
      const o = (y >> 1) * coarse.across + (x >> 1);
      for (let c = 0; c < 3; c++) colors[i * 3 + c] = coarse.colors[o * 3 + c] as number;
    }
  }
}

/** Each cell that is to be filled becomes the mean of its neighbours, in place (Gauss-Seidel), some rounds over. */
function evenOut({ across, down, colors, wanted }: Level): void {
  const cells: number[] = [];
  for (let i = 0; i < wanted.length; i++) if (wanted[i] === 1) cells.push(i);
  for (let round = 0; round < ROUNDS; round++) {
    for (const i of cells) {
      const x = i % across;
      const up = i >= across ? -across : 0;
      const below = i < across * (down - 1) ? across : 0;
      const left = x > 0 ? -1 : 0;
      const right = x < across - 1 ? 1 : 0;
      for (let c = 0; c < 3; c++) {
        const sum =
          (colors[(i + up) * 3 + c] as number) +
          (colors[(i + below) * 3 + c] as number) +
          (colors[(i + left) * 3 + c] as number) +
          (colors[(i + right) * 3 + c] as number);
        colors[i * 3 + c] = sum / 4;
      }
    }
  }
}

/**
 * The colours between cells at the middles of a row's pixels from one column to another, three floats each. Places may
 * lie between pixels, and `step` of them apart.
 */
export function readColors(
  { across, down, cell, colors }: Surround,
  y: number,
  from: number,
  count: number,
  line: Float32Array,
  step = 1,
): void {
  const fy = Math.min(down - 1, Math.max(0, (y + 0.5) / cell - 0.5));
  const top = Math.floor(fy);
  const shareY = fy - top;
  const row = top * across * 3;
  const below = top < down - 1 ? across * 3 : 0;
  for (let n = 0, o = 0; n < count; n++, o += 3) {
    const fx = Math.min(across - 1, Math.max(0, (from + n * step + 0.5) / cell - 0.5));
    const left = Math.floor(fx);
    const shareX = fx - left;
    const i = row + left * 3;
    const right = left < across - 1 ? 3 : 0;
    for (let c = 0; c < 3; c++) {
      const a = colors[i + c] as number;
      const b = colors[i + below + c] as number;
      const upper = a + ((colors[i + right + c] as number) - a) * shareX;
      const lower = b + ((colors[i + below + right + c] as number) - b) * shareX;
      line[o + c] = upper + (lower - upper) * shareY;
    }
  }
}
