import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { throwIfAborted } from '@focal/core';
import { placeFile } from '../files/place-file.ts';
import type { Executor, Store } from '../store/store.ts';
import { BACKUP_FORMAT, BACKUP_VERSION, type BackupEnd, type BackupHeader, type BackupInfo, toInfo } from './format.ts';
import { quote, readTables } from './tables.ts';

export interface WriteBackupOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Replaces a file that is there. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told of rows. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

const BATCH = 500;

/**
 * Writes everything that cannot be made again into a file, as it is at one moment; the library may be used meanwhile.
 * The file is there whole or not at all. Throws `exists`, `no-space`, `permission`, `not-found` of its folder.
 */
export async function writeBackup(store: Store, path: string, options: WriteBackupOptions): Promise<BackupInfo> {
  const { overwrite = false, signal } = options;
  return placeFile(path, { overwrite }, async (temporary) => {
    const { header, end } = await store.exclusive((execute) => dump(execute, temporary, options));
    throwIfAborted(signal);
    return toInfo(header, end, (await stat(temporary)).size);
  });
}

async function dump(
  execute: Executor,
  path: string,
  { now, signal, onProgress }: WriteBackupOptions,
): Promise<{ readonly header: BackupHeader; readonly end: BackupEnd }> {
  const gzip = createGzip();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  // An error of one ends the other; both are heard here.
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    gzip.destroy();
  };
  file.on('error', fail);
  gzip.on('error', fail);
  gzip.pipe(file);
  const hash = createHash('sha256');
  const write = async (line: string): Promise<void> => {
    if (failure !== undefined) throw failure;
    hash.update(line);
    if (!gzip.write(line)) await roomIn(gzip);
  };
  try {
    await execute.script('begin isolation level repeatable read, read only');
    const { rows: migrations } = await execute.query('select number, name, sha256 from migrations order by number');
    const header = {
      format: BACKUP_FORMAT,
      version: BACKUP_VERSION,
      createdAt: now,
      migrations: migrations as BackupHeader['migrations'],
    } as const;
    await write(`${JSON.stringify(header)}\n`);
    const counts: Record<string, number> = {};
    let told = 0;
    for (const { name, columns } of await readTables(execute)) {
      await write(`${JSON.stringify({ table: name, columns: columns.map((column) => column.name) })}\n`);
      counts[name] = 0;
      const values = columns.map((column) => `${quote(column.name)}::text`).join(', ');
      await execute.script(
        `declare dumped no scroll cursor for select json_build_array(${values})::text as line from ${quote(name)}`,
      );
      for (;;) {
        throwIfAborted(signal);
        const { rows } = await execute.query(`fetch ${BATCH} from dumped`);
        if (rows.length === 0) break;
        for (const { line } of rows) await write(`${String(line)}\n`);
        counts[name] += rows.length;
        told += rows.length;
        onProgress?.(told);
      }
      await execute.script('close dumped');
    }
    const end = { end: true, rows: counts, sha256: hash.digest('hex') } as const;
    if (failure !== undefined) throw failure;
    gzip.end(`${JSON.stringify(end)}\n`);
    await finished(file);
    return { header, end };
  } catch (error) {
    file.destroy();
    gzip.destroy();
    // The first of the two is what went wrong.
    throw failure ?? error;
  }
}

/** Resolves when more may be written, and when nothing will be any more. */
function roomIn(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.on('drain', go);
    stream.on('close', go);
  });
}
