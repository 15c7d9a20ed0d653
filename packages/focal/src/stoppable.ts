import { FocalError } from '@focal/core';

/**
 * Runs what a thread is told to stop by a number in shared memory. The call ends when the thread has cleared up, so that
 * nothing half done is left behind. Throws `aborted`.
 */
export async function stoppable<T>(
  signal: AbortSignal | undefined,
  work: (stop: SharedArrayBuffer) => Promise<T>,
): Promise<T> {
  const stop = new SharedArrayBuffer(4);
  const onAbort = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
  if (signal?.aborted) throw new FocalError('aborted', 'The work was cancelled.', { cause: signal.reason });
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(stop);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
