import { randomInt } from 'node:crypto';
import type pg from 'pg';
import { PRESENCE_CLASS } from './store.ts';

/**
 * An advisory lock on a connection of its own: the server drops it when the process is gone, however it ended, so that
 * others can tell at once that what it had begun is nobody's.
 */
export interface Presence {
  /** The number that is held now; another than before where the connection was lost in between. */
  take: () => Promise<number>;
  end: () => Promise<void>;
}

const MOST_ID = 2 ** 31;

export function createPresence(pool: Pick<pg.Pool, 'connect'>): Presence {
  let held: Promise<{ readonly id: number; readonly client: pg.PoolClient }> | undefined;

  async function hold() {
    const client = await pool.connect();
    const id = randomInt(MOST_ID);
    client.on('error', () => {
      held = undefined;
      client.release(true);
    });
    await client.query('select pg_advisory_lock($1::integer, $2::integer)', [PRESENCE_CLASS, id]);
    return { id, client };
  }

  return {
    async take() {
      held ??= hold();
      try {
        return (await held).id;
      } catch (error) {
        held = undefined;
        throw error;
      }
    },
    async end() {
      const last = held;
      held = undefined;
      // The connection ends, and the lock with it.
      await last?.then(({ client }) => client.release(true)).catch(() => undefined);
    },
  };
}
