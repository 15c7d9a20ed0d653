import { catalogue, derivedKey, loadModel, type ModelStore, type Runtime, type Session } from '@focal/models';
import { createFetchModelStore } from '../inference/fetch-model-store.ts';
import { createOrtRuntime, type OrtRuntimeOptions } from '../inference/ort-runtime.ts';

/** What the page needs: what finds people and things, what outlines people, and what finds faces. */
const NEEDED_MODELS: readonly string[] = ['centernet', 'selfie', 'pose-lite', 'face-full', 'face-short'];
/** Used where the server has it: users download it by themselves. */
export const TRACKER = 'nanotrack-v2';

export interface LiveModelOptions extends OrtRuntimeOptions {
  readonly urlOf: (modelId: string) => string;
  /** Where the server lists its models. */
  readonly listUrl: string;
  readonly cacheName: string;
}

/**
 * The models for following: none are there before `agree`, so that nothing is loaded unasked. What was started stays
 * for all who ask for it, so that other settings do not start it again: closing a session of theirs does nothing.
 */
export interface LiveModels {
  readonly store: ModelStore;
  /** Starts with the first model it loads. */
  readonly runtime: Runtime;
  readonly areAgreed: boolean;
  readonly agreed: readonly string[];
  /** A model's session, which stays this object's. */
  get(modelId: string): Promise<Session>;
  agree(modelIds: readonly string[]): void;
}

export function createLiveModels(
  options: LiveModelOptions,
  onDownload?: (modelId: string, loaded: number, total: number) => void,
): LiveModels {
  let modelIds: readonly string[] = [];
  let starting: Promise<Runtime> | undefined;
  const start = (): Promise<Runtime> => {
    starting ??= createOrtRuntime(options);
    starting.catch(() => {
      starting = undefined;
    });
    return starting;
  };
  const fetched = createFetchModelStore({ ...options, modelIds: () => modelIds, onDownload });
  const files = new Map<string, Promise<Uint8Array | string>>();
  const sessions = new Map<Uint8Array | string, Promise<Session>>();
  const models: LiveModels = {
    store: {
      ...fetched,
      derived(key, build) {
        let file = files.get(key);
        if (file === undefined) {
          file = fetched.derived(key, build);
          files.set(key, file);
          file.catch(() => files.delete(key));
        }
        return file;
      },
    },
    runtime: {
      device: 'wasm',
      load(onnx, loadOptions) {
        let session = sessions.get(onnx);
        if (session === undefined) {
          session = start().then((runtime) => runtime.load(onnx, loadOptions));
          sessions.set(onnx, session);
          session.catch(() => sessions.delete(onnx));
        }
        return session.then((loaded) => ({ ...loaded, close: async () => undefined }));
      },
      close: async () => (await starting)?.close(),
    },
    get areAgreed() {
      return modelIds.length > 0;
    },
    get agreed() {
      return modelIds;
    },
    get: (modelId) => loadModel(models.runtime, models.store, modelId),
    agree(ids) {
      modelIds = ids;
    },
  };
  return models;
}

/** Brings a model into this browser's storage without starting it. */
export async function fetchModel(store: ModelStore, modelId: string): Promise<void> {
  const entry = catalogue.find(({ id }) => id === modelId);
  if (entry !== undefined) await store.derived(derivedKey(entry), () => store.read(modelId));
}

/** The needed models, and the tracker where the server has it, with their sizes in bytes as they are loaded. */
export async function listLiveModels(options: LiveModelOptions): Promise<ReadonlyMap<string, number>> {
  const ids = (await findTracker(options.listUrl)) === 'ready' ? [...NEEDED_MODELS, TRACKER] : NEEDED_MODELS;
  const sizes = await Promise.all(ids.map((id) => sizeOf(options.urlOf(id))));
  return new Map(ids.map((id, i) => [id, sizes[i] ?? 0]));
}

/** Whether the server has the tracker, or could download it. */
export async function findTracker(listUrl: string): Promise<'ready' | 'available' | 'unknown'> {
  try {
    const { models } = (await (await fetch(listUrl)).json()) as { models: { id: string; state: string }[] };
    const state = models.find(({ id }) => id === TRACKER)?.state;
    return state === 'ready' || state === 'available' ? state : 'unknown';
  } catch {
    // The server is away: what this browser keeps will do.
    return 'unknown';
  }
}

async function sizeOf(url: string): Promise<number> {
  try {
    return Number((await fetch(url, { method: 'HEAD' })).headers.get('content-length') ?? 0);
  } catch {
    return 0;
  }
}
