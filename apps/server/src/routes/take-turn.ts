import { FocalError } from '@focal/core';
import type { Context } from 'hono';
import type { Limits } from '../limits.ts';
import type { Queue } from '../queue.ts';
import { limitTime } from '../time-limit.ts';

export interface TurnOptions {
  readonly limits: Limits;
  readonly queue: Queue;
  /** Aborts all that runs: the server is ending. */
  readonly signal?: AbortSignal;
}

/** A request's place in the queue. */
export interface Turn {
  /** Runs the upload within its time; the signal also aborts when the client leaves or the server ends. */
  receive<T>(upload: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Waits for the turn, then runs the work within its time. Rejects with the reason of the abort where there is one. */
  work<T>(perform: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Serves a request from a place in the queue, which is given back whatever happens. Throws `closed`, `busy` (429). */
export async function takeTurn<T>(
  context: Context,
  { limits, queue, signal }: TurnOptions,
  serve: (turn: Turn) => Promise<T>,
): Promise<T> {
  const request = context.req.raw;
  const stop = signal === undefined ? request.signal : AbortSignal.any([request.signal, signal]);
  if (signal?.aborted) throw new FocalError('closed', 'The server is ending.');
  using ticket = queue.enter();
  return await serve({
    async receive(upload) {
      using time = limitTime(stop, limits.uploadTimeoutMs, 'The upload');
      return await upload(time.signal);
    },
    async work(perform) {
      await ticket.turn(stop);
      using time = limitTime(stop, limits.workTimeoutMs, 'The work');
      try {
        return await perform(time.signal);
      } catch (error) {
        const { aborted, reason } = time.signal;
        throw aborted && reason instanceof FocalError ? reason : error;
      }
    },
  });
}
