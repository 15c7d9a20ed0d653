import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export interface Rows {
  readonly rows: readonly Record<string, unknown>[];
  /** Rows changed. */
  readonly affected: number;
}

/** One connection, in the words of SQL. */
export interface Executor {
  query(text: string, values?: readonly unknown[]): Promise<Rows>;
  /** Several statements at once, without values. */
  script(text: string): Promise<void>;
}

/** First key of the advisory locks that stand for processes. Just a number that nobody else is likely to take. */
export const PRESENCE_CLASS = 0x46_6f_63_6c;

/** The database of a library. Owned by who opened it; `close()` is idempotent. */
export interface Store extends AsyncDisposable {
  readonly kind: 'embedded' | 'server';
  readonly db: Kysely<Tables>;
  /** Outside of transactions, on whichever connection is free. */
  readonly direct: Executor;
  /** Has one connection to itself meanwhile, for transactions in the words of SQL. What is left open is rolled back. */
  exclusive<T>(work: (execute: Executor) => Promise<T>): Promise<T>;
  /**
   * A number that stands for this process as long as it is connected, others can see by {@link PRESENCE_CLASS}. Only on
   * a server, where there may be others.
   */
  presence?(): Promise<number>;
  close(): Promise<void>;
}
