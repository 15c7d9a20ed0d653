import { FocalError } from '@focal/core';

/** A signal that aborts with `parent`, or with `timeout` after some time. Disposing stops the clock. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

/** @param what begins the sentence: "The upload" took more than 120 s. */
export function limitTime(parent: AbortSignal, milliseconds: number, what: string): TimeLimit {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(parent.reason);
  const timer = setTimeout(() => {
    controller.abort(new FocalError('timeout', `${what} took more than ${milliseconds / 1000} s.`));
  }, milliseconds);
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      parent.removeEventListener('abort', onAbort);
    },
  };
}
