import { FocalError } from '../../errors.ts';
import type { Box } from '../../scene/geometry.ts';

/** What a net made of a frame on its way: for each cell of a grid, numbers that tell what is there. Plain data. */
export interface FeatureMap {
  /** What the grid covers, in fractions of the frame; may reach beyond it. */
  readonly area: Box;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Cell by cell: `height` × `width` × `channels`. */
  readonly values: Float32Array;
}

/** How far variances are drawn towards their mean: those that are hardly there would be noise. */
const SHRINKAGE = 0.1;

/**
 * Learns from a map what is common in a scene, and gives maps in which all numbers vary alike, and none with another:
 * what is common counts little then, and what is rare tells things apart.
 * Hariharan, Malik and Ramanan, "Discriminative Decorrelation for Clustering and Classification" (ECCV 2012).
 * Throws `invalid-argument` for maps without cells, and later for maps with other channels.
 */
export function createWhitener(first: FeatureMap): (map: FeatureMap) => FeatureMap {
  const { channels } = first;
  checkMap(first, channels);
  const means = meansOf(first);
  const root = decompose(covariances(first, means), channels);
  return (map) => {
    checkMap(map, channels);
    return { ...map, values: whiten(map, means, root) };
  };
}

function checkMap({ width, height, channels, values }: FeatureMap, expected: number): void {
  const isWhole = values.length > 0 && values.length === width * height * channels;
  if (isWhole && channels === expected) return;
  throw new FocalError(
    'invalid-argument',
    `Expected a map of ${width} × ${height} cells with ${expected} numbers each, got ${values.length} numbers.`,
  );
}

function meansOf({ channels, values }: FeatureMap): Float64Array {
  const means = new Float64Array(channels);
  const cells = values.length / channels;
  for (let i = 0; i < values.length; i++)
    means[i % channels] = (means[i % channels] as number) + (values[i] as number) / cells;
  return means;
}

function covariances({ channels, values }: FeatureMap, means: Float64Array): Float64Array {
  const cells = values.length / channels;
  const all = new Float64Array(channels * channels);
  for (let at = 0; at < values.length; at += channels) {
    for (let a = 0; a < channels; a++) {
      const difference = ((values[at + a] as number) - (means[a] as number)) / cells;
      for (let b = 0; b <= a; b++) {
        const i = a * channels + b;
        all[i] = (all[i] as number) + difference * ((values[at + b] as number) - (means[b] as number));
      }
    }
  }
  return all;
}

/** The lower triangle whose square a positive matrix, drawn to its diagonal, is (Cholesky). Takes its lower half. */
function decompose(matrix: Float64Array, size: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i] as number;
  const more = Math.max(1e-9, (SHRINKAGE * trace) / size);
  const root = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (matrix[i * size + j] as number) + (i === j ? more : 0);
      for (let k = 0; k < j; k++) sum -= (root[i * size + k] as number) * (root[j * size + k] as number);
      root[i * size + j] = i === j ? Math.sqrt(Math.max(more, sum)) : sum / (root[j * size + j] as number);
    }
  }
  return root;
}

/** Solves for each cell by substitution. */
function whiten({ channels, values }: FeatureMap, means: Float64Array, root: Float64Array): Float32Array {
  const white = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += channels) {
    for (let i = 0; i < channels; i++) {
      let sum = (values[at + i] as number) - (means[i] as number);
      for (let k = 0; k < i; k++) sum -= (root[i * channels + k] as number) * (white[at + k] as number);
      white[at + i] = sum / (root[i * channels + i] as number);
    }
  }
  return white;
}
