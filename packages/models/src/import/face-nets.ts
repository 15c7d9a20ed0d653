import { writeOnnx } from '../onnx/write.ts';
import { buildFaceExpression } from './face-nets/face-expression.ts';
import { buildFaceRecognition } from './face-nets/face-recognition.ts';
import { NetWeights } from './face-nets/net-weights.ts';
import { buildSsdMobilenet } from './face-nets/ssd-mobilenet.ts';
import { NhwcGraph } from './nhwc/graph.ts';
import { parseJson } from './tfjs/json.ts';
import { readWeights } from './tfjs/weights.ts';

/** Nets of face-api, which come as weights only: their graphs are built here. */
export type FaceNet = 'ssd-mobilenet' | 'face-recognition' | 'face-expression';

const BUILDERS: Readonly<Record<FaceNet, (graph: NhwcGraph, weights: NetWeights) => void>> = {
  'ssd-mobilenet': buildSsdMobilenet,
  'face-recognition': buildFaceRecognition,
  'face-expression': buildFaceExpression,
};

const OUTPUTS: Readonly<Record<FaceNet, readonly string[]>> = {
  'ssd-mobilenet': ['boxes', 'scores'],
  'face-recognition': ['descriptor'],
  'face-expression': ['logits', 'probabilities'],
};

/**
 * The ONNX model of a net whose weights come with a TensorFlow.js weights manifest: the JSON that lists them, and the
 * bytes of its files, one after another. Inputs and outputs are told by the builder of each net, in `face-nets/`.
 * Throws `model-invalid` for damaged files and for weights of another net.
 */
export function importWeightsManifest(manifest: Uint8Array, weights: Uint8Array, net: FaceNet): Uint8Array {
  const graph = new NhwcGraph(net, OUTPUTS[net]);
  BUILDERS[net](graph, new NetWeights(readWeights(parseJson(manifest), weights)));
  return writeOnnx(graph.build());
}
