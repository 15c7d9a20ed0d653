import { fsyncSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { SCHEMA } from '../migrate.ts';
import { type DatabaseSetup, type FromDatabase, OPENED, type ToDatabase } from './protocol.ts';

/** How often the disk was told to keep what was written. */
let syncs = 0;

type Emscripten = { FS: { filesystems: { NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } } } } };

/**
 * PGlite's files with one thing that they lack: when the database asks for a file to be on the disk, it is. A commit
 * then survives a power failure, for about half a millisecond.
 */
class DurableFiles extends NodeFS {
  override async init(...[database, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const made = await super.init(database, options);
    const keep = (module: unknown): void => {
      (module as Emscripten).FS.filesystems.NODEFS.stream_ops.fsync = ({ nfd }) => {
        syncs++;
        fsyncSync(nfd);
        return 0;
      };
    };
    const { preRun } = made.emscriptenOpts;
    const before = preRun === undefined ? [] : Array.isArray(preRun) ? preRun : [preRun];
    made.emscriptenOpts.preRun = [...before, keep] as typeof before;
    return made;
  }
}

/** As PGlite starts, but for `-F`, which turns syncing off, and with the tables' schema. */
const START = [
  ...PGlite.defaultStartParams
    .filter((each) => each !== '-F')
    .map((each) => (each.startsWith('search_path=') ? `search_path=${SCHEMA},public` : each)),
  '-c',
  'wal_sync_method=fsync',
];

const port = parentPort;
if (port === null) throw new Error('This module runs as a worker thread only.');
const { folder } = workerData as DatabaseSetup;
const answer = (message: FromDatabase): void => port.postMessage(message);

let database: PGlite | undefined;
let last: Promise<void> = open();
port.on('message', (message: ToDatabase) => {
  last = last.then(() => work(message));
});

async function open(): Promise<void> {
  try {
    const options: PGliteOptions = { fs: new DurableFiles(folder), extensions: { pg_trgm }, startParams: START };
    database = await PGlite.create(options);
    answer({ id: OPENED, ok: true, rows: [], affected: 0 });
  } catch (error) {
    fail(OPENED, error);
  }
}

async function work(message: ToDatabase): Promise<void> {
  const { id } = message;
  try {
    if (message.type === 'syncs') return answer({ id, ok: true, rows: [{ syncs }], affected: 0 });
    if (message.type === 'close') {
      await database?.close();
      answer({ id, ok: true, rows: [], affected: 0 });
      port?.close();
      return;
    }
    if (database === undefined) throw new Error('The database did not open.');
    if (message.type === 'script') {
      const results = await database.exec(message.text);
      const end = results.at(-1);
      return answer({ id, ok: true, rows: (end?.rows ?? []) as never, affected: end?.affectedRows ?? 0 });
    }
    const { rows, affectedRows = 0 } = await database.query(message.text, [...message.values]);
    answer({ id, ok: true, rows: rows as never, affected: affectedRows });
  } catch (error) {
    fail(id, error);
  }
}

function fail(id: number, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const state = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  answer({ id, ok: false, message, ...(state !== undefined && { state }) });
}
