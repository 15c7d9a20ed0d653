import { builtUrl } from '../built-url.ts';
import type { DrawJobs } from './draw-jobs.ts';
import type { InferenceJobs, InferenceSetup } from './inference-jobs.ts';
import type { LiveJobs } from './live-jobs.ts';
import type { PixelJobs } from './pixel-jobs.ts';
import type { Priority } from './priority.ts';
import type { VideoJobs } from './video-jobs.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

/** Threads that decode, encode and run plans. */
export function createPixelPool(size: number, priority: Priority = 'normal'): WorkerPool<PixelJobs> {
  return createWorkerPool<PixelJobs>({ url: builtUrl('workers/pixel.worker'), size, workerData: priority });
}

/** The one thread that holds the models. */
export function createInferencePool(setup: InferenceSetup): WorkerPool<InferenceJobs> {
  return createWorkerPool<InferenceJobs>({ url: builtUrl('workers/inference.worker'), size: 1, workerData: setup });
}

/** The one thread that reads, works on and writes videos, with models of its own. */
export function createVideoPool(setup: InferenceSetup): WorkerPool<VideoJobs> {
  return createWorkerPool<VideoJobs>({
    url: builtUrl('workers/video.worker'),
    size: 1,
    workerData: setup,
    needsRoom: true,
  });
}

/** Frames that a thread has in hand: one that it draws, and those it goes on with. */
export const DRAWN_AHEAD = 3;

/** Threads that draw the frames of videos: they go on with the next while the thread that looks at frames is busy. */
export function createDrawPool(size: number, priority: Priority): WorkerPool<DrawJobs> {
  return createWorkerPool<DrawJobs>({
    url: builtUrl('workers/draw.worker'),
    size,
    workerData: priority,
    needsRoom: true,
    inHand: DRAWN_AHEAD,
  });
}

/** A thread for one live session, with models of its own. */
export function createLivePool(setup: InferenceSetup): WorkerPool<LiveJobs> {
  return createWorkerPool<LiveJobs>({ url: builtUrl('workers/live.worker'), size: 1, workerData: setup });
}
