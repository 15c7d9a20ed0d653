import type { Allocate } from '@focal/core';
import type { HelperTask } from './helper.ts';
import { buildPlan, type PlanJob, type PlanResults } from './plan-job.ts';
import { createWorkShare, leadWork, WORK_SHARE_BYTES } from './work-share.ts';

export interface RunJobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Gives other calls to this worker a turn while it runs. For work that takes longer than a moment. */
  readonly background?: boolean | undefined;
}

/** Runs plans in this worker and, where memory can be shared, in helper workers beside it. */
export interface PlanRunner {
  /** Threads that take part, this one included. */
  readonly threads: number;
  /** Memory that the helpers see too. */
  readonly allocate: Allocate;
  run<J extends PlanJob>(job: J, options?: RunJobOptions): Promise<PlanResults[J['kind']]>;
  close(): void;
}

const TURN_MS = 30;
const BACKGROUND_ROWS = 48;

/**
 * A runner for the worker it is called in. `createHelper` starts a worker that calls `serveHelper`; it is not called
 * where the page is not cross-origin isolated. Owned by the caller.
 */
export function createPlanRunner(options: {
  readonly helpers: number;
  readonly createHelper: () => Worker;
}): PlanRunner {
  const isShared = globalThis.crossOriginIsolated === true;
  const helpers = isShared ? Array.from({ length: options.helpers }, options.createHelper) : [];
  const allocate: Allocate = (length) => (isShared ? new SharedArrayBuffer(length) : new ArrayBuffer(length));

  const lead = async <J extends PlanJob>(
    job: J,
    { signal, onProgress, background = false }: RunJobOptions = {},
  ): Promise<PlanResults[J['kind']]> => {
    const buffers: ArrayBufferLike[] = [];
    const plan = buildPlan(job, (length) => {
      const buffer = allocate(length);
      buffers.push(buffer);
      return buffer;
    });
    const rows = Math.max(...plan.passes.map((pass) => pass.rows), 1);
    const chunkRows = background ? BACKGROUND_ROWS : Math.ceil(rows / (helpers.length === 0 ? 1 : 6));
    const share = createWorkShare(allocate(WORK_SHARE_BYTES), chunkRows);
    const task: HelperTask = { job, buffers, share };
    for (const helper of helpers) helper.postMessage(task);
    let turnStarted = performance.now();
    const pause = () => {
      if (performance.now() - turnStarted < TURN_MS) return undefined;
      return giveTurn().then(() => {
        turnStarted = performance.now();
      });
    };
    return leadWork(plan, share, { signal, onProgress, pause: background ? pause : undefined });
  };

  return {
    threads: helpers.length + 1,
    allocate,
    run: lead,
    close() {
      for (const helper of helpers) helper.terminate();
    },
  };
}

/** Lets messages that wait be handled, without the delay of a timer. */
function giveTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
