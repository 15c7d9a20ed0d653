import { FocalError } from '@focal/core';
import { derivedKey, getModel, toRunnableOnnx } from './catalogue/index.ts';
import { adaptSession } from './own/adapt-session.ts';
import type { MemoryProfile, ModelStore, Runtime, Session } from './ports.ts';

/** The sessions of an analyser: each model is loaded once, when it is first asked for. Owns them. */
export interface Sessions {
  /** Throws `model-missing`, `model-invalid`, `closed`. */
  get(modelId: string): Promise<Session>;
  /** As `get`, but nothing where the model is not installed. */
  find(modelId: string): Promise<Session | undefined>;
  /** Closes what is loaded; it is loaded again when next asked for. */
  release(): Promise<void>;
  close(): Promise<void>;
}

export function createSessions(options: {
  readonly runtime: Runtime;
  readonly store: ModelStore;
  readonly profile?: MemoryProfile;
}): Sessions {
  const { runtime, store, profile = 'fast' } = options;
  const loading = new Map<string, Promise<Session>>();
  let closed = false;

  async function load(modelId: string): Promise<Session> {
    const entry = getModel(modelId);
    const own = store.own?.(modelId);
    if (own !== undefined) return adaptSession(await runtime.load(own.onnx, { profile }), own.fit, entry);
    const onnx = await store.derived(derivedKey(entry), async () => toRunnableOnnx(entry, await store.read(modelId)));
    return runtime.load(onnx, { profile });
  }

  function get(modelId: string): Promise<Session> {
    if (closed) return Promise.reject(new FocalError('closed', 'The analyser was used after it was closed.'));
    let session = loading.get(modelId);
    if (session === undefined) {
      session = load(modelId);
      loading.set(modelId, session);
      // A load that failed is tried again next time: the package may have been installed since.
      session.catch(() => loading.delete(modelId));
    }
    return session;
  }

  async function release(): Promise<void> {
    const sessions = [...loading.values()];
    loading.clear();
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === 'fulfilled') await session.value.close();
    }
  }

  return {
    get,
    async find(modelId) {
      if (!closed && store.own?.(modelId) === undefined && !(await store.has(modelId))) return undefined;
      return get(modelId);
    },
    release,
    async close() {
      closed = true;
      await release();
    },
  };
}
