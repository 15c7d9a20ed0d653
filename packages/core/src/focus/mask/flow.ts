import type { Picture } from '../../picture/picture.ts';
import { resizePicture } from '../../picture/resize.ts';

/** Where each block of one picture lies in another of the same size, in pixels of both. */
export interface Flow {
  /** Blocks across and down; block (i, j) is centred at `(i + 0.5) * STEP`. */
  readonly across: number;
  readonly down: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Pixels from one block to the next, and half the side of the part that is compared. */
export const FLOW_STEP = 4;
const HALF = 4;
/** The coarsest level's longer side is at most this. */
const COARSEST = 48;
/** How far blocks are looked for on the coarsest level, in its pixels. */
const REACH = 6;
/** What a step of a pixel away from where neighbours go costs, in bytes of difference a channel. */
const STIFF = 0.6;
const ROUNDS = 2;

/**
 * How one picture moves into another: blocks are found again on halved pictures, coarse to fine, each starting from where
 * the coarser level and its neighbours went (as in Barnes et al., "PatchMatch", 2009), then made smooth by medians and
 * brought below a pixel by a parabola. Some 8 ms for 160 × 120.
 */
export function estimateFlow(from: Picture, to: Picture): Flow {
  const levels = [{ from, to }];
  for (let last = levels[0] as (typeof levels)[number]; Math.max(last.from.width, last.from.height) > COARSEST; ) {
    last = { from: halve(last.from), to: halve(last.to) };
    levels.push(last);
  }
  let flow: Flow | undefined;
  for (const level of levels.reverse()) flow = match(level.from, level.to, flow);
  return flow as Flow;
}

function halve(picture: Picture): Picture {
  const half = (side: number): number => Math.max(1, Math.round(side / 2));
  return resizePicture(picture, half(picture.width), half(picture.height), { filter: 'area' });
}

function match(from: Picture, to: Picture, coarser: Flow | undefined): Flow {
  const { width, height } = from;
  const across = Math.max(1, Math.ceil(width / FLOW_STEP));
  const down = Math.max(1, Math.ceil(height / FLOW_STEP));
  const x = new Float32Array(across * down);
  const y = new Float32Array(across * down);
  const costs = new Float32Array(across * down);
  const startX = new Float32Array(across * down);
  const startY = new Float32Array(across * down);
  const middle = (i: number, size: number): number => Math.min(size - 1, i * FLOW_STEP + (FLOW_STEP >> 1));

  for (let j = 0, at = 0; j < down; j++) {
    for (let i = 0; i < across; i++, at++) {
      const [mx, my] = [middle(i, width), middle(j, height)];
      if (coarser === undefined) {
        costs[at] = Number.POSITIVE_INFINITY;
        for (let v = -REACH; v <= REACH; v++) {
          for (let u = -REACH; u <= REACH; u++) {
            const stiff = STIFF * 0.25 * (Math.abs(u) + Math.abs(v));
            const cost = difference(from, to, mx, my, u, v, (costs[at] as number) - stiff) + stiff;
            if (cost < (costs[at] as number)) [costs[at], x[at], y[at]] = [cost, u, v];
          }
        }
        continue;
      }
      const ci = Math.min(coarser.across - 1, i >> 1);
      const cj = Math.min(coarser.down - 1, j >> 1);
      const c = cj * coarser.across + ci;
      x[at] = startX[at] = Math.round((coarser.x[c] as number) * 2);
      y[at] = startY[at] = Math.round((coarser.y[c] as number) * 2);
      costs[at] = difference(from, to, mx, my, x[at] as number, y[at] as number);
    }
  }
  if (coarser !== undefined) {
    const attempt = (at: number, mx: number, my: number, u: number, v: number): void => {
      if (u === x[at] && v === y[at]) return;
      const away = Math.abs(u - (startX[at] as number)) + Math.abs(v - (startY[at] as number));
      const stiff = STIFF * away;
      const cost = difference(from, to, mx, my, u, v, (costs[at] as number) - stiff) + stiff;
      if (cost < (costs[at] as number)) [costs[at], x[at], y[at]] = [cost, u, v];
    };
    for (let round = 0; round < ROUNDS; round++) {
      // There and back, so that what is right spreads all ways.
      for (let n = 0; n < across * down; n++) {
        const at = round % 2 === 0 ? n : across * down - 1 - n;
        const [i, j] = [at % across, Math.floor(at / across)];
        const [mx, my] = [middle(i, width), middle(j, height)];
        if (i > 0) attempt(at, mx, my, x[at - 1] as number, y[at - 1] as number);
        if (i < across - 1) attempt(at, mx, my, x[at + 1] as number, y[at + 1] as number);
        if (j > 0) attempt(at, mx, my, x[at - across] as number, y[at - across] as number);
        if (j < down - 1) attempt(at, mx, my, x[at + across] as number, y[at + across] as number);
        const [u, v] = [x[at] as number, y[at] as number];
        for (let dv = -1; dv <= 1; dv++) for (let du = -1; du <= 1; du++) attempt(at, mx, my, u + du, v + dv);
      }
    }
  }
  const flow = { across, down, x: medians(x, across, down), y: medians(y, across, down) };
  refine(from, to, flow);
  return flow;
}

/**
 * The mean difference of a channel between the parts around two places.
 *
 * @param limit where it is no less, it does not matter by how much: most places are told apart by a few rows
 */
function difference(
  from: Picture,
  to: Picture,
  x: number,
  y: number,
  u: number,
  v: number,
  limit = Number.POSITIVE_INFINITY,
): number {
  const { width, height, data } = from;
  const other = to.data;
  const [left, right] = [Math.max(0, x - HALF), Math.min(width, x + HALF)];
  const [top, bottom] = [Math.max(0, y - HALF), Math.min(height, y + HALF)];
  const count = (right - left) * (bottom - top) * 3;
  const most = limit * count;
  const isInside = left + u >= 0 && right + u <= width;
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    const there = row + v < 0 ? 0 : row + v >= height ? height - 1 : row + v;
    let a = (row * width + left) * 4;
    if (isInside) {
      let b = (there * width + left + u) * 4;
      for (const end = a + (right - left) * 4; a < end; a += 4, b += 4) {
        sum +=
          Math.abs((data[a] as number) - (other[b] as number)) +
          Math.abs((data[a + 1] as number) - (other[b + 1] as number)) +
          Math.abs((data[a + 2] as number) - (other[b + 2] as number));
      }
    } else {
      for (let column = left; column < right; column++, a += 4) {
        const beside = column + u < 0 ? 0 : column + u >= width ? width - 1 : column + u;
        const b = (there * width + beside) * 4;
        sum +=
          Math.abs((data[a] as number) - (other[b] as number)) +
          Math.abs((data[a + 1] as number) - (other[b + 1] as number)) +
          Math.abs((data[a + 2] as number) - (other[b + 2] as number));
      }
    }
    if (sum >= most) return limit;
  }
  return count === 0 ? 0 : sum / count;
}

/** Each value the middle one of it and its neighbours. */
function medians(values: Float32Array, across: number, down: number): Float32Array {
  const result = new Float32Array(values.length);
  const around: number[] = [];
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      around.length = 0;
      for (let v = Math.max(0, j - 1); v <= Math.min(down - 1, j + 1); v++) {
        for (let u = Math.max(0, i - 1); u <= Math.min(across - 1, i + 1); u++) {
          around.push(values[v * across + u] as number);
        }
      }
      around.sort((a, b) => a - b);
      result[j * across + i] = around[around.length >> 1] as number;
    }
  }
  return result;
}

/** Below a pixel: where a parabola through the differences on either side is lowest. */
function refine(from: Picture, to: Picture, { across, down, x, y }: Flow): void {
  for (let j = 0, at = 0; j < down; j++) {
    for (let i = 0; i < across; i++, at++) {
      const mx = Math.min(from.width - 1, i * FLOW_STEP + (FLOW_STEP >> 1));
      const my = Math.min(from.height - 1, j * FLOW_STEP + (FLOW_STEP >> 1));
      const [u, v] = [x[at] as number, y[at] as number];
      const here = difference(from, to, mx, my, u, v);
      x[at] = u + lowest(difference(from, to, mx, my, u - 1, v), here, difference(from, to, mx, my, u + 1, v));
      y[at] = v + lowest(difference(from, to, mx, my, u, v - 1), here, difference(from, to, mx, my, u, v + 1));
    }
  }
}

function lowest(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  return bend <= 0 ? 0 : Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
}
