import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Tables } from './tables.ts';

/** What the user chose for a library. */
export interface LibrarySettings {
  /** Whether folders are watched for changes while a server runs. */
  readonly isWatching: boolean;
  /** Whether a backup is made each day. */
  readonly hasDailyBackups: boolean;
  /** Whether albums may be shared by links on the local network. */
  readonly isSharing: boolean;
}

const schemas = {
  isWatching: z.boolean().catch(true),
  hasDailyBackups: z.boolean().catch(true),
  isSharing: z.boolean().catch(false),
};

export async function readSettings(db: Kysely<Tables>): Promise<LibrarySettings> {
  const rows = await db.selectFrom('settings').selectAll().execute();
  const values = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  return z.object(schemas).parse(values);
}

export async function changeSettings(db: Kysely<Tables>, change: Partial<LibrarySettings>): Promise<LibrarySettings> {
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    await db
      .insertInto('settings')
      .values({ name, value: JSON.stringify(value) })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: JSON.stringify(value) }))
      .execute();
  }
  return readSettings(db);
}
