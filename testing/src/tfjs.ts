import { dirname, join } from 'node:path';
import type * as Wasm from '../references/node_modules/@tensorflow/tfjs-backend-wasm/dist/index.js';
import type * as Converter from '../references/node_modules/@tensorflow/tfjs-converter/dist/index.js';
import { requireReference, resolveReference } from './references.ts';
import { type Tf, tf } from './tfjs-core.ts';

/** A dense float tensor, row-major. */
export interface FloatTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** TensorFlow.js with its WebAssembly kernels, ready to compute. */
export async function openTfjs(): Promise<typeof Tf> {
  const { setWasmPaths } = requireReference('@tensorflow/tfjs-backend-wasm') as typeof Wasm;
  setWasmPaths(`${join(dirname(resolveReference('@tensorflow/tfjs-backend-wasm')), '/')}`);
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
  const { loadGraphModel } = requireReference('@tensorflow/tfjs-converter') as typeof Converter;
  const model = await loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
      weightData: new Uint8Array(weights).buffer,
    }),
  });
  const tensor = tf.tensor(input.data, [...input.dims]);
  const given = model.execute(tensor, [...outputs]);
  const tensors = Array.isArray(given) ? given : [given as Tf.Tensor];
  const results = tensors.map((each) => ({ dims: each.shape, data: each.dataSync() as Float32Array }));
  tf.dispose([tensor, ...tensors]);
  model.dispose();
  return results;
}
