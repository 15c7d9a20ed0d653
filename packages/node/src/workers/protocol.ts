import type { ErrorData } from '@focal/core';

/** What goes to a worker thread: one job at a time, or the word to clear up or to end. */
export type ToWorker =
  | { readonly type: 'job'; readonly id: number; readonly job: unknown }
  | { readonly type: 'tidy' | 'exit' };

/** What comes back: any number of progress reports, then one result or error. */
export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorData };

/** A result with buffers that are handed over instead of copied. */
export interface Handed<T> {
  readonly result: T;
  readonly transfer?: readonly ArrayBuffer[];
}

/** The jobs a kind of worker does: by name, what goes in, what comes out, and what it reports on the way. */
export type Jobs = Readonly<Record<string, { readonly input: unknown; readonly output: unknown }>>;

/** One job as it crosses to the worker. */
export type Job<J extends Jobs> = {
  readonly [K in keyof J & string]: { readonly kind: K; readonly input: J[K]['input'] };
}[keyof J & string];
