import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { migrate } from '../migrate.ts';
import type { Executor, Store } from '../store.ts';
import type { Tables } from '../tables.ts';
import { type EmbeddedDatabase, openEmbedded } from './database.ts';
import { createTurns } from './turns.ts';

/**
 * A store in a folder of its own. See {@link openEmbedded} for who may call this.
 * @param prepare brings its tables to this version of Focal
 */
export async function openEmbeddedStore(
  folder: string,
  now: number,
  prepare: (execute: Executor) => Promise<void> = (execute) => migrate(execute, now),
): Promise<Store & Pick<EmbeddedDatabase, 'syncs'>> {
  const database = await openEmbedded(folder);
  try {
    await prepare(database.connection);
  } catch (error) {
    await database.close();
    throw error;
  }
  const takeTurn = createTurns();
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const leave = await takeTurn();
    try {
      return await work();
    } finally {
      leave();
    }
  };
  const direct: Executor = {
    query: (text, values) => inTurn(() => database.connection.query(text, values)),
    script: (text) => inTurn(() => database.connection.script(text)),
  };
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (each) => new PostgresIntrospector(each),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => createDriver(database.connection, takeTurn),
    },
  });
  const close = async (): Promise<void> => {
    await db.destroy();
    await database.close();
  };
  const exclusive: Store['exclusive'] = (work) =>
    inTurn(async () => {
      try {
        return await work(database.connection);
      } finally {
        await database.connection.script('rollback').catch(() => undefined);
      }
    });
  return {
    kind: 'embedded',
    db,
    direct,
    exclusive,
    syncs: () => database.syncs(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Turn extends DatabaseConnection {
  leave(): void;
}

/** One connection for all, which a transaction keeps until its end. */
function createDriver(connection: Executor, takeTurn: () => Promise<() => void>) {
  return {
    init: async () => undefined,
    destroy: async () => undefined,
    async acquireConnection(): Promise<Turn> {
      const leave = await takeTurn();
      return {
        leave,
        async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
          const { rows, affected } = await connection.query(sql, parameters);
          return { rows: rows as R[], numAffectedRows: BigInt(affected) };
        },
        async *streamQuery<R>(): AsyncGenerator<QueryResult<R>> {
          yield* [];
          throw new Error('The embedded database streams no rows.');
        },
      };
    },
    releaseConnection: async (turn: DatabaseConnection) => (turn as Turn).leave(),
    beginTransaction: async () => connection.script('begin'),
    commitTransaction: async () => connection.script('commit'),
    rollbackTransaction: async () => connection.script('rollback'),
  };
}
