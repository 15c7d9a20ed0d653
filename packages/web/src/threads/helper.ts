import { createThreadCache } from '@focal/core';
import type { Port } from '../worker/messages.ts';
import { buildPlan, type PlanJob } from './plan-job.ts';
import { shareWork, stopWork, type WorkShare } from './work-share.ts';

/** What a leading thread sends to its helpers: a job, the memory its plan was built over, and the counters. */
export interface HelperTask {
  readonly job: PlanJob;
  readonly buffers: readonly ArrayBufferLike[];
  readonly share: WorkShare;
}

/** Lets this worker take its share of the jobs that the leading thread sends. */
export function serveHelper(port: Port): void {
  const cache = createThreadCache();
  port.addEventListener('message', (event) => {
    const { job, buffers, share } = event.data as HelperTask;
    let next = 0;
    try {
      const allocate = () => buffers[next++] as ArrayBufferLike;
      shareWork(buildPlan(job, allocate, cache), share);
    } catch {
      // The leading thread sees that the work was stopped and says so.
      stopWork(share);
    }
  });
}
