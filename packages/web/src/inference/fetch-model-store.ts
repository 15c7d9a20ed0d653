import { FocalError, throwIfAborted } from '@focal/core';
import { catalogue, derivedKey, type ModelStore } from '@focal/models';

export interface FetchModelStoreOptions {
  /** Where a model's ready-to-run ONNX file is served. */
  readonly urlOf: (modelId: string) => string;
  /** Name of the cache that keeps the files, so that they load without a network. */
  readonly cacheName: string;
  /** Only these models are there for the analyser: what the user agreed to load. */
  readonly modelIds: () => readonly string[];
  /** Told while a file comes in. `total` is 0 where it is not known. */
  readonly onDownload?: ((modelId: string, loaded: number, total: number) => void) | undefined;
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/**
 * Models over HTTP, kept in the browser's Cache Storage by their content's key: each is loaded once and then works
 * offline. It holds ready-to-run files only, so `read` gives those too.
 */
export function createFetchModelStore(options: FetchModelStoreOptions): ModelStore {
  const idOfKey = new Map(catalogue.map((entry) => [derivedKey(entry), entry.id] as const));

  async function load(modelId: string, key: string): Promise<Uint8Array> {
    const cache = await openCache(options.cacheName);
    const url = options.urlOf(modelId);
    const cacheKey = `${url}?key=${encodeURIComponent(key)}`;
    const cached = await cache?.match(cacheKey);
    if (cached !== undefined) return new Uint8Array(await cached.arrayBuffer());
    const bytes = await download(modelId, url, options);
    await keep(cache, cacheKey, url, bytes);
    return bytes;
  }

  return {
    has: async (modelId) => options.modelIds().includes(modelId),
    read: (modelId) => load(modelId, modelId),
    derived(key, build) {
      const modelId = idOfKey.get(key);
      return modelId === undefined ? build() : load(modelId, key);
    },
  };
}

/** Ids of the models that are kept here, so that no download is needed. */
export async function listKeptModels(cacheName: string): Promise<readonly string[]> {
  const cache = await openCache(cacheName);
  if (cache === undefined) return [];
  const keys = new Set((await cache.keys()).map((request) => new URL(request.url).searchParams.get('key')));
  return catalogue.filter((entry) => keys.has(derivedKey(entry))).map((entry) => entry.id);
}

/** Cache Storage is missing in some private windows: models are then loaded anew each time. */
async function openCache(name: string): Promise<Cache | undefined> {
  try {
    return await caches.open(name);
  } catch {
    return undefined;
  }
}

async function keep(cache: Cache | undefined, key: string, url: string, bytes: Uint8Array): Promise<void> {
  if (cache === undefined) return;
  try {
    // Older builds of the same model are of no use any more.
    for (const request of await cache.keys()) {
      if (request.url.split('?')[0] === new URL(url, location.href).href) await cache.delete(request);
    }
    await cache.put(key, new Response(bytes.slice(), { headers: { 'content-type': 'application/octet-stream' } }));
  } catch {
    // No room to keep it: the model works all the same, and is loaded again next time.
  }
}

async function download(modelId: string, url: string, options: FetchModelStoreOptions): Promise<Uint8Array> {
  const signal = options.signal?.();
  const response = await request(url, signal);
  if (!response.ok || response.body === null) {
    throw new FocalError('model-missing', `The model ${modelId} is not to be had from this server.`, {
      hint: 'Start the Focal server again, or choose another model.',
    });
  }
  const total = Number(response.headers.get('content-length') ?? 0);
  const parts: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    throwIfAborted(signal);
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += value.length;
    options.onDownload?.(modelId, loaded, total);
  }
  const bytes = new Uint8Array(loaded);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, signal === undefined ? {} : { signal });
  } catch (cause) {
    throwIfAborted(signal);
    throw new FocalError('model-missing', 'The model could not be loaded: the Focal server does not answer.', {
      hint: 'Start the Focal server once, so that the model can be kept in this browser.',
      cause,
    });
  }
}
