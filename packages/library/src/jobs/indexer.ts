import { FocalError } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import { type MediaReader, type MediaSource, SCENE_VERSIONS, THUMBNAIL_VERSION } from '../media.ts';
import type { Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { type AssetToIndex, FolderGoneError, type IndexFiles } from './index-files.ts';
import { JOB_KINDS, type JobKind, type JobQueue, type LibraryJob } from './queue.ts';
import { createResults, type JobPlace, type JobResult, keepFailure } from './results.ts';

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
/** Jobs taken at once, for each that is worked on at once: what is quick should not wait for being taken. */
const AHEAD: Readonly<Record<JobKind, number>> = { thumbnails: 8, scene: 2 };
/** What was taken longer ago goes back: somebody else may be free, and the queue takes it for abandoned in the end. */
const LONGEST_AHEAD_MS = 60_000;

export function createIndexer(options: IndexerOptions): Indexer {
  const { queue, together } = options;
  const stop = new AbortController();
  let isPaused = false;
  let isWoken = false;
  let isWary = true;
  let done = 0;
  let wakeUp: () => void = () => undefined;
  let waiters: (() => void)[] = [];
  let running: Promise<void> | undefined;

  const count = (kept: number): void => {
    done += kept;
    options.onChange?.();
  };
  const results = createResults({ store: options.store, queue, now: options.now, onKept: count });

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

  /**
   * Thumbnails of all come before scenes of any. What is in hand when the process is killed counts as tried; so where it
   * was, no more is taken than is begun at once, until all of that is done.
   */
  async function takeSome(): Promise<readonly TakenJob[]> {
    for (const kind of JOB_KINDS) {
      const jobs = await queue.take(kind, together * (isWary ? 1 : AHEAD[kind]));
      if (jobs.length === 0) continue;
      isWary = jobs.some(({ tries }) => tries > 0);
      try {
        const assets = await findAssets(
          options.store.db,
          jobs.map(({ assetId }) => assetId),
        );
        const takenAt = options.now();
        return jobs.map((job) => ({ job, asset: assets.get(job.assetId), takenAt }));
      } catch (error) {
        for (const job of jobs) await queue.putBack(job).catch(() => undefined);
        throw error;
      }
    }
    return [];
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      isWoken = false;
      try {
        if (isPaused) {
          await results.flush();
          tellIdle();
          await rest(LOOK_AGAIN_MS);
          continue;
        }
        const jobs = await takeSome();
        if (jobs.length === 0) {
          // What is kept may be followed by more, and work may have come since we began to ask.
          if ((await results.flush()) || isWoken) continue;
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
    await results.flush().catch(options.onError);
    tellIdle();
  }

  /** These and those that follow, until there are none or something fails. */
  async function workThrough(jobs: readonly TakenJob[]): Promise<void> {
    const hand = [...jobs];
    let isEnding = false;
    let hasFailed = false;
    let taking: Promise<void> | undefined;
    const takeMore = async (): Promise<void> => {
      const more = await takeSome();
      if (more.length === 0) isEnding = true;
      hand.push(...more);
    };
    const next = async (): Promise<TakenJob | undefined> => {
      while (hand.length === 0 && !isEnding && !isPaused && !stop.signal.aborted) {
        taking ??= takeMore().finally(() => {
          taking = undefined;
        });
        await taking;
      }
      return hand.shift();
    };
    const work = async (): Promise<void> => {
      try {
        for (let taken = await next(); taken !== undefined; taken = await next()) {
          const isLate = options.now() - taken.takenAt > LONGEST_AHEAD_MS;
          if (stop.signal.aborted || isPaused || hasFailed || isLate) await queue.putBack(taken.job);
          else await doJob(taken);
        }
      } catch (error) {
        hasFailed = true;
        throw error;
      } finally {
        isEnding = true;
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: together }, work));
    const failed = ends.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    for (const { job } of hand) await queue.putBack(job).catch(() => undefined);
    throw failed.reason;
  }

  async function doJob(taken: TakenJob): Promise<void> {
    const result = await runJob(taken, options, stop.signal);
    if (result === undefined) return options.onChange?.();
    if (result === 'failed') return count(1);
    await results.add(result);
    // What may end the process again is to take nothing along that is done.
    if (taken.job.tries > 0) await results.flush();
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

/** Throws what is about the library and not about the file; the job is put back then. Undefined where it was put back. */
async function runJob(
  { job, asset }: TakenJob,
  options: IndexerOptions,
  signal: AbortSignal,
): Promise<JobResult | 'failed' | undefined> {
  const { store, queue } = options;
  // Of what is not there now nothing can be made; when it is found again, its jobs are added again.
  if (asset === undefined) return { job };
  const { place } = asset;
  const about = { job, place };
  if (isDone(job.kind, asset)) return about;
  try {
    if (job.tries > MOST_TRIES) {
      throw new FocalError('internal', 'Focal ended, more than once, while it worked on this file.', {
        hint: 'If another program shows it well, please report it.',
      });
    }
    return { ...about, ...(await work(job.kind, asset, place, options, signal)) };
  } catch (error) {
    if (error instanceof FolderGoneError && options.ownsFolders && !signal.aborted) {
      // Of what is not there now nothing can be made: its jobs come again when it is back.
      await store.db.updateTable('folders').set({ is_online: false }).where('id', '=', place.folder_id).execute();
      await queue.putBack(job);
      return undefined;
    }
    if (signal.aborted || !isAboutFile(error)) {
      await queue.putBack(job).catch(() => undefined);
      if (signal.aborted) return undefined;
      throw error;
    }
    await keepFailure(store.db, queue, about, error, options.now());
    return 'failed';
  }
}

function isDone(job: JobKind, { kind, thumbnail_version, scene_version }: TakenAsset): boolean {
  return job === 'thumbnails' ? thumbnail_version === THUMBNAIL_VERSION : scene_version === SCENE_VERSIONS[kind];
}

/** Errors of FocalErrors other than these are about the file; others are about the library or its machine. */
function isAboutFile(error: unknown): boolean {
  if (!(error instanceof FocalError) || error instanceof FolderGoneError) return false;
  return !['aborted', 'closed', 'busy', 'network', 'no-space', 'model-missing', 'device-unavailable'].includes(
    error.code,
  );
}

/** An asset as it was when its job was taken, and a place where its file could be read then. */
interface TakenAsset extends AssetToIndex {
  readonly thumbnail_version: number;
  readonly scene_version: number;
  readonly place: JobPlace;
}

interface TakenJob {
  readonly job: LibraryJob;
  /** Absent where nothing can be made of it now. */
  readonly asset: TakenAsset | undefined;
  readonly takenAt: number;
}

/** Those of which a file is there. */
async function findAssets(db: Kysely<Tables>, ids: readonly number[]): Promise<ReadonlyMap<number, TakenAsset>> {
  const rows = await db
    .selectFrom('assets')
    .innerJoin('places', 'places.asset_id', 'assets.id')
    .innerJoin('folders', 'folders.id', 'places.folder_id')
    .distinctOn('assets.id')
    .select([
      'assets.id',
      'assets.sha256',
      'assets.kind',
      'assets.format',
      'assets.bytes',
      'assets.duration_ms',
      'assets.thumbnail_version',
      'assets.scene_version',
      'places.path',
      'places.folder_id',
      'places.stamp',
      'folders.path as folder',
    ])
    .where(sql<boolean>`assets.id = any(${ids}::integer[])`)
    .where('folders.is_online', '=', true)
    .orderBy('assets.id')
    .orderBy('places.id')
    .execute();
  return new Map(
    rows.map(({ path, folder_id, stamp, folder, ...asset }) => [
      asset.id,
      { ...asset, place: { path, folder_id, stamp, folder } },
    ]),
  );
}

async function work(
  kind: JobKind,
  asset: AssetToIndex,
  place: JobPlace,
  { media, files }: IndexerOptions,
  signal: AbortSignal,
): Promise<Pick<JobResult, 'thumbnails' | 'scene'>> {
  await using file = await files.open(asset, place, signal);
  const source: MediaSource = {
    path: file.path,
    kind: asset.kind,
    ...(asset.duration_ms !== null && { durationMs: asset.duration_ms }),
  };
  if (kind === 'thumbnails') {
    const { grid, ...thumbnails } = await media.thumbnails(source, { sha256: asset.sha256, signal });
    await files.writePicture(asset, 'grid', grid, signal);
    return { thumbnails };
  }
  const isMissing = !(await files.hasPicture(asset, 'preview'));
  const { preview, ...scene } = await media.find(source, { signal, preview: isMissing });
  if (isMissing) {
    await files.writePicture(asset, 'preview', preview ?? (await media.preview(source, { signal })), signal);
  }
  return { scene };
}
