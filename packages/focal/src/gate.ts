import { FocalError, throwIfAborted } from '@focal/core';

/** Lets so many in at a time; the others wait in order. */
export interface Gate {
  /** Waits for a place and returns how to give it back. Throws `aborted`. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

export function createGate(places: number): Gate {
  const waiting: (() => void)[] = [];
  let free = places;

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  }

  return {
    async enter(signal) {
      throwIfAborted(signal);
      if (free > 0) free--;
      else await wait(waiting, signal);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        leave();
      };
    },
  };
}

function wait(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const onAbort = () => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(new FocalError('aborted', 'The work was cancelled.', { cause: signal?.reason }));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    waiting.push(enter);
  });
}
