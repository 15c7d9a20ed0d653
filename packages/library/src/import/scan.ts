import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FocalError, type InspectedFile, throwIfAborted } from '@focal/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { JobQueue } from '../jobs/queue.ts';
import { reconcileJobs } from '../jobs/reconcile.ts';
import { type MediaReader, SCENE_VERSION, THUMBNAIL_VERSION } from '../media.ts';
import type { Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { handOverVersions } from '../versions/version.ts';
import type { XmpFacts } from '../xmp/read-xmp.ts';
import { noteBadFile } from './bad-files.ts';
import { toCaptureTime } from './capture-time.ts';
import { fromPathKey, isWithin, nameOf, showPath } from './path-key.ts';
import { parseSidecar, type Sidecar } from './takeout.ts';
import { type FoundFile, type UnreadFolder, walk } from './walk.ts';
import type { ScanTarget } from './watch.ts';
import { keepRegions, readXmpOf, takeOver } from './xmp-facts.ts';

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
  const import_ = createImporter(options);

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
    await import_(news, (outcome) => {
      tally[outcome]++;
      onProgress?.({ ...tally });
    });
    onProgress?.({ ...tally });
  };
  for (const { path, isDeep } of targets) {
    if (path !== folder.path && !(await isFolder(path))) continue;
    const walked = await walk(path, onFiles, { signal, isDeep });
    unread.push(...walked.unread);
    ignored += walked.ignored;
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

type Outcome = 'added' | 'moved' | 'changed' | 'bad' | 'unchanged';

function createImporter(options: ScanOptions) {
  const { store, queue, media, folder, now, together, signal } = options;

  async function importFile(file: FoundFile): Promise<{ readonly outcome: Outcome; readonly assetId?: number }> {
    let inspected: InspectedFile;
    let sidecar: Sidecar | undefined;
    let xmp: XmpFacts | undefined;
    try {
      inspected = await media.inspect(fromPathKey(file.key), signal === undefined ? {} : { signal });
      sidecar = file.sidecar === undefined ? undefined : parseSidecar(await readFile(file.sidecar, 'utf8'));
      xmp = await readXmpOf(file, inspected);
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof FocalError && (error.code === 'closed' || error.code === 'aborted')) throw error;
      await noteBadFile(store.db, { path: file.key, folderId: folder.id, stamp: file.stamp }, error, now());
      return { outcome: 'bad' };
    }
    return transact(store.db, (trx) =>
      keepFile(trx, { file, folderId: folder.id, inspected, sidecar, xmp, now: now() }),
    );
  }

  /** So many at a time; jobs for all that are new at the end. */
  return async (files: readonly FoundFile[], onOutcome: (outcome: Outcome) => void): Promise<void> => {
    const fresh: number[] = [];
    const waiting = [...files];
    const work = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        throwIfAborted(signal);
        const { outcome, assetId } = await importFile(file);
        if (assetId !== undefined) fresh.push(assetId);
        onOutcome(outcome);
        if (fresh.length >= 100) await addJobs(queue, fresh.splice(0), options.onJobs);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: together }, work));
    await addJobs(queue, fresh, options.onJobs);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  };
}

async function addJobs(queue: JobQueue, assetIds: readonly number[], onJobs: (() => void) | undefined): Promise<void> {
  if (assetIds.length === 0) return;
  await queue.add('thumbnails', assetIds);
  onJobs?.();
}

/** A file and all that was read of it. */
interface ReadFile {
  readonly file: FoundFile;
  readonly folderId: number;
  readonly inspected: InspectedFile;
  readonly sidecar: Sidecar | undefined;
  readonly xmp: XmpFacts | undefined;
  readonly now: number;
}

/** Keeps what was read of a file: its asset, where there is none of this content yet, and that it lies here. */
async function keepFile(
  trx: Transaction<Tables>,
  { file, folderId, inspected, sidecar, xmp, now }: ReadFile,
): Promise<{ readonly outcome: Outcome; readonly assetId?: number }> {
  const name = nameOf(file.key);
  const before = await trx
    .selectFrom('places')
    .select(['id', 'asset_id', 'xmp'])
    .where('path', '=', file.key)
    .executeTakeFirst();
  const inserted = await trx
    .insertInto('assets')
    .values(toAsset(inspected, sidecar, xmp, name, file.modifiedMs, now))
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .returning(['id', 'thumbnail_version', 'scene_version'])
    .executeTakeFirst();
  const asset =
    inserted ??
    (await trx
      .selectFrom('assets')
      .select(['id', 'thumbnail_version', 'scene_version'])
      .where('sha256', '=', inspected.sha256)
      .executeTakeFirstOrThrow());
  if (before === undefined) {
    await trx
      .insertInto('places')
      .values({ folder_id: folderId, asset_id: asset.id, path: file.key, name, stamp: file.stamp, xmp: toJson(xmp) })
      .execute();
  } else {
    await trx
      .updateTable('places')
      .set({ folder_id: folderId, asset_id: asset.id, name, stamp: file.stamp, xmp: toJson(xmp) })
      .where('id', '=', before.id)
      .execute();
    // Content that the library knew came from another place, and so did what the user gave to it.
    if (inserted !== undefined) await handOver(trx, before.asset_id, asset.id);
  }
  await trx.deleteFrom('bad_files').where('path', '=', file.key).execute();
  // What another program changed since is taken over; what it says as before is not, which the user may have changed.
  if (inserted !== undefined) await keepRegions(trx, asset.id, xmp, inspected.orientation);
  else if (before?.asset_id === asset.id) {
    await takeOver(trx, asset.id, { before: before.xmp ?? {}, now: xmp ?? {}, orientation: inspected.orientation });
  }
  const isDone = asset.thumbnail_version === THUMBNAIL_VERSION && asset.scene_version === SCENE_VERSION;
  const outcome: Outcome =
    before === undefined
      ? inserted === undefined
        ? 'moved'
        : 'added'
      : before.asset_id === asset.id
        ? 'unchanged'
        : 'changed';
  return isDone ? { outcome } : { outcome, assetId: asset.id };
}

/** What the user gave to a photo goes over to the edited file that took its place. */
async function handOver(trx: Transaction<Tables>, oldId: number, newId: number): Promise<void> {
  const left = await trx.selectFrom('places').select('id').where('asset_id', '=', oldId).executeTakeFirst();
  if (left !== undefined) return;
  await sql`update assets set is_favourite = assets.is_favourite or old.is_favourite,
      rating = greatest(assets.rating, old.rating),
      caption = case assets.caption when '' then old.caption else assets.caption end,
      keywords = case assets.keywords when '{}' then old.keywords else assets.keywords end
    from assets old where assets.id = ${newId} and old.id = ${oldId}`.execute(trx);
  await sql`insert into album_assets (album_id, asset_id, position)
    select album_id, ${newId}, position from album_assets where asset_id = ${oldId} on conflict do nothing`.execute(
    trx,
  );
  // Faces are matched with those that are found in the new one.
  await sql`update faces set asset_id = ${newId}, revision = revision + 1 where asset_id = ${oldId}`.execute(trx);
  await sql`insert into people_doubles (asset_id) select ${newId} from people_doubles where asset_id = ${oldId}
    on conflict do nothing`.execute(trx);
  await handOverVersions(trx, oldId, newId);
  await trx.updateTable('albums').set({ cover_id: newId }).where('cover_id', '=', oldId).execute();
  await trx.deleteFrom('assets').where('id', '=', oldId).execute();
}

function toAsset(
  inspected: InspectedFile,
  sidecar: Sidecar | undefined,
  xmp: XmpFacts | undefined,
  name: string,
  modifiedMs: number,
  now: number,
) {
  const { capture } = inspected;
  const time = toCaptureTime({ capture, sidecar, name, modifiedMs });
  const place = capture.latitude === undefined ? sidecar : capture;
  return {
    sha256: inspected.sha256,
    kind: inspected.kind,
    format: inspected.format,
    bytes: inspected.bytes,
    width: inspected.width,
    height: inspected.height,
    duration_ms: inspected.durationMs ?? null,
    added_at: now,
    taken_at: time.takenAt,
    taken_source: time.source,
    sort_time: time.sortTime,
    month: time.month,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
    altitude: place?.altitude ?? null,
    camera_make: toText(capture.make),
    camera_model: toText(capture.model),
    lens: toText(capture.lens),
    exposure_seconds: capture.exposureSeconds ?? null,
    aperture: capture.aperture ?? null,
    iso: capture.iso ?? null,
    focal_length_mm: capture.focalLengthMm ?? null,
    caption: toText(xmp?.caption ?? capture.caption ?? sidecar?.caption) ?? '',
    rating: xmp?.rating ?? capture.rating ?? 0,
    is_favourite: xmp?.isFavourite ?? sidecar?.isFavourite ?? false,
    keywords: [...(xmp?.keywords ?? [])],
    orientation: inspected.orientation ?? null,
  };
}

function toJson(xmp: XmpFacts | undefined): string | null {
  return xmp === undefined ? null : JSON.stringify(xmp);
}

/** PostgreSQL keeps no zero characters in text. */
function toText(text: string | undefined): string | null {
  return text?.replaceAll('\0', '') ?? null;
}

const BATCH = 500;

async function removePlaces(db: Kysely<Tables>, paths: readonly string[]): Promise<void> {
  for (let at = 0; at < paths.length; at += BATCH) {
    const batch = paths.slice(at, at + BATCH);
    await transact(db, async (trx) => {
      await trx.deleteFrom('places').where('path', 'in', batch).execute();
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
