import { FocalError } from '@focal/core';
import { derivedKey, getModel, type ModelEntry, type ModelTask, toRunnableOnnx } from './catalogue/index.ts';
import { saliencyKey, toSaliencyOnnx } from './gradient/saliency-model.ts';
import { loadFrameDetector, loadModel } from './load-model.ts';
import { adaptSession } from './own/adapt-session.ts';
import type { LoadOptions, MemoryProfile, ModelStore, Runtime, Session } from './ports.ts';
import { parseLabels } from './tasks/classify.ts';

/** The sessions of an analyser: each model is loaded once, when it is first asked for. Owns them. */
export interface Sessions {
  /** Throws `model-missing`, `model-invalid`, `closed`. */
  get(modelId: string): Promise<Session>;
  /** Whether a model of the user's own runs in its place. */
  isOwn(modelId: string): boolean;
  /** Whether the model is installed. */
  has(modelId: string): Promise<boolean>;
  /** As `get`, but nothing where the model is not installed. */
  find(modelId: string): Promise<Session | undefined>;
  /** The names of the classes of a model that is installed with them. */
  labels(modelId: string): Promise<readonly string[] | undefined>;
  /** Focal's own model, also where another runs in its place, with the gradient of its strongest class as one more output; see `toSaliencyOnnx`. */
  getWithGradient(modelId: string): Promise<Session>;
  /** What finds things in frames; `isAnySize` as `seeFrame` takes it. */
  getFrameDetector(): Promise<{ readonly session: Session; readonly isAnySize: boolean }>;
  /** Closes what is loaded; it is loaded again when next asked for. */
  release(): Promise<void>;
  close(): Promise<void>;
}

/** Models for which threads pay. The others are done sooner than threads have met. */
const MANY_THREADS: ReadonlySet<ModelTask> = new Set(['matte', 'objects', 'classify']);

export function createSessions(options: {
  readonly runtime: Runtime;
  readonly store: ModelStore;
  readonly profile?: MemoryProfile;
  /** Tasks whose models get one thread though more would pay, for whoever keeps the other processors busy. */
  readonly onOneThread?: readonly ModelTask[];
}): Sessions {
  const { runtime, store, profile = 'fast', onOneThread = [] } = options;
  const loading = new Map<string, Promise<Session>>();
  /** Read and checked once; of models that are not there yet, it is looked again. */
  const labelsOf = new Map<string, readonly string[]>();
  let closed = false;

  function toLoadOptions({ task }: ModelEntry): LoadOptions {
    return MANY_THREADS.has(task) && !onOneThread.includes(task) ? { profile } : { profile, threads: 1 };
  }

  async function load(modelId: string): Promise<Session> {
    const entry = getModel(modelId);
    const own = store.own?.(modelId);
    if (own !== undefined) return adaptSession(await runtime.load(own.onnx, toLoadOptions(entry)), own, entry);
    return loadModel(runtime, store, modelId, toLoadOptions(entry));
  }

  async function loadWithGradient(modelId: string): Promise<Session> {
    const entry = getModel(modelId);
    const build = async (): Promise<Uint8Array> => toRunnableOnnx(entry, await store.read(modelId));
    const onnx = await store.derived(saliencyKey(entry), async () => {
      const plain = await store.derived(derivedKey(entry), build);
      return toSaliencyOnnx(entry, typeof plain === 'string' ? await build() : plain);
    });
    return runtime.load(onnx, { profile });
  }

  /** Loads once; later calls share it. */
  function share(key: string, begin: () => Promise<Session>): Promise<Session> {
    if (closed) return Promise.reject(new FocalError('closed', 'The analyser was used after it was closed.'));
    let session = loading.get(key);
    if (session === undefined) {
      session = begin();
      loading.set(key, session);
      // A load that failed is tried again next time: the package may have been installed since.
      session.catch(() => loading.delete(key));
    }
    return session;
  }

  function get(modelId: string): Promise<Session> {
    return share(modelId, () => load(modelId));
  }

  async function has(modelId: string): Promise<boolean> {
    return store.own?.(modelId) !== undefined || (await store.has(modelId));
  }

  async function release(): Promise<void> {
    const sessions = [...loading.values()];
    loading.clear();
    labelsOf.clear();
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === 'fulfilled') await session.value.close();
    }
  }

  return {
    get,
    has,
    isOwn: (modelId) => store.own?.(modelId) !== undefined,
    async find(modelId) {
      return closed || (await has(modelId)) ? get(modelId) : undefined;
    },
    async labels(modelId) {
      const known = labelsOf.get(modelId);
      if (known !== undefined) return known;
      const text = (await store.has(modelId)) ? await store.labels?.(modelId) : undefined;
      if (text === undefined) return undefined;
      const labels = parseLabels(text);
      labelsOf.set(modelId, labels);
      return labels;
    },
    async getFrameDetector() {
      const id = 'centernet';
      // A model of the user's own is fed squares.
      if (store.own?.(id) !== undefined) return { session: await get(id), isAnySize: false };
      const options = toLoadOptions(getModel(id));
      return {
        session: await share(`${id} of frames`, () => loadFrameDetector(runtime, store, options)),
        isAnySize: true,
      };
    },
    getWithGradient: (modelId) => share(`${modelId} with gradient`, () => loadWithGradient(modelId)),
    release,
    async close() {
      closed = true;
      await release();
    },
  };
}
