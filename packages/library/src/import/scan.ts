import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { throwIfAborted } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import type { JobQueue } from '../jobs/queue.ts';
import { reconcileJobs } from '../jobs/reconcile.ts';
import type { MediaReader } from '../media.ts';
import type { Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { noteBadFile } from './bad-files.ts';
import { createImporter } from './importer.ts';
import { isWithin, showPath } from './path-key.ts';
import { type FoundFile, type UnreadFolder, walk } from './walk.ts';
import type { ScanTarget } from './watch.ts';

/** What came of looking through a folder. */
export interface ScanReport {
  /** Photos and videos that are there. */
  readonly found: number;
  /** New to the library. */
  readonly added: number;
  /** At places where they were not before: moved, renamed or copied. */
  readonly moved: number;
  /** Other content than before, under the same name. */
  readonly changed: number;
  /** As they were: not read again. */
  readonly unchanged: number;
  /** Places that are gone. */
  readonly removed: number;
  /** Files that could not be read; listed as bad files. */
  readonly bad: number;
  /** Files that are neither, by their names. */
  readonly ignored: number;
  /** The folder was not there: nothing was changed. */
  readonly offline: boolean;
}

export interface ScanOptions {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly media: MediaReader;
  readonly folder: { readonly id: number; readonly path: string };
  readonly now: () => number;
  /** Files read at once. */
  readonly together: number;
  /** Reads files again that were bad and have not changed. */
  readonly retryBad?: boolean;
  /** Looks at these parts only. A part that is not there is gone. */
  readonly targets?: readonly ScanTarget[];
  /** Leaves files alone that changed less than so long ago: somebody may still be writing them. */
  readonly settleMs?: number;
  /** Told of the folders of such files. */
  readonly onUnsettled?: ((folders: readonly string[]) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((report: ScanReport) => void) | undefined;
  /** Told when jobs were added. */
  readonly onJobs?: () => void;
}

/**
 * Brings the library in line with a folder. A file that is not as it was is read once, and known by its content. One bad
 * file is listed and the rest goes on. Where the folder, or a folder in it, cannot be read, nothing of it is removed.
 * Throws `aborted`; what was done until then stays, and the next scan goes on from there.
 */
export async function scanFolder(options: ScanOptions): Promise<ScanReport> {
  const { store, folder, signal, onProgress } = options;
  const { db } = store;
  const tally = {
    found: 0,
    added: 0,
    moved: 0,
    changed: 0,
    unchanged: 0,
    removed: 0,
    bad: 0,
    ignored: 0,
    offline: false,
  };
  if (!(await isFolder(folder.path))) {
    await db.updateTable('folders').set({ is_online: false }).where('id', '=', folder.id).execute();
    return { ...tally, offline: true };
  }
  const { targets = [{ path: folder.path, isDeep: true }], settleMs = 0 } = options;
  const isMeant = (key: string): boolean => targets.some((target) => isOf(showPath(key), target));
  const known = new Map(
    (await db.selectFrom('places').select(['path', 'stamp']).where('folder_id', '=', folder.id).execute())
      .filter(({ path }) => isMeant(path))
      .map(({ path, stamp }) => [path, stamp]),
  );
  const bad = new Map(
    (
      await db
        .selectFrom('bad_files')
        .select(['path', 'stamp'])
        .where('folder_id', '=', folder.id)
        .where('asset_id', 'is', null)
        .execute()
    )
      .filter(({ path }) => isMeant(path))
      .map(({ path, stamp }) => [path, stamp]),
  );
  const seen = new Set<string>();
  const importer = createImporter({
    ...options,
    onKept(outcomes) {
      for (const outcome of outcomes) tally[outcome]++;
      onProgress?.({ ...tally });
    },
  });

  const unsettled = new Set<string>();
  const unread: UnreadFolder[] = [];
  let ignored = 0;
  const onFiles = async (files: readonly FoundFile[]): Promise<void> => {
    const news: FoundFile[] = [];
    for (const file of files) {
      if (seen.has(file.key)) continue;
      seen.add(file.key);
      tally.found++;
      if (known.get(file.key) === file.stamp) tally.unchanged++;
      // A time in the future says nothing of when it was written.
      else if (Math.abs(options.now() - file.modifiedMs) < settleMs) unsettled.add(dirname(showPath(file.key)));
      else if (options.retryBad !== true && bad.get(file.key) === file.stamp) tally.bad++;
      else news.push(file);
    }
    await importer.take(news);
    onProgress?.({ ...tally });
  };
  try {
    for (const { path, isDeep } of targets) {
      if (path !== folder.path && !(await isFolder(path))) continue;
      const walked = await walk(path, onFiles, { signal, isDeep });
      unread.push(...walked.unread);
      ignored += walked.ignored;
    }
  } finally {
    await importer.finish();
  }
  if (unsettled.size > 0) options.onUnsettled?.([...unsettled]);
  tally.ignored = ignored;
  throwIfAborted(signal);

  // A drive may have gone in the middle of it: what cannot be seen is not gone.
  if (!(await isFolder(folder.path))) {
    await db.updateTable('folders').set({ is_online: false }).where('id', '=', folder.id).execute();
    return { ...tally, offline: true };
  }
  const isKnown = (path: string): boolean => seen.has(path) || unread.some(({ key }) => isWithin(path, key));
  const gone = [...known.keys()].filter((path) => !isKnown(path));
  tally.removed = gone.length;
  await removePlaces(db, gone);
  await removeBad(
    db,
    [...bad.keys()].filter((path) => !isKnown(path)),
  );
  for (const { key, error } of unread) {
    await noteBadFile(db, { path: key, folderId: folder.id, stamp: '' }, error, options.now());
  }
  const wasOffline = await db
    .selectFrom('folders')
    .select('id')
    .where('id', '=', folder.id)
    .where('is_online', '=', false)
    .executeTakeFirst();
  await db
    .updateTable('folders')
    .set({ is_online: true, ...(options.targets === undefined && { scanned_at: options.now() }) })
    .where('id', '=', folder.id)
    .execute();
  // Jobs of what could not be reached were given up.
  if (wasOffline !== undefined) {
    await reconcileJobs(store, options.queue);
    options.onJobs?.();
  }
  onProgress?.({ ...tally });
  return { ...tally };
}

const BATCH = 500;

async function removePlaces(db: Kysely<Tables>, paths: readonly string[]): Promise<void> {
  for (let at = 0; at < paths.length; at += BATCH) {
    const batch = paths.slice(at, at + BATCH);
    await transact(db, async (trx) => {
      await trx.deleteFrom('places').where('path', 'in', batch).execute();
      // What was moved is as bad as before.
      await sql`update bad_files set path = other.path, folder_id = other.folder_id, stamp = other.stamp
        from (select distinct on (asset_id) asset_id, path, folder_id, stamp from places order by asset_id, id) as other
        where other.asset_id = bad_files.asset_id and bad_files.path = any(${batch}::text[])
          and not exists (select from bad_files as known where known.path = other.path)`.execute(trx);
      await trx.deleteFrom('bad_files').where('path', 'in', batch).execute();
    });
  }
}

async function removeBad(db: Kysely<Tables>, paths: readonly string[]): Promise<void> {
  for (let at = 0; at < paths.length; at += BATCH) {
    await db
      .deleteFrom('bad_files')
      .where('path', 'in', paths.slice(at, at + BATCH))
      .execute();
  }
}

function isOf(path: string, target: ScanTarget): boolean {
  return target.isDeep ? isWithin(path, target.path) : dirname(path) === target.path || path === target.path;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
