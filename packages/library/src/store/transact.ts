import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** A deadlock, or what another transaction changed meanwhile: what PostgreSQL asks to be tried again. */
const AGAIN = new Set(['40P01', '40001']);
const MOST_TRIES = 10;
const LONGEST_WAIT_MS = 50;

/**
 * Runs `work` in a transaction, and anew where the server ended it in favour of another one; so `work` changes nothing
 * but the database. Several processes, and several workers of one, write at once: their order is not ours to choose.
 */
export async function transact<T>(db: Kysely<Tables>, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (tries === MOST_TRIES || !isToBeTriedAgain(error)) throw error;
      await delay(Math.random() * LONGEST_WAIT_MS);
    }
  }
}

function isToBeTriedAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && AGAIN.has(String(error.code));
}
