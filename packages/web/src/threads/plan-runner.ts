import { type Allocate, createThreadCache } from '@focal/core';
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
/** Smaller pictures are done by one thread sooner than several have met at each pass, above all where others work too. */
const SHARED_PIXELS = 130_000;
/** So many that threads end together. */
const PARTS_A_THREAD = 3;

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

  const cache = createThreadCache();

  const lead = async <J extends PlanJob>(
    job: J,
    { signal, onProgress, background = false }: RunJobOptions = {},
  ): Promise<PlanResults[J['kind']]> => {
    const buffers: ArrayBufferLike[] = [];
    const record: Allocate = (length) => {
      const buffer = allocate(length);
      buffers.push(buffer);
      return buffer;
    };
    const plan = buildPlan(job, record, cache);
    const team = isWorthSharing(job) ? helpers : [];
    const cut = {
      parts: team.length === 0 ? 1 : PARTS_A_THREAD * (team.length + 1),
      mostRows: background ? BACKGROUND_ROWS : Number.POSITIVE_INFINITY,
    };
    const share = createWorkShare(allocate(WORK_SHARE_BYTES), cut);
    const task: HelperTask = { job, buffers, share };
    for (const helper of team) helper.postMessage(task);
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

function isWorthSharing(job: PlanJob): boolean {
  const { width, height } = 'picture' in job ? job.picture : job.matte;
  return width * height >= SHARED_PIXELS;
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
