import { derivedKey, getModel, toRunnableOnnx } from './catalogue/index.ts';
import { freeSize } from './onnx/free-size.ts';
import { readOnnx } from './onnx/read.ts';
import { writeOnnx } from './onnx/write.ts';
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

/**
 * The detector `centernet` for frames of any size: see `seeFrame`. The session is the caller's. Throws as {@link loadModel}.
 */
export async function loadFrameDetector(
  runtime: Runtime,
  store: ModelStore,
  options: LoadOptions = {},
): Promise<Session> {
  const entry = getModel('centernet');
  const build = async (): Promise<Uint8Array> => toRunnableOnnx(entry, await store.read(entry.id));
  const onnx = await store.derived(derivedKey({ ...entry, anySize: true }), async () => {
    const square = await store.derived(derivedKey(entry), build);
    return writeOnnx(freeSize(readOnnx(typeof square === 'string' ? await build() : square)));
  });
  return runtime.load(onnx, options);
}
