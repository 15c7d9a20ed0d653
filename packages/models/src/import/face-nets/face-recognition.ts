import type { NhwcGraph, NhwcValue } from '../nhwc/graph.ts';
import { foldScale, type NetWeights } from './net-weights.ts';
import { normalizeRgb } from './normalize.ts';

const SIDE = 150;

/** Residual blocks in order; those that end in `down` or `down_out` halve the picture. */
const BLOCKS = '32_1 32_2 32_3 64_down 64_1 64_2 64_3 128_down 128_1 128_2 256_down 256_1 256_2 256_down_out'.split(
  ' ',
);

/**
 * dlib's face recognition net, a ResNet of 29 layers (Davis King, 2017), with the weights of face-api. Input `image`
 * [1, 150, 150, 3] RGB 0..255; output `descriptor` [1, 128]: Euclidean distances below about 0.6 are the same person.
 */
export function buildFaceRecognition(graph: NhwcGraph, weights: NetWeights): void {
  let x = normalizeRgb(graph, graph.input('image', [1, SIDE, SIDE, 3]));
  x = graph.unary('Relu', convolve(graph, weights, x, 'conv32_down', 2));
  x = graph.pool(x, 'MaxPool', { padding: 'valid', kernel: [3, 3], strides: [2, 2], dilations: [1, 1] });
  for (const block of BLOCKS) x = residual(graph, weights, x, `conv${block}`, block.includes('down'));
  graph.output('descriptor', graph.matMul(graph.mean(x, false), weights.filter('fc', 2)));
}

function residual(graph: NhwcGraph, weights: NetWeights, x: NhwcValue, name: string, isDown: boolean): NhwcValue {
  const first = graph.unary('Relu', convolve(graph, weights, x, `${name}/conv1`, isDown ? 2 : 1));
  const second = convolve(graph, weights, first, `${name}/conv2`, 1);
  if (!isDown) return graph.unary('Relu', graph.binary('Add', second, x));
  const half = { padding: 'valid', kernel: [2, 2], strides: [2, 2], dilations: [1, 1] } as const;
  const shortcut = graph.pool(x, 'AveragePool', half);
  // Where rounding left one row and column less, or there are more channels now, zeros fill up what is missing.
  const padded = graph.binary('Add', fillUp(graph, second, shortcut), fillUp(graph, shortcut, second));
  return graph.unary('Relu', padded);
}

function fillUp(graph: NhwcGraph, x: NhwcValue, other: NhwcValue): NhwcValue {
  const missing = x.shape.map((size, axis) => [0, Math.max(0, (other.shape[axis] ?? 0) - size)] as const);
  return missing.every(([, after]) => after === 0) ? x : graph.pad(x, missing);
}

/** Convolution, bias, then a scale and offset for each channel. "Valid" where it halves, as in dlib. */
function convolve(graph: NhwcGraph, weights: NetWeights, x: NhwcValue, name: string, stride: 1 | 2): NhwcValue {
  const folded = foldScale(
    weights.filter(`${name}/conv/filters`),
    weights.vector(`${name}/conv/bias`),
    weights.vector(`${name}/scale/weights`),
    weights.vector(`${name}/scale/biases`),
  );
  const padding = stride === 2 ? 'valid' : 'same';
  return graph.convolution(x, folded.filter, { padding, strides: [stride, stride], dilations: [1, 1] }, folded.bias);
}
