import type { NhwcGraph, NhwcValue } from '../nhwc/graph.ts';
import type { NetWeights } from './net-weights.ts';
import { normalizeRgb } from './normalize.ts';

const SIDE = 112;

/**
 * face-api's expression net: four blocks of four convolutions, each of which reads the sum of those before it in its
 * block (dense connections), a mean and one dense layer. Input `image` [1, 112, 112, 3] RGB 0..255; outputs
 * `probabilities` and `logits` [1, 7]: neutral, happy, sad, angry, fearful, disgusted, surprised.
 */
export function buildFaceExpression(graph: NhwcGraph, weights: NetWeights): void {
  let x = normalizeRgb(graph, graph.input('image', [1, SIDE, SIDE, 3]));
  for (let block = 0; block < 4; block++) x = denseBlock(graph, weights, x, block);
  x = graph.pool(x, 'AveragePool', { padding: 'valid', kernel: [7, 7], strides: [2, 2], dilations: [1, 1] });
  const flat = graph.reshape(x, [1, -1]);
  const logits = graph.matMul(flat, weights.filter('fc/weights', 2), weights.vector('fc/bias'));
  graph.output('logits', logits);
  graph.output('probabilities', graph.softmax(logits));
}

function denseBlock(graph: NhwcGraph, weights: NetWeights, x: NhwcValue, block: number): NhwcValue {
  let sum = graph.unary('Relu', convolve(graph, weights, x, `dense${block}/conv0`, 2));
  let input = sum;
  for (let layer = 1; layer < 4; layer++) {
    sum = graph.binary('Add', sum, convolve(graph, weights, input, `dense${block}/conv${layer}`, 1));
    input = graph.unary('Relu', sum);
  }
  return input;
}

/** The very first convolution is a whole one, all others are separable. */
function convolve(graph: NhwcGraph, weights: NetWeights, x: NhwcValue, name: string, stride: number): NhwcValue {
  const window = { padding: 'same', strides: [stride, stride], dilations: [1, 1] } as const;
  const bias = weights.vector(`${name}/bias`);
  if (name === 'dense0/conv0') return graph.convolution(x, weights.filter(`${name}/filters`), window, bias);
  const depthwise = graph.depthwise(x, weights.filter(`${name}/depthwise_filter`), window);
  const pointwise = { padding: 'same', strides: [1, 1], dilations: [1, 1] } as const;
  return graph.convolution(depthwise, weights.filter(`${name}/pointwise_filter`), pointwise, bias);
}
