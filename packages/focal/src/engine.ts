import { availableParallelism } from 'node:os';
import { FocalError } from '@focal/core';
import type { MemoryProfile } from '@focal/models';
import {
  createInferencePool,
  createPixelPool,
  DEFAULT_MAX_PIXELS,
  findHome,
  type Home,
  type InferenceJobs,
  type PixelJobs,
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
  /** Throws `closed` after `close()`. */
  pixels(): WorkerPool<PixelJobs>;
  inference(): WorkerPool<InferenceJobs>;
  /** Frees the pictures of work that is over: at once where memory is short, else when many have gathered. */
  collectGarbage(): void;
  close(): Promise<void>;
}

/** So many bytes of pictures may gather before the collector is asked to look, which takes some 10 ms. */
const GARBAGE_BYTES = 128 * 2 ** 20;

export function createEngine(options: FocalOptions): Engine {
  const threads = options.threads ?? Math.min(8, availableParallelism());
  const profile = chooseProfile(options.profile ?? 'auto', freeMemory());
  const home = findHome(options.home);
  const withoutModels = options.withoutModels ?? [];
  let pixelPool: WorkerPool<PixelJobs> | undefined;
  let inferencePool: WorkerPool<InferenceJobs> | undefined;
  let closing: Promise<unknown> | undefined;
  let keptBytes = 0;

  function assertOpen(): void {
    if (closing !== undefined) throw new FocalError('closed', 'Focal has been closed.');
  }

  return {
    home,
    threads,
    profile,
    maxPixels: options.maxPixels ?? DEFAULT_MAX_PIXELS,
    withoutModels,
    pixels() {
      assertOpen();
      pixelPool ??= createPixelPool(threads);
      return pixelPool;
    },
    inference() {
      assertOpen();
      inferencePool ??= createInferencePool({
        device: options.device ?? 'auto',
        threads,
        profile,
        cacheFolder: home.cache,
        without: withoutModels,
      });
      return inferencePool;
    },
    collectGarbage() {
      const bytes = process.memoryUsage().arrayBuffers;
      if (profile !== 'low-memory' && bytes < keptBytes + GARBAGE_BYTES) return;
      pixelPool?.collectGarbage('major');
      keptBytes = process.memoryUsage().arrayBuffers;
    },
    async close() {
      closing ??= Promise.all([pixelPool?.close(), inferencePool?.close()]);
      await closing;
    },
  };
}
