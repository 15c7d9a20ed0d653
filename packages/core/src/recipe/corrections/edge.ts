import type { Pass } from '../../async/plan.ts';
import type { BlurMemory } from '../../filters/triangle.ts';
import type { Matte } from '../../picture/matte.ts';
import type { Allocate } from '../../picture/picture.ts';

/** A shift of 1 moves the edge by this share of the long side. */
const MOST_SHIFT = 0.005;

// A regular octagon whose sides are 1 away from its middle: a cross of lines of this half-length along rows and columns,
// and of this many diagonal steps.
const STRAIGHT = Math.SQRT2 - 1;
const DIAGONAL = 1 - Math.SQRT1_2;

/**
 * The edge moved out, or in where the amount is below 0, by nearly a disc: the largest alpha within an octagon, found
 * along rows, columns and both diagonals. Hair grows with it, and soft edges stay soft. Far from edges nothing is looked
 * for.
 */
export function shiftPasses(
  { source, scratch, result }: BlurMemory,
  amount: number,
  allocate: Allocate,
): readonly Pass[] {
  const { width, height } = source;
  const radiusPx = Math.abs(amount) * MOST_SHIFT * Math.max(width, height);
  const [straight, diagonal] = [radiusPx * STRAIGHT, radiusPx * DIAGONAL];
  // No pixel is reached from farther than the next tile by all lines together.
  const side = Math.max(LEAST_TILE, Math.ceil(straight) + 2 * Math.ceil(diagonal) + 3);
  const [across, down] = [Math.ceil(width / side), Math.ceil(height / side)];
  const tiles: Tiles = {
    side,
    across,
    down,
    values: new Int16Array(allocate(across * down * 2, 'anything'), 0, across * down),
    isCalm: new Uint8Array(allocate(across * down, 'anything'), 0, across * down),
  };
  const turn = amount < 0 ? 255 : 0;
  const line = (from: Matte, to: Matte, step: Step, half: number): Pass => ({
    name: 'shift',
    rows: height,
    run: (first, last) => {
      for (let y = first; y < last; y++) shiftRow(from, to, tiles, y, step, half, turn);
    },
  });
  return [
    { name: 'shift-tiles', rows: down, run: (first, last) => lookAtTiles(source, tiles, first, last) },
    { name: 'shift-calm', rows: down, run: (first, last) => findCalm(tiles, first, last) },
    line(source, scratch, { dx: 1, dy: 0 }, straight),
    line(scratch, result, { dx: 0, dy: 1 }, straight),
    line(result, scratch, { dx: 1, dy: 1 }, diagonal),
    line(scratch, result, { dx: 1, dy: -1 }, diagonal),
  ];
}

const LEAST_TILE = 16;
const MIXED = -1;

/** Squares of the matte. */
interface Tiles {
  readonly side: number;
  readonly across: number;
  readonly down: number;
  /** The alpha that a tile has everywhere, or {@link MIXED}. */
  readonly values: Int16Array;
  /** 1 where a tile and all around it have the same alpha everywhere, so that it stays as it is. */
  readonly isCalm: Uint8Array;
}

function lookAtTiles({ width, height, data }: Matte, { side, across, values }: Tiles, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    for (let column = 0; column < across; column++) {
      const [left, right] = [column * side, Math.min(width, (column + 1) * side)];
      let value = data[row * side * width + left] as number;
      for (let y = row * side; y < Math.min(height, (row + 1) * side) && value !== MIXED; y++) {
        for (let i = y * width + left, end = y * width + right; i < end; i++) {
          if (data[i] !== value) {
            value = MIXED;
            break;
          }
        }
      }
      values[row * across + column] = value;
    }
  }
}

function findCalm({ across, down, values, isCalm }: Tiles, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    for (let column = 0; column < across; column++) {
      const value = values[row * across + column] as number;
      let calm = value !== MIXED;
      for (let v = Math.max(0, row - 1); v <= Math.min(down - 1, row + 1); v++) {
        for (let u = Math.max(0, column - 1); u <= Math.min(across - 1, column + 1); u++) {
          calm &&= values[v * across + u] === value;
        }
      }
      isCalm[row * across + column] = calm ? 1 : 0;
    }
  }
}

/** A row of {@link mostAlong}, where it is not calm. */
function shiftRow(
  source: Matte,
  target: Matte,
  { side, across, isCalm }: Tiles,
  y: number,
  step: Step,
  half: number,
  turn: number,
): void {
  const { width, data } = source;
  const first = Math.floor(y / side) * across;
  for (let tile = 0; tile < across; ) {
    const start = tile;
    const calm = isCalm[first + tile];
    while (tile < across && isCalm[first + tile] === calm) tile++;
    const [from, to] = [start * side, Math.min(width, tile * side)];
    if (calm === 0) mostAlong(source, target, y, from, to, step, half, turn);
    else target.data.set(data.subarray(y * width + from, y * width + to), y * width + from);
  }
}

interface Step {
  readonly dx: number;
  readonly dy: number;
}

/** The most of what lies up to `half` steps away to both sides; with `turn` 255 the least. */
function mostAlong(
  source: Matte,
  target: Matte,
  y: number,
  from: number,
  to: number,
  { dx, dy }: Step,
  half: number,
  turn: number,
): void {
  const { width, height, data } = source;
  const reach = Math.floor(half);
  const rest = Math.round((half - reach) * 256);
  const step = dy * width + dx;
  // How far the picture goes on to both sides, in steps, along columns.
  const [ahead, behind] = dy === 0 ? [width, width] : dy > 0 ? [height - 1 - y, y] : [y, height - 1 - y];
  for (let x = from, i = y * width + from; x < to; x++, i++) {
    let most = (data[i] as number) ^ turn;
    const forth = dx === 0 ? ahead : Math.min(ahead, width - 1 - x);
    const back = dx === 0 ? behind : Math.min(behind, x);
    if (most < 255) {
      for (let k = 1, o = i + step, end = Math.min(forth, reach); k <= end; k++, o += step) {
        const value = (data[o] as number) ^ turn;
        if (value > most) most = value;
      }
      for (let k = 1, o = i - step, end = Math.min(back, reach); k <= end; k++, o -= step) {
        const value = (data[o] as number) ^ turn;
        if (value > most) most = value;
      }
      if (forth > reach) most = Math.max(most, between(data, i + step * reach, step, rest, turn));
      if (back > reach) most = Math.max(most, between(data, i - step * reach, -step, rest, turn));
    }
    target.data[i] = most ^ turn;
  }
}

function between(data: Matte['data'], at: number, step: number, rest: number, turn: number): number {
  const near = (data[at] as number) ^ turn;
  const far = (data[at + step] as number) ^ turn;
  return near + (((far - near) * rest + 128) >> 8);
}
