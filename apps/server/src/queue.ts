import { FocalError, throwIfAborted } from '@focal/core';
import { Refusal } from './problems.ts';

/** A place in the queue, from the first byte of a request to the end of its work. */
export interface Ticket extends Disposable {
  /**
   * Resolves when it is this ticket's turn to run, in the order of asking. Rejects with `aborted`, and with
   * `overloaded` (503) and a Retry-After when the turn has not come within the longest wait.
   */
  turn(signal?: AbortSignal): Promise<void>;
  /** Gives the place back, whatever state it is in. Idempotent. */
  [Symbol.dispose](): void;
}

export interface QueueState {
  readonly running: number;
  readonly waiting: number;
}

/**
 * A bounded first-in, first-out queue: `concurrency` tickets run, `length` more may wait, further ones are refused.
 * It holds no work and no promise of work, so a failing job has nothing to leave behind.
 */
export interface Queue {
  /** Throws `busy` (429) with a Retry-After when full. */
  enter(): Ticket;
  state(): QueueState;
}

interface Waiter {
  readonly start: () => void;
}

export interface QueueOptions {
  readonly concurrency: number;
  readonly length: number;
  /** Longest time from asking for a turn to getting it. */
  readonly maxWaitMs: number;
  readonly now?: () => number;
}

export function createQueue(options: QueueOptions): Queue {
  const { concurrency, length, maxWaitMs, now = () => performance.now() } = options;
  let held = 0;
  let running = 0;
  let typicalMs = 2000;
  const waiters = new Set<Waiter>();

  function startNext(): void {
    for (const waiter of waiters) {
      if (running >= concurrency) return;
      waiters.delete(waiter);
      running++;
      waiter.start();
    }
  }

  /** When half of `places` are likely to be done: 1 to 60 s. */
  function retryAfter(places: number): { readonly hint: string; readonly headers: Readonly<Record<string, string>> } {
    const seconds = Math.ceil((typicalMs * places) / concurrency / 2 / 1000);
    return {
      hint: 'Try again after the time in Retry-After.',
      headers: { 'retry-after': String(Math.min(60, Math.max(1, seconds))) },
    };
  }

  function enter(): Ticket {
    if (held >= concurrency + length) {
      throw new Refusal('busy', `All ${length + concurrency} places are taken.`, retryAfter(length + concurrency));
    }
    held++;
    let startedAt: number | undefined;
    let left = false;

    async function turn(signal?: AbortSignal): Promise<void> {
      throwIfAborted(signal);
      if (left) throw new FocalError('closed', 'This place in the queue was given back.');
      const { promise, resolve, reject } = defer();
      const waiter: Waiter = {
        start: () => {
          startedAt = now();
          resolve();
        },
      };
      const onAbort = (): void => {
        if (waiters.delete(waiter)) reject(new FocalError('aborted', 'The work was cancelled.'));
      };
      const onTimeout = (): void => {
        if (!waiters.delete(waiter)) return;
        const message = `The work could not begin within ${maxWaitMs / 1000} s: too much came before it.`;
        reject(new Refusal('overloaded', message, retryAfter(held)));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      waiters.add(waiter);
      startNext();
      const timer = setTimeout(onTimeout, maxWaitMs);
      await promise.finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      });
    }

    return {
      turn,
      [Symbol.dispose]() {
        if (left) return;
        left = true;
        held--;
        if (startedAt === undefined) return;
        running--;
        typicalMs += (now() - startedAt - typicalMs) * 0.2;
        startNext();
      },
    };
  }

  return { enter, state: () => ({ running, waiting: held - running }) };
}

function defer(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
