import { FocalError } from '@focal/core';
import type { Kysely, Transaction } from 'kysely';
import { noteBadFile } from '../import/bad-files.ts';
import {
  type FoundScene,
  type MadeThumbnails,
  type MediaReader,
  type MediaSource,
  SCENE_VERSION,
  THUMBNAIL_VERSION,
} from '../media.ts';
import { colorBitsOf } from '../query/colors.ts';
import type { Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { type AssetToIndex, FolderGoneError, type IndexFiles, type PlaceToIndex } from './index-files.ts';
import { keepFaces } from './keep-faces.ts';
import { keepHash } from './near-duplicates.ts';
import { JOB_KINDS, type JobKind, type JobQueue, type LibraryJob, type RunSql, toRunSql } from './queue.ts';

export interface IndexerOptions {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly media: MediaReader;
  readonly files: IndexFiles;
  /** Whether a folder that is not there is away for everybody, and not only for this process. */
  readonly ownsFolders: boolean;
  readonly now: () => number;
  /** Assets worked on at once. */
  readonly together: number;
  /** Told after each job, and when there is nothing more to do. */
  readonly onChange?: () => void;
  /** Told of what goes wrong with the library itself, not with a file. */
  readonly onError: (error: unknown) => void;
}

/** Works through the queue in the background. `close()` puts back what is in hand and is idempotent. */
export interface Indexer {
  /** Looks for work now. */
  wake(): void;
  pause(): void;
  resume(): void;
  readonly isPaused: boolean;
  /** Jobs that this process has done. */
  readonly done: number;
  /** Resolves when the queue is empty, or the indexer is paused or closed. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A file during whose work the process ended so often is left alone; it may have been another's fault. */
const MOST_TRIES = 5;
/** Others may add work to a queue on a server without our hearing of it. */
const LOOK_AGAIN_MS = 5000;
/** After the library itself failed, such as a server that went away. */
const AFTER_ERROR_MS = 2000;

export function createIndexer(options: IndexerOptions): Indexer {
  const { queue, together } = options;
  const stop = new AbortController();
  let isPaused = false;
  let isWoken = false;
  let done = 0;
  let wakeUp: () => void = () => undefined;
  let waiters: (() => void)[] = [];
  let running: Promise<void> | undefined;

  const tellIdle = (): void => {
    for (const each of waiters.splice(0)) each();
  };

  /** Until somebody wakes us, or for so long; not at all where somebody has done so since we last looked for work. */
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (isWoken) return resolve();
      const timer = setTimeout(resolve, ms).unref();
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const wake = (): void => {
    isWoken = true;
    wakeUp();
  };

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      isWoken = false;
      if (isPaused) {
        tellIdle();
        await rest(LOOK_AGAIN_MS);
        continue;
      }
      try {
        // No more than is begun at once: what is in hand when the process is killed counts as tried.
        const jobs = await takeSome(queue, together);
        if (jobs.length === 0) {
          // Work may have come since we began to ask.
          if (isWoken) continue;
          options.onChange?.();
          tellIdle();
          await rest(LOOK_AGAIN_MS);
          continue;
        }
        await workThrough(jobs);
      } catch (error) {
        if (stop.signal.aborted) break;
        options.onError(error);
        await rest(AFTER_ERROR_MS);
      }
    }
    tellIdle();
  }

  async function workThrough(jobs: readonly LibraryJob[]): Promise<void> {
    const waiting = [...jobs];
    const work = async (): Promise<void> => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        if (stop.signal.aborted || isPaused) await queue.putBack(job);
        else if (await runJob(job, options, stop.signal)) done++;
        options.onChange?.();
      }
    };
    const results = await Promise.allSettled(Array.from({ length: together }, work));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    for (const job of waiting) await queue.putBack(job).catch(() => undefined);
    throw failed.reason;
  }

  return {
    wake() {
      running ??= run();
      wake();
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      wake();
    },
    get isPaused() {
      return isPaused;
    },
    get done() {
      return done;
    },
    idle() {
      if (stop.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        waiters.push(resolve);
        running ??= run();
        wake();
      });
    },
    async close() {
      stop.abort(new FocalError('closed', 'The library has been closed.'));
      wake();
      await running;
      waiters = [];
    },
  };
}

/** Thumbnails of all come before scenes of any. */
async function takeSome(queue: JobQueue, count: number): Promise<readonly LibraryJob[]> {
  for (const kind of JOB_KINDS) {
    const jobs = await queue.take(kind, count);
    if (jobs.length > 0) return jobs;
  }
  return [];
}

/** False where it was put back. */
async function runJob(job: LibraryJob, options: IndexerOptions, signal: AbortSignal): Promise<boolean> {
  const { store, queue } = options;
  const { db } = store;
  const asset = await db
    .selectFrom('assets')
    .select(['id', 'sha256', 'kind', 'format', 'bytes', 'duration_ms', 'thumbnail_version', 'scene_version'])
    .where('id', '=', job.assetId)
    .executeTakeFirst();
  const place = await findPlace(db, job.assetId);
  // Of what is not there now nothing can be made; when it is found again, its jobs are added again.
  if (asset === undefined || place === undefined || isDone(job.kind, asset)) {
    const next = asset !== undefined && place !== undefined ? job.assetId : undefined;
    await transact(db, (trx) => finish(queue, job, next, toRunSql(trx)));
    return true;
  }
  try {
    if (job.tries > MOST_TRIES) {
      throw new FocalError('internal', 'Focal ended, more than once, while it worked on this file.', {
        hint: 'If another program shows it well, please report it.',
      });
    }
    const keep = await work(job.kind, asset, place, options, signal);
    await transact(db, async (trx) => {
      await keep(trx);
      await trx.deleteFrom('bad_files').where('asset_id', '=', asset.id).execute();
      await finish(queue, job, asset.id, toRunSql(trx));
    });
  } catch (error) {
    if (error instanceof FolderGoneError && options.ownsFolders && !signal.aborted) {
      // Of what is not there now nothing can be made: its jobs come again when it is back.
      await db.updateTable('folders').set({ is_online: false }).where('id', '=', place.folder_id).execute();
      await queue.putBack(job);
      return false;
    }
    if (signal.aborted || !isAboutFile(error)) {
      await queue.putBack(job).catch(() => undefined);
      if (signal.aborted) return false;
      throw error;
    }
    await transact(db, async (trx) => {
      const { path, folder_id: folderId, stamp } = place;
      // What a scan found gone meanwhile is no bad file.
      const there = await trx.selectFrom('places').select('id').where('path', '=', path).forShare().executeTakeFirst();
      if (there !== undefined)
        await noteBadFile(trx, { path, folderId, stamp, assetId: asset.id }, error, options.now());
      await queue.finish(job, toRunSql(trx));
    });
  }
  return true;
}

function isDone(kind: JobKind, asset: { readonly thumbnail_version: number; readonly scene_version: number }): boolean {
  return kind === 'thumbnails' ? asset.thumbnail_version === THUMBNAIL_VERSION : asset.scene_version === SCENE_VERSION;
}

/** @param next asset that may still lack its scene */
async function finish(queue: JobQueue, job: LibraryJob, next: number | undefined, run: RunSql): Promise<void> {
  await queue.finish(job, run);
  if (job.kind === 'thumbnails' && next !== undefined) await queue.add('scene', [next], run);
}

/** Errors of FocalErrors other than these are about the file; others are about the library or its machine. */
function isAboutFile(error: unknown): boolean {
  if (!(error instanceof FocalError) || error instanceof FolderGoneError) return false;
  return !['aborted', 'closed', 'busy', 'network', 'no-space', 'model-missing', 'device-unavailable'].includes(
    error.code,
  );
}

interface Place extends PlaceToIndex {
  readonly folder_id: number;
  readonly stamp: string;
}

async function findPlace(db: Kysely<Tables>, assetId: number): Promise<Place | undefined> {
  return db
    .selectFrom('places')
    .innerJoin('folders', 'folders.id', 'places.folder_id')
    .select(['places.path', 'places.folder_id', 'places.stamp', 'folders.path as folder'])
    .where('places.asset_id', '=', assetId)
    .where('folders.is_online', '=', true)
    .orderBy('places.id')
    .executeTakeFirst();
}

type Keep = (trx: Transaction<Tables>) => Promise<void>;

async function work(
  kind: JobKind,
  asset: AssetToIndex,
  place: Place,
  { media, files }: IndexerOptions,
  signal: AbortSignal,
): Promise<Keep> {
  await using file = await files.open(asset, place, signal);
  const source: MediaSource = {
    path: file.path,
    kind: asset.kind,
    ...(asset.duration_ms !== null && { durationMs: asset.duration_ms }),
  };
  if (kind === 'thumbnails') {
    const made = await media.thumbnails(source, { sha256: asset.sha256, signal });
    await files.writePicture(asset, 'grid', made.grid, signal);
    return (trx) => keepThumbnails(trx, asset.id, made);
  }
  const found = await media.find(source, { signal });
  if (!(await files.hasPicture(asset, 'preview'))) {
    await files.writePicture(asset, 'preview', await media.preview(source, { signal }), signal);
  }
  return (trx) => keepScene(trx, asset.id, found);
}

async function keepThumbnails(trx: Transaction<Tables>, id: number, made: MadeThumbnails): Promise<void> {
  await trx
    .updateTable('assets')
    .set({
      width: made.width,
      height: made.height,
      hash: made.hash,
      placeholder: Buffer.from(made.placeholder).toString('base64'),
      palette: JSON.stringify(made.palette.map(({ rgb, share }) => ({ rgb, share: Math.round(share * 1000) / 1000 }))),
      colors: colorBitsOf(made.palette),
      thumbnail_version: THUMBNAIL_VERSION,
    })
    .where('id', '=', id)
    .execute();
  await keepHash(trx, id, made.hash);
}

async function keepScene(trx: Transaction<Tables>, id: number, { scene, focalPoint }: FoundScene): Promise<void> {
  const things = scene.objects?.objects ?? [];
  const faces = scene.faces?.faces ?? [];
  await trx.deleteFrom('things').where('asset_id', '=', id).execute();
  if (things.length > 0) {
    await trx
      .insertInto('things')
      .values(
        things.map(({ label, score, box: { x, y, width, height } }) => ({
          asset_id: id,
          label,
          score,
          x,
          y,
          width,
          height,
        })),
      )
      .execute();
  }
  await keepFaces(trx, id, faces);
  // Of what users drew and denied, too.
  const { count, smile } = await trx
    .selectFrom('faces')
    .select((each) => [each.fn.countAll<number>().as('count'), each.fn.max('smile').as('smile')])
    .where('asset_id', '=', id)
    .where('is_face', '=', true)
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('assets')
    .set({
      focal_x: focalPoint.x,
      focal_y: focalPoint.y,
      faces: Number(count),
      smile,
      scene_version: SCENE_VERSION,
    })
    .where('id', '=', id)
    .execute();
}
