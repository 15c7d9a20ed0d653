import { FocalError } from '@focal/core';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrate, SCHEMA } from './migrate.ts';
import { createPresence } from './presence.ts';
import type { Executor, Store } from './store.ts';
import type { Tables } from './tables.ts';

const LEAST_VERSION = 15;
const INT8 = 20;

/**
 * A store on a PostgreSQL server, in a schema of its own. Any number of processes may share it. Throws
 * `invalid-argument` for an address that does not work or a server that is too old.
 */
export async function openServerStore(url: string, now: number): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    options: `-c search_path=${SCHEMA},public -c client_min_messages=warning`,
    connectionTimeoutMillis: 10_000,
    types: {
      // Whole numbers of 64 bits are times and sizes, which fit a number.
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format as never)) as typeof pg.types.getTypeParser,
    },
  });
  // An idle connection that the server ends: the next query gets another.
  pool.on('error', () => undefined);
  const direct = toExecutor(pool);
  try {
    await prepare(pool, now);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const presence = createPresence(pool);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= presence.end().then(() => db.destroy());
    return closing;
  };
  return {
    kind: 'server',
    db,
    direct,
    async exclusive(work) {
      const client = await pool.connect();
      try {
        return await work(toExecutor(client));
      } finally {
        // Nothing where no transaction is open; a connection that is gone is not used again.
        await client.query('rollback').then(
          () => client.release(),
          (error: Error) => client.release(error),
        );
      }
    },
    presence: presence.take,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function prepare(pool: pg.Pool, now: number): Promise<void> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FocalError('invalid-argument', `The PostgreSQL server of DATABASE_URL cannot be reached: ${why}`, {
      hint: 'Check that it runs, and the address, name and password in DATABASE_URL.',
      cause: error,
    });
  }
  try {
    const { rows } = await client.query('show server_version_num');
    const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
    if (version < LEAST_VERSION) {
      throw new FocalError('invalid-argument', `Expected PostgreSQL ${LEAST_VERSION} or newer, got ${version}.`);
    }
    await migrate(toExecutor(client), now);
  } finally {
    client.release();
  }
}

function toExecutor(client: Pick<pg.Pool, 'query'>): Executor {
  return {
    async query(text, values = []) {
      const { rows, rowCount } = await client.query(text, [...values]);
      return { rows, affected: rowCount ?? 0 };
    },
    async script(text) {
      await client.query(text);
    },
  };
}
