import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FocalError } from '@focal/core';
import { sql } from 'kysely';
import { createPictureFiles } from '../files/picture-files.ts';
import { lockPath, OWN_DATABASE, openOwnStore, RESTORED_DATABASE } from '../open-own-store.ts';
import { lockFolder } from '../store/embedded/folder-lock.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { SCHEMA } from '../store/migrate.ts';
import { openServerStore } from '../store/open-server-store.ts';
import { type Executor, PRESENCE_CLASS, type Store } from '../store/store.ts';
import type { BackupInfo } from './format.ts';
import { assertRestorable, loadBackup } from './load-backup.ts';
import { readBackup } from './read-backup.ts';

export interface RestoreOptions {
  /** The library's own folder. */
  readonly folder: string;
  readonly databaseUrl?: string;
  /** The backup's file. */
  readonly backup: string;
  /** Replaces a library that is not empty. */
  readonly overwrite?: boolean;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  /** Told of rows. */
  readonly onProgress?: (rows: number) => void;
}

export interface Restored extends BackupInfo {
  /** Where the library that was there before is now: a folder, or a schema of the server. */
  readonly before?: string;
}

/**
 * Puts a backup in the place of a library that nobody has open, all of it or nothing. The library that was there is kept
 * aside. Throws `exists` where it was not empty, `busy` where it is open, and as {@link readBackup}.
 */
export async function restoreLibrary(options: RestoreOptions): Promise<Restored> {
  const { folder, databaseUrl, backup, signal, now = Date.now } = options;
  // Before anything is touched.
  await readBackup(backup, { onHeader: (header) => assertRestorable(header) }, signal);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const restored =
    databaseUrl === undefined ? await intoFolder(options, now()) : await intoServer(options, databaseUrl, now());
  const store = databaseUrl === undefined ? undefined : await openServerStore(databaseUrl, now());
  try {
    if (store !== undefined) await forgetPictures(store, folder);
  } finally {
    await store?.close();
  }
  return restored;
}

async function intoFolder(
  { folder, backup, overwrite = false, ...options }: RestoreOptions,
  now: number,
): Promise<Restored> {
  using _lock = await lockFolder(lockPath(folder));
  const path = join(folder, OWN_DATABASE);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const isEmpty = !isThere || (await isEmptyFolder(folder, now, overwrite));
  if (!isEmpty && !overwrite) throw notEmpty();
  const half = join(folder, 'database.restore');
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  try {
    let info: BackupInfo | undefined;
    const store = await openEmbeddedStore(half, now, async (execute) => {
      info = await within(execute, () => loadBackup(execute, backup, { ...options, now }));
    });
    await forgetPictures(store, folder);
    await store.close();
    if (info === undefined) throw new Error('Nothing was restored.');
    // From here on an interrupted restore is taken up where the library is opened the next time.
    const whole = join(folder, RESTORED_DATABASE);
    await rm(whole, { recursive: true, force: true });
    await rename(half, whole);
    const before = `${path}.before-${toStamp(now)}`;
    if (isThere) await rename(path, before);
    await rename(whole, path);
    if (!isEmpty) return { ...info, before };
    await rm(before, { recursive: true, force: true });
    return info;
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    throw error;
  }
}

async function intoServer(
  { backup, overwrite = false, ...options }: RestoreOptions,
  databaseUrl: string,
  now: number,
): Promise<Restored> {
  await using store = await openServerStore(databaseUrl, now);
  await assertUnused(store);
  const isEmpty = await isEmptyStore(store);
  if (!isEmpty && !overwrite) throw notEmpty();
  const before = isEmpty ? undefined : `${SCHEMA}_before_${toStamp(now)}`;
  const info = await store.exclusive((execute) =>
    within(execute, async () => {
      await execute.script(
        before === undefined ? `drop schema ${SCHEMA} cascade` : `alter schema ${SCHEMA} rename to "${before}"`,
      );
      await execute.script(`create schema ${SCHEMA}`);
      const loaded = await loadBackup(execute, backup, { ...options, now });
      // Jobs are of the library that was; those of this one are added when it is opened.
      const { rows } = await execute.query("select to_regclass('focal_jobs.job') is not null as made");
      if (rows[0]?.made === true) await execute.script('delete from focal_jobs.job');
      return loaded;
    }),
  );
  return { ...info, ...(before !== undefined && { before: `schema ${before}` }) };
}

async function within<T>(execute: Executor, work: () => Promise<T>): Promise<T> {
  await execute.script('begin');
  try {
    const result = await work();
    await execute.script('commit');
    return result;
  } catch (error) {
    await execute.script('rollback').catch(() => undefined);
    throw error;
  }
}

/** Small pictures that are not in the library's folder are made again. */
async function forgetPictures(store: Store, folder: string): Promise<void> {
  const files = createPictureFiles(join(folder, 'thumbnails'));
  const rows = await store.db
    .selectFrom('assets')
    .select(['id', 'sha256'])
    .where('thumbnail_version', '>', 0)
    .orderBy('id')
    .execute();
  const missing: number[] = [];
  for (const { id, sha256 } of rows) if (!(await files.has(sha256, 'grid'))) missing.push(id);
  if (missing.length === 0) return;
  await sql`update assets set thumbnail_version = 0 where id = any(${missing}::integer[])`.execute(store.db);
}

async function isEmptyStore({ db }: Store): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`select
    exists (select from folders) or exists (select from assets) or exists (select from albums) as used`.execute(db);
  return rows[0]?.used !== true;
}

/** A library that cannot be opened is none that may be lost: it is kept where it is to be replaced. */
async function isEmptyFolder(folder: string, now: number, overwrite: boolean): Promise<boolean> {
  try {
    await using store = await openOwnStore(folder, now);
    return await isEmptyStore(store);
  } catch (error) {
    if (overwrite) return false;
    throw error;
  }
}

function notEmpty(): FocalError {
  return new FocalError('exists', 'There is a library already.', {
    hint: 'With --force the backup takes its place; the library that is there now is kept aside.',
  });
}

/** Throws `busy` where a process works on the library. */
async function assertUnused(store: Store): Promise<void> {
  const { rows } = await store.direct.query(
    `select count(*)::integer as holders from pg_locks where locktype = 'advisory' and granted and classid::bigint = $1
       and database = (select oid from pg_database where datname = current_database())`,
    [PRESENCE_CLASS],
  );
  const holders = Number(rows[0]?.holders);
  if (holders === 0) return;
  throw new FocalError(
    'busy',
    `The library is in use by ${holders} other ${holders === 1 ? 'process' : 'processes'}.`,
    {
      hint: 'End every focal serve and focal worker that uses this database first.',
    },
  );
}

/** `20231114_221320`, in UTC. */
function toStamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
}
