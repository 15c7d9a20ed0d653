import { parentPort } from 'node:worker_threads';
import { FocalError, toErrorData } from '@focal/core';
import { createGarbageCollector } from './garbage.ts';
import type { FromWorker, Handed, Jobs, ToWorker } from './protocol.ts';

/** How a worker does its jobs, each by its kind. */
export type JobHandlers<J extends Jobs> = {
  readonly [K in keyof J & string]: (
    input: J[K]['input'],
    report: (progress: unknown) => void,
  ) => Promise<Handed<J[K]['output']>>;
};

/**
 * Runs this thread as a worker: jobs one after the other, errors as data. `close` is awaited before the thread ends,
 * which it does by itself once the port is shut: it is never killed.
 */
export function serveJobs<J extends Jobs>(handlers: JobHandlers<J>, close: () => Promise<void> = async () => {}): void {
  const port = parentPort;
  if (port === null) throw new FocalError('internal', 'This module runs as a worker thread only.');
  const collect = createGarbageCollector();
  const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, [...transfer]);

  const work = async (id: number, job: unknown): Promise<void> => {
    try {
      const { kind, input } = job as { kind: string; input: never };
      const handler = handlers[kind];
      if (handler === undefined) throw new FocalError('internal', `This worker has no job ${kind}.`);
      const { result, transfer } = await handler(input, (progress) => send({ type: 'progress', id, progress }));
      send({ type: 'result', id, result }, transfer);
    } catch (error) {
      send({ type: 'error', id, error: toErrorData(error) });
    }
  };

  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    if (message.type === 'job') {
      last = last.then(() => work(message.id, message.job)).then(() => void setImmediate(collect, 'minor'));
    } else if (message.type === 'tidy') {
      last = last.then(() => collect('major'));
    } else {
      last = last.then(close, close).finally(() => port.close());
    }
  });
}
