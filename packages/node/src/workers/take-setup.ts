import { workerData } from 'node:worker_threads';
import { createNodeModelStore, type NodeModelStore, type NodeModelStoreOptions } from '../models/model-store.ts';
import { createOrtRuntime, type OrtRuntime } from '../runtime/ort-runtime.ts';
import type { InferenceSetup } from './inference-jobs.ts';
import { takePriority } from './priority.ts';

/** What a thread that infers was started with, and how it gets its runtime and models. */
export interface ThreadSetup {
  readonly priority: InferenceSetup['priority'];
  readonly threads: InferenceSetup['threads'];
  readonly profile: InferenceSetup['profile'];
  readonly openRuntime: () => Promise<OrtRuntime>;
  readonly openStore: () => NodeModelStore;
}

/** To be called before runtimes and codecs start threads of their own, which take this one's priority over. */
export function takeSetup(): ThreadSetup {
  const {
    priority,
    device,
    threads,
    profile,
    cacheFolder,
    modelsFolder,
    without,
    own = [],
  } = workerData as InferenceSetup;
  takePriority(priority);
  const options: NodeModelStoreOptions = { cacheFolder, modelsFolder, without, own };
  return {
    priority,
    threads,
    profile,
    openRuntime: () => createOrtRuntime({ device, threads, profile }),
    openStore: () => createNodeModelStore(options),
  };
}

/** Begins something at its first use, and anew after a failure. */
export interface Starter<T> {
  get(): Promise<T>;
  /** What was begun, if it came to be. */
  peek(): Promise<T | undefined>;
}

export function createStarter<T>(start: () => Promise<T>): Starter<T> {
  let started: Promise<T> | undefined;
  return {
    get() {
      if (started === undefined) {
        const starting = start();
        starting.catch(() => {
          started = undefined;
        });
        started = starting;
      }
      return started;
    },
    peek: async () => started?.catch(() => undefined),
  };
}
