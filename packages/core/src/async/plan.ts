import { throwIfAborted } from '../errors.ts';

/**
 * One stage of pixel work. Its rows are independent of each other: any thread may run any run of them, in any order,
 * and the bytes come out the same. A pass may read everything that earlier passes wrote, never what it writes itself
 * outside its own rows.
 */
export interface Pass {
  readonly name: string;
  /** How many rows there are to run. 1 for work that cannot be split. */
  readonly rows: number;
  /** Runs rows `from` (inclusive) to `to` (exclusive). Synchronous, no I/O. */
  run(from: number, to: number): void;
}

/**
 * Pixel work as a list of passes with a barrier after each, and where the result lies once all have run.
 *
 * Building a plan allocates (through the `Allocate` it was given, in a fixed order, with sizes that depend on the
 * input's shape and parameters only, never on pixel values) and wires; it does not touch pixels. So every worker thread
 * can build the same plan over the same shared buffers and take its share of the rows, and the main thread can build
 * one without computing. [Note: one plan, many threads]
 */
export interface Plan<T> {
  readonly passes: readonly Pass[];
  readonly result: T;
}

export interface RunPlanOptions {
  readonly signal?: AbortSignal;
  /** Called after each pass with the share done, 0..1. */
  readonly onProgress?: (done: number) => void;
}

/** Runs a plan on the calling thread: the reference for every parallel runner. */
export function runPlan<T>(plan: Plan<T>, options: RunPlanOptions = {}): T {
  for (const [index, pass] of plan.passes.entries()) {
    throwIfAborted(options.signal);
    pass.run(0, pass.rows);
    options.onProgress?.((index + 1) / plan.passes.length);
  }
  return plan.result;
}
