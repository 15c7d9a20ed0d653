import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as converter from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

/** A dense float tensor, row-major. */
export interface FloatTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** TensorFlow.js with its WebAssembly kernels, ready to compute. */
export async function openTfjs(): Promise<typeof tf> {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/')}`);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf;
}

/** What TensorFlow.js gives for these outputs of a graph model. */
export async function runGraphModel(
  modelJson: Uint8Array,
  weights: Uint8Array,
  input: FloatTensor,
  outputs: readonly string[],
): Promise<readonly FloatTensor[]> {
  const json = JSON.parse(new TextDecoder().decode(modelJson));
  const model = await converter.loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
      weightData: new Uint8Array(weights).buffer,
    }),
  });
  const tensor = tf.tensor(input.data, [...input.dims]);
  const given = model.execute(tensor, [...outputs]);
  const tensors = Array.isArray(given) ? given : [given as tf.Tensor];
  const results = tensors.map((each) => ({ dims: each.shape, data: each.dataSync() as Float32Array }));
  tf.dispose([tensor, ...tensors]);
  model.dispose();
  return results;
}
