import type { ErrorData } from '@focal/core';

/** What a client sends to a worker. */
export type Request =
  | { readonly id: number; readonly method: string; readonly args: unknown }
  | { readonly id: number; readonly cancel: true };

/** What a worker sends back: any number of `progress`, then one `result` or `error`. */
export type Response =
  | { readonly id: number; readonly progress: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorData };

/** The part of `Worker`, `MessagePort` and a worker's own scope that calls need. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** What a handler is told about the call it serves. */
export interface CallContext {
  /** Aborts when the caller gave up. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the work is. */
  readonly progress: (value: unknown) => void;
}

/** The methods of a worker: one argument object each. */
export type Handlers = { readonly [name: string]: (args: never, context: CallContext) => unknown };

/** A result whose buffers move to the caller instead of being copied. */
export class Transferred<T> {
  readonly value: T;
  readonly transfer: Transferable[];

  constructor(value: T, transfer: Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}
