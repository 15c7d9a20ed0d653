import { derivedKey, getModel, toRunnableOnnx } from './catalogue/index.ts';
import type { LoadOptions, ModelStore, Runtime, Session } from './ports.ts';

/**
 * A model of the catalogue, ready to run: imported or pruned where it is not in the store's cache yet. The session is
 * the caller's. Throws `invalid-argument`, `model-missing`, `model-invalid`.
 */
export async function loadModel(
  runtime: Runtime,
  store: ModelStore,
  modelId: string,
  options: LoadOptions = {},
): Promise<Session> {
  const entry = getModel(modelId);
  const onnx = await store.derived(derivedKey(entry), async () => toRunnableOnnx(entry, await store.read(modelId)));
  return runtime.load(onnx, options);
}
