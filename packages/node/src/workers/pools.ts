import type { InferenceJobs, InferenceSetup } from './inference-jobs.ts';
import type { PixelJobs } from './pixel-jobs.ts';
import type { Priority } from './priority.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';
import { workerUrl } from './worker-url.ts';

/** Threads that decode, encode and run plans. */
export function createPixelPool(size: number, priority: Priority = 'normal'): WorkerPool<PixelJobs> {
  return createWorkerPool<PixelJobs>({ url: workerUrl('pixel.worker'), size, workerData: priority });
}

/** The one thread that holds the models. */
export function createInferencePool(setup: InferenceSetup): WorkerPool<InferenceJobs> {
  return createWorkerPool<InferenceJobs>({ url: workerUrl('inference.worker'), size: 1, workerData: setup });
}
