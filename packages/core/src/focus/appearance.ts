import type { Picture } from '../picture/picture.ts';
import { CELL, describeCells } from './correlation/features.ts';
import { takePatch } from './correlation/patch.ts';
import type { Target } from './target.ts';

/** What a subject looks like, to be compared with others: of length 1. */
export type Appearance = Float32Array;

/** Side of the patch that is described, in cells. */
const SIDE = 8;
/** Steps of a colour channel in the histogram. */
const STEPS = 6;
const BINS = STEPS ** 3;
/** Share of the colours beside the edges. */
const COLOR_SHARE = 0.5;

/**
 * Describes what is in a box: where its edges run, and its colours with those in the middle counting most. Both parts
 * are normalised, so that light and contrast matter little.
 */
export function describeAppearance(frame: Picture, target: Target): Appearance {
  const { x, y, width, height } = target;
  const part = { left: x - width / 2, top: y - height / 2, width, height };
  const patch = takePatch(frame, part, SIDE * CELL, SIDE * CELL);
  const edges = describeCells(patch, { withColor: false });
  const colors = countColors(patch);
  const appearance = new Float32Array(edges.length + BINS);
  putScaled(edges, Math.sqrt(1 - COLOR_SHARE), appearance, 0);
  putScaled(colors, Math.sqrt(COLOR_SHARE), appearance, edges.length);
  return appearance;
}

/** How alike two are: 1 the same, near 0 nothing in common. */
export function likeness(a: Appearance, b: Appearance): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Square roots of shares: their product is the Bhattacharyya coefficient. */
function countColors({ data, width, height }: Picture): Float32Array {
  const bins = new Float32Array(BINS);
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 4) {
      const away = ((x + 0.5) / width - 0.5) ** 2 + ((y + 0.5) / height - 0.5) ** 2;
      const weight = Math.max(0, 1 - 3 * away);
      const bin = (stepOf(data[p]) * STEPS + stepOf(data[p + 1])) * STEPS + stepOf(data[p + 2]);
      bins[bin] = (bins[bin] as number) + weight;
    }
  }
  for (let i = 0; i < BINS; i++) bins[i] = Math.sqrt(bins[i] as number);
  return bins;
}

function stepOf(value: number | undefined): number {
  return Math.floor(((value as number) * STEPS) / 256);
}

/** Scaled to a length; edges about their mean, as all are positive, would all be alike otherwise. */
function putScaled(values: Float32Array, length: number, into: Float32Array, at: number): void {
  let mean = 0;
  for (const value of values) mean += value;
  mean /= values.length;
  let sum = 1e-12;
  for (const value of values) sum += (value - mean) ** 2;
  const scale = length / Math.sqrt(sum);
  for (let i = 0; i < values.length; i++) into[at + i] = ((values[i] as number) - mean) * scale;
}
