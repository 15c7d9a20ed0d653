import { CompiledQuery, type Transaction } from 'kysely';
import PgBoss from 'pg-boss';
import { PRESENCE_CLASS, type Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';

/** What is done to each asset, in this order. */
export const JOB_KINDS = ['thumbnails', 'scene'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export interface LibraryJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly assetId: number;
  /** How often it was begun before and not finished. */
  readonly tries: number;
}

export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
}

/** Statements within a transaction of somebody else's. */
export type RunSql = (text: string, values: readonly unknown[]) => Promise<{ rows: unknown[] }>;

/**
 * Work that waits, kept in the database beside what it is about: a job is gone in the same transaction that keeps its
 * result, so none is lost or done twice whenever a process ends.
 */
export interface JobQueue {
  /** @param run where it has to come true together with somebody's changes: within their transaction */
  add(kind: JobKind, assetIds: readonly number[], run?: RunSql): Promise<void>;
  /** Those with the highest priority first; nobody else gets them. */
  take(kind: JobKind, count: number): Promise<readonly LibraryJob[]>;
  /** Within the transaction that keeps the results. */
  finish(jobs: readonly LibraryJob[], run: RunSql): Promise<void>;
  /** For somebody else, or for later. @param run as of {@link JobQueue.add} */
  putBack(job: LibraryJob, run?: RunSql): Promise<void>;
  /** What is wanted sooner, such as what is on the screen. */
  hurry(assetIds: readonly number[]): Promise<void>;
  /** Adds jobs that should be there and are not. */
  counts(): Promise<Readonly<Record<JobKind, JobCounts>>>;
  close(): Promise<void>;
}

const SCHEMA = 'focal_jobs';
/** Of a worker that hangs: after so long somebody else gets its jobs. */
const EXPIRE_SECONDS = 600;
const INSERT_BATCH = 1000;
const HURRY_PRIORITY = 1000;

/** @param onError told of what goes wrong while the queue looks after itself */
export async function openQueue(store: Store, onError: (error: unknown) => void): Promise<JobQueue> {
  const boss = new PgBoss({
    db: {
      async executeSql(text, values) {
        if (values !== undefined && values.length > 0) {
          return { rows: [...(await store.direct.query(text, values)).rows] };
        }
        // Several statements at once are without values, and nobody reads what they give but of a single one.
        if (/;\s*\S/.test(text)) {
          await store.direct.script(text);
          return { rows: [] };
        }
        return { rows: [...(await store.direct.query(text)).rows] };
      },
    },
    schema: SCHEMA,
    schedule: false,
    supervise: store.kind === 'server',
  });
  boss.on('error', onError);
  await boss.start();
  for (const kind of JOB_KINDS) await boss.createQueue(kind);
  // The folder is ours alone, so what was begun was left behind by a process that is gone. It counts as tried when it
  // is taken again, since it was started.
  if (store.kind === 'embedded') {
    await store.direct.query(`update ${SCHEMA}.job set state = 'retry' where state = 'active'`);
  }

  const runDirect: RunSql = async (text, values) => ({ rows: [...(await store.direct.query(text, values)).rows] });

  /** Takes jobs, and on a server writes down whose they are in the same transaction. */
  async function fetch(kind: JobKind, batchSize: number) {
    const worker = await store.presence?.();
    if (worker === undefined) {
      return boss.fetch<{ assetId: number }>(kind, { batchSize, includeMetadata: true });
    }
    return transact(store.db, async (trx) => {
      const run = toRunSql(trx);
      const jobs = await boss.fetch<{ assetId: number }>(kind, {
        batchSize,
        includeMetadata: true,
        db: { executeSql: run },
      });
      if (jobs.length > 0) {
        const ids = jobs.map(({ id }) => id);
        await run(
          `update ${SCHEMA}.job set output = jsonb_build_object('worker', $1::integer) where id = any($2::uuid[])`,
          [worker, ids],
        );
      }
      return jobs;
    });
  }

  return {
    async add(kind, assetIds, run) {
      for (let at = 0; at < assetIds.length; at += INSERT_BATCH) {
        await boss.insert(
          assetIds.slice(at, at + INSERT_BATCH).map((assetId) => ({
            name: kind,
            data: { assetId },
            retryLimit: 3,
            expireInSeconds: EXPIRE_SECONDS,
          })),
          run === undefined ? {} : { db: { executeSql: (text, values) => run(text, values) } },
        );
      }
    },
    async take(kind, count) {
      let jobs = await fetch(kind, count);
      if (jobs.length === 0 && (await freeOrphans(store)) > 0) jobs = await fetch(kind, count);
      return jobs.map(({ id, data, retryCount }) => ({ id, kind, assetId: data.assetId, tries: retryCount }));
    },
    async finish(jobs, run) {
      for (const kind of JOB_KINDS) {
        const ids = jobs.filter((job) => job.kind === kind).map(({ id }) => id);
        if (ids.length > 0)
          await boss.deleteJob(kind, ids, { db: { executeSql: (text, values) => run(text, values) } });
      }
    },
    async putBack({ kind, id }, run = runDirect) {
      await run(
        `update ${SCHEMA}.job set state = 'created', started_on = null where name = $1 and id = $2 and state = 'active'`,
        [kind, id],
      );
    },
    async hurry(assetIds) {
      await store.direct.query(
        `update ${SCHEMA}.job set priority = $1 where state < 'active' and (data->>'assetId')::integer = any($2::integer[])`,
        [HURRY_PRIORITY, [...assetIds]],
      );
    },
    async counts() {
      const { rows } = await store.direct.query(
        `select name, count(*) filter (where state < 'active') as waiting, count(*) filter (where state = 'active') as running
         from ${SCHEMA}.job where state <= 'active' group by name`,
      );
      const of = (kind: JobKind): JobCounts => {
        const row = rows.find(({ name }) => name === kind);
        return { waiting: Number(row?.waiting ?? 0), running: Number(row?.running ?? 0) };
      };
      return { thumbnails: of('thumbnails'), scene: of('scene') };
    },
    close: () => boss.stop({ graceful: false, close: false }),
  };
}

/** On a server, gives back what was begun by processes that are gone. Resolves to how much. */
async function freeOrphans(store: Store): Promise<number> {
  if (store.kind === 'embedded') return 0;
  const { affected } = await store.direct.query(
    `update ${SCHEMA}.job set state = 'retry' where state = 'active' and output ? 'worker' and not exists (
       select from pg_locks where locktype = 'advisory' and granted and classid::bigint = $1
       and objid::bigint = (output->>'worker')::bigint)`,
    [PRESENCE_CLASS],
  );
  return affected;
}

/** Statements of the queue within a transaction of ours. */
export function toRunSql(trx: Transaction<Tables>): RunSql {
  return async (text, values) => {
    const { rows } = await trx.executeQuery(CompiledQuery.raw(text, [...values]));
    return { rows };
  };
}
