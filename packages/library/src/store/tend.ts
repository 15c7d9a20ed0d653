import type { Store } from './store.ts';

/**
 * Does what a server does by itself and the embedded database does not: takes away what is dead in tables, and counts
 * what is in them, without which queries take ways that are several times as long.
 */
export interface Tender {
  /** To be called whenever something may have changed; looks at most once a minute. */
  note(): void;
  /** Looks now. */
  tend(): Promise<void>;
  close(): Promise<void>;
}

const LOOK_MS = 60_000;
/** A table is tended when so many rows, and this share of it, have changed. */
const LEAST_CHANGED = 500;
const SHARE_CHANGED = 0.15;

export function createTender(store: Store, onError: (error: unknown) => void, now: () => number): Tender {
  let looked = 0;
  let running: Promise<void> | undefined;
  let isClosed = false;

  async function look(): Promise<void> {
    // What changed is known since the database was opened; of what was there before, whether it was ever counted.
    // Counts of the last second may not be told yet.
    await store.direct.query('select pg_stat_force_next_flush()');
    const { rows } = await store.direct.query(
      `select s.schemaname || '.' || quote_ident(c.relname) as name from pg_class c
       join pg_stat_user_tables s on s.relid = c.oid
       where s.schemaname in ('focal', 'focal_jobs') and c.relkind = 'r' and (
         (c.reltuples < 0 and c.relpages = 0 and pg_relation_size(c.oid) > 65536)
         or greatest(s.n_mod_since_analyze, s.n_dead_tup) > $1 + $2 * greatest(c.reltuples, 0))
       order by 1`,
      [LEAST_CHANGED, SHARE_CHANGED],
    );
    for (const { name } of rows) {
      if (isClosed) return;
      await store.direct.script(`vacuum (analyze) ${String(name)}`);
    }
  }
  const tend = (): Promise<void> => {
    looked = now();
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    tend,
    note() {
      if (store.kind === 'server' || isClosed || Math.abs(now() - looked) < LOOK_MS) return;
      tend().catch((error: unknown) => {
        if (!isClosed) onError(error);
      });
    },
    async close() {
      isClosed = true;
      await running?.catch(() => undefined);
    },
  };
}
