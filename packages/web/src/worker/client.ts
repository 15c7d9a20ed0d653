import { FocalError, fromErrorData } from '@focal/core';
import type { Handlers, Port, Response, Transferred } from './messages.ts';

export interface CallOptions<P = unknown> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((value: P) => void) | undefined;
  readonly transfer?: Transferable[] | undefined;
}

type Unwrapped<T> = T extends Transferred<infer V> ? V : T;
type ArgsOf<F> = F extends (args: infer A, ...rest: never[]) => unknown ? A : never;
type ResultOf<F> = F extends (...args: never[]) => infer R ? Unwrapped<Awaited<R>> : never;

/** Calls a worker's methods. Owned by whoever made it. */
export interface WorkerClient<H extends Handlers> {
  /** Rejects at once with `aborted` when the signal says so; the worker is told and drops the work. */
  call<K extends keyof H & string>(method: K, args: ArgsOf<H[K]>, options?: CallOptions): Promise<ResultOf<H[K]>>;
  /** Rejects what is under way with `closed`. Idempotent. Does not end the worker. */
  close(): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

/** A client for the methods that `serveWorker` answers on the other side of the port. */
export function createWorkerClient<H extends Handlers>(port: Port): WorkerClient<H> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed = false;

  const onMessage = (event: MessageEvent) => {
    const response = event.data as Response;
    const call = pending.get(response.id);
    // The caller gave up meanwhile.
    if (call === undefined) return;
    if ('progress' in response) return call.onProgress?.(response.progress);
    pending.delete(response.id);
    if ('error' in response) call.reject(fromErrorData(response.error));
    else call.resolve(response.result);
  };
  const failAll = (error: FocalError) => {
    for (const call of pending.values()) call.reject(error);
    pending.clear();
  };
  port.addEventListener('message', onMessage);
  if (port instanceof EventTarget) {
    port.addEventListener('error', () => {
      failAll(new FocalError('internal', 'A worker of this page stopped.', { hint: 'Reload the page and try again.' }));
    });
  }

  return {
    call(method, args, { signal, onProgress, transfer = [] } = {}) {
      return new Promise<never>((resolve, reject) => {
        if (closed) return reject(new FocalError('closed', 'This worker was closed.'));
        if (signal?.aborted) return reject(new FocalError('aborted', 'The work was cancelled.'));
        const id = nextId++;
        const onAbort = () => {
          if (!pending.delete(id)) return;
          port.postMessage({ id, cancel: true }, []);
          reject(new FocalError('aborted', 'The work was cancelled.'));
        };
        const settle = <T>(finish: (value: T) => void) => {
          return (value: T) => {
            signal?.removeEventListener('abort', onAbort);
            finish(value);
          };
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        pending.set(id, {
          resolve: settle(resolve as (value: unknown) => void),
          reject: settle(reject),
          onProgress,
        });
        port.postMessage({ id, method, args }, transfer);
      });
    },
    close() {
      if (closed) return;
      closed = true;
      port.removeEventListener('message', onMessage);
      failAll(new FocalError('closed', 'This worker was closed.'));
    },
  };
}
