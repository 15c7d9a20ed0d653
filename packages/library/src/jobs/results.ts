import { type FocalError, fromErrorData } from '@focal/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import { noteBadFile } from '../import/bad-files.ts';
import type { FoundScene, MadeThumbnails } from '../media.ts';
import { keepTogether } from '../store/keep-together.ts';
import type { Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import type { PlaceToIndex } from './index-files.ts';
import { keepScene } from './keep-scene.ts';
import { keepThumbnails } from './keep-thumbnails.ts';
import { type JobQueue, type LibraryJob, toRunSql } from './queue.ts';

/** Where the file lay that a job was about. */
export interface JobPlace extends PlaceToIndex {
  readonly folder_id: number;
  readonly stamp: string;
}

/** A job whose work is done but for keeping what came of it. */
export interface JobResult {
  readonly job: LibraryJob;
  /** Absent where nothing can be made of it now. */
  readonly place?: JobPlace;
  /** Absent where it was made before. */
  readonly thumbnails?: Omit<MadeThumbnails, 'grid'>;
  readonly scene?: FoundScene;
}

/** Keeps results, those that come within a moment in one transaction: a commit waits for the disk, whatever it holds. */
export interface Results {
  /** Resolves at once, but where many wait to be kept. Throws what went wrong with those before. */
  add(result: JobResult): Promise<void>;
  /** Keeps all. Resolves to whether there were any. Throws what went wrong; those are put back. */
  flush(): Promise<boolean>;
}

export interface ResultsOptions {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly now: () => number;
  /** Told how many were kept. */
  readonly onKept: (count: number) => void;
}

const MOST_RESULTS = 32;
/** Until then it is not seen, and done again where the process is killed. */
const LONGEST_WAIT_MS = 250;

export function createResults({ store, queue, now, onKept }: ResultsOptions): Results {
  let waiting: JobResult[] = [];
  let timer: NodeJS.Timeout | undefined;
  let keeping: Promise<void> = Promise.resolve();
  let batches = 0;
  let failed: { readonly error: unknown } | undefined;

  async function keep(results: readonly JobResult[]): Promise<void> {
    await transact(store.db, (trx) => keepResults(trx, queue, results, now()));
    onKept(results.length);
  }

  async function refuse(result: JobResult, error: FocalError): Promise<void> {
    await keepFailure(store.db, queue, result, error, now());
    onKept(1);
  }

  async function keepOrPutBack(results: readonly JobResult[]): Promise<void> {
    const left = new Set(results);
    try {
      await keepTogether(results, keep, refuse);
      left.clear();
    } catch (error) {
      failed ??= { error };
      for (const { job } of left) await queue.putBack(job).catch(() => undefined);
    }
  }

  function keepAll(): void {
    clearTimeout(timer);
    timer = undefined;
    const results = waiting;
    waiting = [];
    if (results.length === 0) return;
    batches++;
    keeping = keeping.then(async () => {
      await keepOrPutBack(results);
      batches--;
    });
  }

  function throwFailure(): void {
    if (failed === undefined) return;
    const { error } = failed;
    failed = undefined;
    throw error;
  }

  return {
    async add(result) {
      waiting.push(result);
      timer ??= setTimeout(keepAll, LONGEST_WAIT_MS);
      if (waiting.length >= MOST_RESULTS) await keeping;
      if (waiting.length >= MOST_RESULTS) keepAll();
      throwFailure();
    },
    async flush() {
      const wereAny = waiting.length > 0 || batches > 0;
      keepAll();
      await keeping;
      throwFailure();
      return wereAny;
    },
  };
}

async function keepResults(
  trx: Transaction<Tables>,
  queue: JobQueue,
  results: readonly JobResult[],
  now: number,
): Promise<void> {
  const idOf = ({ job }: JobResult): number => job.assetId;
  // In one order, so that workers do not wait for each other. One may be gone: another file took its place.
  const { rows } = await sql<{ id: number }>`select id from assets where id = any(${results.map(idOf)}::integer[])
    order by id for no key update`.execute(trx);
  const there = new Set(rows.map(({ id }) => id));
  const kept = results.filter((each) => each.place !== undefined && there.has(idOf(each)));
  await keepThumbnails(
    trx,
    kept.flatMap((each) => (each.thumbnails === undefined ? [] : [{ id: idOf(each), made: each.thumbnails }])),
  );
  for (const each of kept) if (each.scene !== undefined) await keepScene(trx, idOf(each), each.scene);
  const made = kept.filter(({ thumbnails, scene }) => thumbnails !== undefined || scene !== undefined).map(idOf);
  if (made.length > 0) await sql`delete from bad_files where asset_id = any(${made}::integer[])`.execute(trx);
  for (const { job, place, scene } of kept) {
    if (place === undefined || scene?.damage === undefined) continue;
    await noteBadFile(trx, { ...toBadPlace(place), assetId: job.assetId }, fromErrorData(scene.damage), now);
  }
  const run = toRunSql(trx);
  await queue.finish(
    results.map(({ job }) => job),
    run,
  );
  const next = kept.filter(({ job }) => job.kind === 'thumbnails').map(idOf);
  await queue.add('scene', next, run);
}

/**
 * Writes down why nothing could be made of a file, and finishes its job. Where the file went to another place while the
 * job waited, it is tried again there.
 */
export async function keepFailure(
  db: Kysely<Tables>,
  queue: JobQueue,
  { job, place }: Pick<JobResult, 'job' | 'place'>,
  error: unknown,
  now: number,
): Promise<void> {
  await transact(db, async (trx) => {
    const places = await trx
      .selectFrom('places')
      .innerJoin('folders', 'folders.id', 'places.folder_id')
      .select('places.path')
      .where('places.asset_id', '=', job.assetId)
      .where('folders.is_online', '=', true)
      .forShare('places')
      .execute();
    const run = toRunSql(trx);
    // What a scan found gone meanwhile, or another file in its place, is no bad file.
    const isThere = place !== undefined && places.some(({ path }) => path === place.path);
    if (!isThere && places.length > 0) return queue.putBack(job, run);
    if (isThere) {
      await noteBadFile(trx, { ...toBadPlace(place), assetId: job.assetId }, error, now);
    }
    await queue.finish([job], run);
  });
}

function toBadPlace({ path, folder_id: folderId, stamp }: JobPlace) {
  return { path, folderId, stamp };
}
