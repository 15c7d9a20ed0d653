import { availableParallelism } from 'node:os';
import { FocalError } from '@focal/core';
import type { MemoryProfile, OwnModel } from '@focal/models';
import {
  createInferencePool,
  createLivePool,
  createMemoryPool,
  createNodeModelStore,
  createPixelPool,
  createVideoPool,
  DEFAULT_MAX_PIXELS,
  findHome,
  type Home,
  type InferenceJobs,
  type InferenceSetup,
  type LiveJobs,
  type MemoryPool,
  modelsFolder,
  type NodeModelStoreOptions,
  type PixelJobs,
  type VideoJobs,
  type WorkerPool,
} from '@focal/node';
import { chooseProfile, freeMemory } from './profile.ts';
import type { FocalOptions } from './types.ts';

/** The threads of a Focal and what they were set to. Pools start at first use. */
export interface Engine {
  readonly home: Home;
  readonly threads: number;
  readonly profile: MemoryProfile;
  readonly maxPixels: number;
  readonly withoutModels: readonly string[];
  /** Where models and what is made from them lie. */
  readonly storeOptions: NodeModelStoreOptions;
  /** Whether the model that draws mattes of any subject is there. */
  hasSquareModel(): Promise<boolean>;
  /** Memory for pieces of work whose pictures nobody keeps. */
  readonly memory: MemoryPool;
  /** Throws `closed` after `close()`. */
  pixels(): WorkerPool<PixelJobs>;
  inference(): WorkerPool<InferenceJobs>;
  /** A second thread for small models beside the large ones; nothing where memory or processors are short. */
  sideInference(): WorkerPool<InferenceJobs> | undefined;
  /** For small models: that of the two threads which has fewer pictures to look at. */
  freeInference(): WorkerPool<InferenceJobs>;
  /** Whether neither of the two looks at a picture. */
  isInferenceIdle(): boolean;
  /** A thread for one live session; closed with the engine, or by whoever opened it. */
  openLive(): WorkerPool<LiveJobs>;
  /** The thread that works on videos. */
  video(): WorkerPool<VideoJobs>;
  /**
   * Runs a piece of work, and frees the pictures of work that is over: at once where memory is short, else when many
   * have gathered or nothing is in the works for a while.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * How much may gather before the threads are told to tidy up in the middle of work: bytes of pictures and pieces of work,
 * or so many bytes from however few.
 */
const GARBAGE = { bytes: 128 * 2 ** 20, pieces: 4, mostBytes: 2 ** 30 } as const;
/** How much memory is kept for the next picture, by profile. */
const KEPT_BYTES = { fast: 512 * 2 ** 20, 'low-memory': 0 } as const;
/** Jobs that look at pictures; others only get ready for it. */
const LOOKS: ReadonlySet<keyof InferenceJobs> = new Set(['analyse', 'compare-faces']);
/** They tidy up when nothing has been in the works for so long. */
const PAUSE_MS = 30_000;

/** @param own the user's own models, checked. */
export function createEngine(options: FocalOptions, own: readonly OwnModel[] = []): Engine {
  const threads = options.threads ?? Math.min(8, availableParallelism());
  const profile = chooseProfile(options.profile ?? 'auto', freeMemory());
  const home = findHome(options.home);
  const withoutModels = options.withoutModels ?? [];
  const storeOptions = { cacheFolder: home.cache, modelsFolder: modelsFolder(home), without: withoutModels, own };
  const priority = options.priority ?? 'normal';
  const setup: InferenceSetup = { priority, device: options.device ?? 'auto', threads, profile, ...storeOptions };
  const memory = createMemoryPool(KEPT_BYTES[profile]);
  let pixelPool: WorkerPool<PixelJobs> | undefined;
  let inferencePool: WorkerPool<InferenceJobs> | undefined;
  let sidePool: WorkerPool<InferenceJobs> | undefined;
  const livePools = new Set<WorkerPool<LiveJobs>>();
  let videoPool: WorkerPool<VideoJobs> | undefined;
  let closing: Promise<unknown> | undefined;
  let keptBytes = 0;
  let pieces = 0;
  let inWork = 0;
  let pause: NodeJS.Timeout | undefined;

  /** Bytes of pictures that are in use or garbage. */
  function countBytes(): number {
    return process.memoryUsage().arrayBuffers - memory.idleBytes;
  }

  function isMuch(bytes: number): boolean {
    if (profile === 'low-memory') return true;
    return bytes > GARBAGE.mostBytes || (bytes > GARBAGE.bytes && pieces >= GARBAGE.pieces);
  }

  function tidy(): void {
    clearTimeout(pause);
    if (closing !== undefined) return;
    pixelPool?.tidy();
    inferencePool?.tidy();
    sidePool?.tidy();
    keptBytes = countBytes();
    pieces = 0;
  }

  function rest(): void {
    memory.clear();
    tidy();
  }

  function inference(): WorkerPool<InferenceJobs> {
    assertOpen();
    inferencePool ??= createInferencePool(setup);
    return inferencePool;
  }

  function sideInference(): WorkerPool<InferenceJobs> | undefined {
    assertOpen();
    if (profile === 'low-memory' || threads < 2) return undefined;
    sidePool ??= createInferencePool({ ...setup, threads: 1 });
    return sidePool;
  }

  function assertOpen(): void {
    if (closing !== undefined) throw new FocalError('closed', 'Focal has been closed.');
  }

  return {
    home,
    threads,
    profile,
    maxPixels: options.maxPixels ?? DEFAULT_MAX_PIXELS,
    withoutModels,
    storeOptions,
    async hasSquareModel() {
      const store = createNodeModelStore(storeOptions);
      return store.own?.('isnet-medium') !== undefined || (await store.has('isnet-medium'));
    },
    memory,
    pixels() {
      assertOpen();
      pixelPool ??= createPixelPool(threads, priority);
      return pixelPool;
    },
    inference,
    sideInference,
    freeInference() {
      const main = inference();
      const waiting = main.count(LOOKS);
      const side = waiting === 0 ? undefined : sideInference();
      return side === undefined || side.count(LOOKS) >= waiting ? main : side;
    },
    isInferenceIdle: () => [inferencePool, sidePool].every((pool) => (pool?.count(LOOKS) ?? 0) === 0),
    openLive() {
      assertOpen();
      const pool = createLivePool(setup);
      livePools.add(pool);
      return {
        ...pool,
        close() {
          livePools.delete(pool);
          return pool.close();
        },
      };
    },
    video() {
      assertOpen();
      videoPool ??= createVideoPool(setup);
      return videoPool;
    },
    async during(work) {
      clearTimeout(pause);
      inWork++;
      try {
        return await work();
      } finally {
        inWork--;
        if (inWork === 0) pause = setTimeout(rest, PAUSE_MS).unref();
        // Whoever awaits this still holds the last pictures until then.
        setImmediate(() => {
          pieces++;
          if (isMuch(countBytes() - keptBytes)) tidy();
        });
      }
    },
    async close() {
      clearTimeout(pause);
      memory.clear();
      closing ??= Promise.all([
        pixelPool?.close(),
        inferencePool?.close(),
        sidePool?.close(),
        videoPool?.close(),
        ...[...livePools].map((pool) => pool.close()),
      ]);
      await closing;
    },
  };
}
