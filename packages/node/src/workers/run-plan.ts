import { FocalError, throwIfAborted } from '@focal/core';
import type { Lease } from './memory-pool.ts';
import type { PixelJobs } from './pixel-jobs.ts';
import { createControl, stopPlan } from './plan-share.ts';
import { buildPlan, clearFirst, type PlanResults, type PlanSpec, recordAllocations } from './plan-spec.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface RunPlanParallelOptions {
  readonly signal?: AbortSignal | undefined;
  /** Share of the passes done, 0..1. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Where the plan's memory comes from, its result's too. New memory by default. */
  readonly lease?: Lease | undefined;
}

/**
 * Runs a plan on all threads of the pool that are free, with the same bytes as `runPlan` on one. Here it is only
 * built: memory is allocated, no pixel touched. Pictures that do not lie on shared memory are copied first.
 */
export async function runPlanParallel<S extends PlanSpec>(
  pool: WorkerPool<PixelJobs>,
  spec: S,
  { signal, onProgress, lease }: RunPlanParallelOptions = {},
): Promise<PlanResults[S['kind']]> {
  throwIfAborted(signal);
  const shared = shareBytes(spec);
  const { allocate, buffers, unclear } = recordAllocations(lease);
  const plan = buildPlan(shared, allocate);
  const passes = clearFirst(plan.passes, unclear);
  const control = createControl(passes.length);
  const rest = new AbortController();
  const stop = () => {
    stopPlan(control);
    rest.abort(signal?.reason);
  };
  signal?.addEventListener('abort', stop, { once: true });
  const input = { spec: shared, buffers, unclear, control, threads: pool.size };
  let reported = 0;
  // Threads tell of their passes each in their own time: what comes late is left out.
  const report = (progress: unknown) => {
    const done = (Number(progress) + 1) / passes.length;
    if (done <= reported) return;
    reported = done;
    onProgress?.(done);
  };
  const widest = Math.max(1, ...passes.map((pass) => pass.rows));
  const shares = Array.from({ length: Math.min(pool.size, widest) }, () =>
    pool.run('share', input, { signal: rest.signal, onProgress: report }),
  );
  try {
    // The first to come back has seen every pass end; shares still in the queue have nothing left to do.
    if (!(await Promise.race(shares))) throw new FocalError('internal', 'A plan stopped before its end.');
    report(passes.length - 1);
    return plan.result;
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
    await Promise.allSettled(shares);
    // The plan's own memory is free once this has returned.
    setImmediate(() => pool.sweep());
  }
}

/** The same data with every byte array on shared memory, once each; what is shared already stays where it is. */
function shareBytes<T>(value: T): T {
  return mapBytes(value, new Map()) as T;
}

function mapBytes(value: unknown, shared: Map<unknown, Uint8Array>): unknown {
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) {
    if (value.buffer instanceof SharedArrayBuffer) return value;
    const known = shared.get(value);
    if (known !== undefined) return known;
    const copy = new Uint8Array(new SharedArrayBuffer(value.length));
    copy.set(value);
    shared.set(value, copy);
    return copy;
  }
  // Others are small: every thread gets a copy.
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((each) => mapBytes(each, shared));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapBytes(inner, shared)]));
}
