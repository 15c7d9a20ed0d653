import { toFloats } from '../nhwc/filters.ts';
import type { NhwcFilter, NhwcGraph, NhwcValue } from '../nhwc/graph.ts';
import { foldScale, type NetWeights, pickOutputs } from './net-weights.ts';

const SIDE = 512;
const HALVING_PAIRS = [2, 4, 6, 12];
/** Of batch normalisation, as in the net's training configuration. */
const EPSILON = 0.001;
/** Encoded boxes are in tenths (centres) and fifths (logarithms of sizes) of the anchor, as in the SSD paper. */
const CENTRE_SCALE = 1 / 10;
const SIZE_SCALE = 1 / 5;
/** Scores of each anchor: background, face, nothing. */
const CLASSES = 3;
const FACE_CLASS = 1;

/**
 * face-api's face detector: MobileNet v1 with the heads of SSD (Liu et al., 2016), anchors in the weights. Input `image`
 * [1, 512, 512, 3] RGB -1..1; outputs `boxes` [1, 5118, 4] top, left, bottom, right in fractions of the input, not
 * clipped, and `scores` [1, 5118] 0..1. Suppression of overlaps is left to the caller.
 */
export function buildSsdMobilenet(graph: NhwcGraph, weights: NetWeights): void {
  let x = pointwise(graph, weights, graph.input('image', [1, SIDE, SIDE, 3]), 'MobilenetV1/Conv2d_0', 2);
  let middle = x;
  for (let pair = 1; pair <= 13; pair++) {
    const name = `MobilenetV1/Conv2d_${pair}`;
    x = depthwise(graph, weights, x, `${name}_depthwise`, HALVING_PAIRS.includes(pair) ? 2 : 1);
    x = pointwise(graph, weights, x, name, 1);
    if (pair === 11) middle = x;
  }
  const features = [middle, x];
  for (let layer = 0; layer < 8; layer++) {
    x = pointwise(graph, weights, x, `Prediction/Conv2d_${layer}`, layer % 2 === 0 ? 1 : 2);
    if (layer % 2 === 1) features.push(x);
  }
  const heads = features.map((feature, index) => predict(graph, weights, feature, `Prediction/BoxPredictor_${index}`));
  const join = (values: readonly NhwcValue[]): NhwcValue => graph.concat(values, 1);
  const anchors = readAnchors(graph, weights.filter('Output/extra_dim', 3));
  const moved = graph.binary('Mul', join(heads.map((head) => head.centres)), anchors.steps);
  const centres = graph.binary('Add', moved, anchors.centres);
  const scale = graph.constant([1], Float32Array.of(SIZE_SCALE));
  const growth = graph.unary('Exp', graph.binary('Mul', join(heads.map((head) => head.sizes)), scale));
  const halves = graph.binary('Mul', growth, anchors.halves);
  const corners = [graph.binary('Sub', centres, halves), graph.binary('Add', centres, halves)];
  graph.output('boxes', graph.concat(corners, 2));
  graph.output('scores', graph.unary('Sigmoid', join(heads.map((head) => head.scores))));
}

interface Head {
  readonly centres: NhwcValue;
  readonly sizes: NhwcValue;
  readonly scores: NhwcValue;
}

/** Each convolution is split by what its channels mean, which spares slicing what it gives. */
function predict(graph: NhwcGraph, weights: NetWeights, x: NhwcValue, name: string): Head {
  const window = { padding: 'same', strides: [1, 1], dilations: [1, 1] } as const;
  const run = (layer: string, isWanted: (channel: number) => boolean): NhwcValue => {
    const filter = weights.filter(`${name}/${layer}/weights`);
    const bias = weights.vector(`${name}/${layer}/biases`);
    const channels = Array.from({ length: filter.shape[3] ?? 0 }, (_, channel) => channel).filter(isWanted);
    const picked = Float32Array.from(channels, (channel) => bias[channel] ?? 0);
    return graph.convolution(x, pickOutputs(filter, channels), window, picked);
  };
  const centres = run('BoxEncodingPredictor', (channel) => channel % 4 < 2);
  const sizes = run('BoxEncodingPredictor', (channel) => channel % 4 >= 2);
  const scores = run('ClassPredictor', (channel) => channel % CLASSES === FACE_CLASS);
  return {
    centres: graph.reshape(centres, [1, -1, 2]),
    sizes: graph.reshape(sizes, [1, -1, 2]),
    scores: graph.reshape(scores, [1, -1]),
  };
}

/** Anchors are given by their corners. */
function readAnchors(
  graph: NhwcGraph,
  { shape, ...filter }: NhwcFilter,
): Record<'centres' | 'steps' | 'halves', NhwcValue> {
  const values = toFloats(filter.values);
  const size = [1, shape[1] ?? 0, 2];
  const at = (index: number, side: 0 | 2): number => values[(index >> 1) * 4 + side + (index & 1)] ?? 0;
  const make = (of: (low: number, high: number) => number): NhwcValue =>
    graph.constant(
      size,
      Float32Array.from({ length: (shape[1] ?? 0) * 2 }, (_, index) => of(at(index, 0), at(index, 2))),
    );
  return {
    centres: make((low, high) => (low + high) / 2),
    steps: make((low, high) => (high - low) * CENTRE_SCALE),
    halves: make((low, high) => (high - low) / 2),
  };
}

function pointwise(graph: NhwcGraph, weights: NetWeights, x: NhwcValue, name: string, stride: 1 | 2): NhwcValue {
  const window = { padding: 'same', strides: [stride, stride], dilations: [1, 1] } as const;
  const bias = weights.vector(`${name}_pointwise/convolution_bn_offset`);
  return graph.clip(graph.convolution(x, weights.filter(`${name}_pointwise/weights`), window, bias), 0, 6);
}

function depthwise(graph: NhwcGraph, weights: NetWeights, x: NhwcValue, name: string, stride: 1 | 2): NhwcValue {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) =>
    weights.vector(`${name}/BatchNorm/${part}`),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = gamma.map((value, channel) => value / Math.sqrt((variance[channel] ?? 0) + EPSILON));
  const negativeMean = mean.map((value) => -value);
  const { filter, bias } = foldScale(weights.filter(`${name}/depthwise_weights`), negativeMean, scale, beta);
  const window = { padding: 'same', strides: [stride, stride], dilations: [1, 1] } as const;
  const values = toFloats(filter.values).map((value, index) => value * (scale[index % scale.length] ?? 0));
  return graph.clip(graph.depthwise(x, { shape: filter.shape, values }, window, bias), 0, 6);
}
