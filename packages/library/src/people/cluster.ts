import { Worker } from 'node:worker_threads';
import { FocalError, fromErrorData } from '@focal/core';
import type {
  ActionAnswer,
  ClusterAction,
  ClusterAnswers,
  ClusterMemory,
  ClusterQuestion,
  FaceRow,
  FromCluster,
  ToCluster,
} from './cluster-protocol.ts';

/**
 * Who is who, kept in a thread of its own, which starts with the first use: comparing 100,000 faces takes long. It knows
 * nothing of the database. Actions throw what those of `People` in core throw.
 */
export interface Cluster {
  /** Begins anew: rows follow, then what was said. */
  begin(): Promise<void>;
  load(rows: readonly FaceRow[]): Promise<void>;
  end(memory: ClusterMemory): Promise<void>;
  act(action: ClusterAction): Promise<ActionAnswer>;
  ask<Q extends ClusterQuestion>(question: Q): Promise<ClusterAnswers[Q['kind']]>;
  /**
   * Resolves when all faces have been compared, which goes on in the background since `end`: until then, actions that
   * need no neighbours are answered at once, and others do the rest first.
   */
  link(): Promise<void>;
  /** Forgets everything, vectors too. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

type Message = { readonly [K in ToCluster['type']]: Omit<Extract<ToCluster, { type: K }>, 'id'> }[ToCluster['type']];

export function createCluster(): Cluster {
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: unknown): void }>();
  let nextId = 1;
  let worker: Worker | undefined;
  let isClosed = false;

  function start(): Worker {
    // Threads run from `dist` also where sources are imported, as tests do: Node cannot load sources on its own.
    const name = './cluster.worker.js';
    const url = import.meta.url.endsWith('.ts')
      ? new URL(`../../dist/people/${name}`, import.meta.url)
      : new URL(name, import.meta.url);
    const started = new Worker(url, { execArgv: [], name: 'focal people' });
    const end = (error: unknown): void => {
      if (worker === started) worker = undefined;
      for (const each of waiting.values()) each.reject(error);
      waiting.clear();
    };
    started.on('message', (message: FromCluster) => {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (waiting.size === 0) started.unref();
      if (message.ok) return asked?.resolve(message.answer);
      asked?.reject(fromErrorData(message.error));
    });
    started.on('error', end);
    started.on('exit', () => end(new FocalError('closed', 'The library has been closed.')));
    return started;
  }

  function send<T>(message: Message): Promise<T> {
    if (isClosed) return Promise.reject(new FocalError('closed', 'The library has been closed.'));
    worker ??= start();
    const to = worker;
    const id = nextId++;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: (answer) => resolve(answer as T), reject });
      to.ref();
      to.postMessage({ ...message, id });
    });
  }

  return {
    begin: () => send({ type: 'begin' }),
    load: (rows) => send({ type: 'load', rows }),
    end: (memory) => send({ type: 'end', memory }),
    act: (action) => send({ type: 'act', action }),
    ask: (question) => send({ type: 'ask', question }),
    link: () => send({ type: 'link' }),
    async forget() {
      if (worker !== undefined) await send({ type: 'forget' });
    },
    async close() {
      isClosed = true;
      const last = worker;
      worker = undefined;
      // It only computes, so that it may end at any moment.
      await last?.terminate();
    },
  };
}
