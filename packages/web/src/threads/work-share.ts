import { FocalError, type Plan } from '@focal/core';

// [Note: work sharing] All threads hold the same plan over the same shared buffers. The rows of every pass are cut into
// chunks, numbered through all passes. A thread takes the next number from one shared counter and, before it runs that
// chunk, waits until all chunks of the earlier passes are done: that wait is the barrier. No thread is needed: one that
// is late or busy simply takes no numbers. A counter that only grows cannot be confused by a thread that lags.

const NEXT = 0;
const DONE = 1;
const STOPPED = 2;
const WORDS = 3;
const WAIT_MS = 2_000;

/** The chunks of a plan, and the counters that the threads share. */
export interface WorkShare {
  readonly control: Int32Array;
  readonly cut: Cut;
}

/** How finely passes are cut: into so many parts, of at most so many rows each. */
export interface Cut {
  readonly parts: number;
  readonly mostRows: number;
}

interface Chunk {
  readonly pass: number;
  readonly from: number;
  readonly to: number;
  /** How many chunks must be done before this one may run. */
  readonly after: number;
}

/** Counters for a new plan, on shared memory where there is some. */
export function createWorkShare(buffer: ArrayBufferLike, cut: Cut): WorkShare {
  return { control: new Int32Array(buffer, 0, WORDS), cut };
}

/** How many bytes the counters take. */
export const WORK_SHARE_BYTES = WORDS * Int32Array.BYTES_PER_ELEMENT;

/** Makes every thread stop taking work. */
export function stopWork(share: WorkShare): void {
  Atomics.store(share.control, STOPPED, 1);
  Atomics.notify(share.control, DONE);
}

/** The chunks of the plan, in the order in which they are taken. */
export function cutIntoChunks(plan: Plan<unknown>, { mostRows, parts }: Cut): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (const [index, pass] of plan.passes.entries()) {
    const after = chunks.length;
    const step = Math.max(1, Math.min(mostRows, Math.ceil(pass.rows / parts)));
    for (let from = 0; from < pass.rows; from += step) {
      chunks.push({ pass: index, from, to: Math.min(pass.rows, from + step), after });
    }
  }
  return chunks;
}

/**
 * Takes and runs chunks until there are none left or the work was stopped. A helper thread calls it with the plan it
 * built; blocks its thread while it waits for others. Throws what a pass throws, after stopping the others.
 */
export function shareWork(plan: Plan<unknown>, share: WorkShare): void {
  const chunks = cutIntoChunks(plan, share.cut);
  while (takeChunk(plan, chunks, share));
}

/** {@link shareWork} for the thread that leads: gives its event loop a turn now and then, and sees to the end. */
export async function leadWork<T>(
  plan: Plan<T>,
  share: WorkShare,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((done: number) => void) | undefined;
    /** Called between chunks; a promise is waited for. */
    readonly pause?: (() => Promise<void> | undefined) | undefined;
  } = {},
): Promise<T> {
  const chunks = cutIntoChunks(plan, share.cut);
  try {
    while (takeChunk(plan, chunks, share)) {
      options.onProgress?.(Atomics.load(share.control, DONE) / chunks.length);
      const pause = options.pause?.();
      if (pause !== undefined) await pause;
      if (options.signal?.aborted) throw new FocalError('aborted', 'The work was cancelled.');
    }
    awaitDone(share, chunks.length);
  } catch (error) {
    stopWork(share);
    throw error;
  }
  if (Atomics.load(share.control, STOPPED) !== 0) throw new FocalError('internal', 'A thread failed at its part.');
  return plan.result;
}

/** Runs the next chunk; false when there is none or the work was stopped. */
function takeChunk(plan: Plan<unknown>, chunks: readonly Chunk[], share: WorkShare): boolean {
  const { control } = share;
  if (Atomics.load(control, STOPPED) !== 0) return false;
  const chunk = chunks[Atomics.add(control, NEXT, 1)];
  if (chunk === undefined) return false;
  awaitDone(share, chunk.after);
  if (Atomics.load(control, STOPPED) !== 0) return false;
  try {
    plan.passes[chunk.pass]?.run(chunk.from, chunk.to);
  } catch (error) {
    stopWork(share);
    throw error;
  }
  Atomics.add(control, DONE, 1);
  Atomics.notify(control, DONE);
  return true;
}

/** Blocks until that many chunks are done or the work was stopped. */
function awaitDone(share: WorkShare, count: number): void {
  const { control } = share;
  for (;;) {
    const done = Atomics.load(control, DONE);
    if (done >= count || Atomics.load(control, STOPPED) !== 0) return;
    // Waiting for others happens only where memory is shared; alone, all earlier chunks are done by now.
    Atomics.wait(control, DONE, done, WAIT_MS);
  }
}
