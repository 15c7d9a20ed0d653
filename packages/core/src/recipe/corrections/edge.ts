import type { Pass } from '../../async/plan.ts';
import type { BlurMemory } from '../../filters/triangle.ts';
import type { Matte } from '../../picture/matte.ts';

/** A shift of 1 moves the edge by this share of the long side. */
const MOST_SHIFT = 0.005;

// A regular octagon whose sides are 1 away from its middle: a cross of lines of this half-length along rows and columns,
// and of this many diagonal steps.
const STRAIGHT = Math.SQRT2 - 1;
const DIAGONAL = 1 - Math.SQRT1_2;

/**
 * The edge moved out, or in where the amount is below 0, by nearly a disc: the largest alpha within an octagon, found
 * along rows, columns and both diagonals. Hair grows with it, and soft edges stay soft.
 */
export function shiftPasses({ source, scratch, result }: BlurMemory, amount: number): readonly Pass[] {
  const radiusPx = Math.abs(amount) * MOST_SHIFT * Math.max(source.width, source.height);
  const turn = amount < 0 ? 255 : 0;
  const line = (from: Matte, to: Matte, step: Step, half: number): Pass => ({
    name: 'shift',
    rows: source.height,
    run: (first, last) => {
      for (let y = first; y < last; y++) mostAlong(from, to, y, step, half, turn);
    },
  });
  return [
    line(source, scratch, { dx: 1, dy: 0 }, radiusPx * STRAIGHT),
    line(scratch, result, { dx: 0, dy: 1 }, radiusPx * STRAIGHT),
    line(result, scratch, { dx: 1, dy: 1 }, radiusPx * DIAGONAL),
    line(scratch, result, { dx: 1, dy: -1 }, radiusPx * DIAGONAL),
  ];
}

interface Step {
  readonly dx: number;
  readonly dy: number;
}

/** The most of what lies up to `half` steps away to both sides; with `turn` 255 the least. */
function mostAlong(source: Matte, target: Matte, y: number, { dx, dy }: Step, half: number, turn: number): void {
  const { width, height, data } = source;
  const reach = Math.floor(half);
  const rest = Math.round((half - reach) * 256);
  const step = dy * width + dx;
  // How far the picture goes on to both sides, in steps, along columns.
  const [ahead, behind] = dy === 0 ? [width, width] : dy > 0 ? [height - 1 - y, y] : [y, height - 1 - y];
  for (let x = 0, i = y * width; x < width; x++, i++) {
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
