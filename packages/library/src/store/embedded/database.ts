import { Worker } from 'node:worker_threads';
import { FocalError } from '@focal/core';
import type { Executor, Rows } from '../store.ts';
import { type DatabaseSetup, type FromDatabase, OPENED, type ToDatabase } from './protocol.ts';

/** An embedded PostgreSQL in a thread of its own, with one connection: who uses it takes turns. */
export interface EmbeddedDatabase {
  readonly connection: Executor;
  /** How often the disk was told to keep what was written. */
  syncs(): Promise<number>;
  close(): Promise<void>;
}

/** Fields of errors that Kysely, pg-boss and callers look at. */
interface DatabaseError extends Error {
  code?: string;
}

type Question = {
  readonly [K in ToDatabase['type']]: Omit<Extract<ToDatabase, { type: K }>, 'id'>;
}[ToDatabase['type']];

/**
 * Opens the database in this folder, or makes one. Whoever calls holds the lock on the folder: two databases on one
 * folder destroy it. Throws `corrupt-input` where it cannot be opened.
 */
export async function openEmbedded(folder: string): Promise<EmbeddedDatabase> {
  // Threads run from `dist` also where sources are imported, as tests do: Node cannot load sources on its own.
  const name = './database.worker.js';
  const url = import.meta.url.endsWith('.ts')
    ? new URL(`../../../dist/store/embedded/${name}`, import.meta.url)
    : new URL(name, import.meta.url);
  const worker = new Worker(url, {
    workerData: { folder } satisfies DatabaseSetup,
    execArgv: [],
    name: 'focal library',
  });
  const waiting = new Map<number, { resolve(rows: Rows): void; reject(error: unknown): void }>();
  let nextId = OPENED + 1;
  let over: Error | undefined;
  let closing: Promise<void> | undefined;

  const end = (error: Error): void => {
    over = error;
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  };
  worker.on('message', (message: FromDatabase) => {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (waiting.size === 0) worker.unref();
    if (message.ok) return asked?.resolve(message);
    const error: DatabaseError = new Error(message.message);
    if (message.state !== undefined) error.code = message.state;
    asked?.reject(error);
  });
  worker.on('error', (error) => end(error as Error));
  worker.on('exit', () => end(over ?? new FocalError('closed', 'The library has been closed.')));

  const opened = new Promise<Rows>((resolve, reject) => waiting.set(OPENED, { resolve, reject }));
  try {
    await opened;
  } catch (error) {
    throw new FocalError('corrupt-input', `The library's database in ${folder} cannot be opened: ${messageOf(error)}`, {
      hint: 'Restore a backup, or begin a new library with another FOCAL_HOME.',
      cause: error,
    });
  }

  function ask(question: Question): Promise<Rows> {
    if (over !== undefined) return Promise.reject(over);
    const id = nextId++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ ...question, id });
    });
  }

  return {
    connection: {
      query: (text, values = []) => ask({ type: 'query', text, values }),
      script: async (text) => void (await ask({ type: 'script', text })),
    },
    async syncs() {
      const { rows } = await ask({ type: 'syncs' });
      return Number(rows[0]?.syncs);
    },
    close() {
      closing ??= ask({ type: 'close' }).then(
        () => undefined,
        () => undefined,
      );
      return closing;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
