import { createHash } from 'node:crypto';
import { FocalError } from '@focal/core';
import { migrations as allMigrations, type Migration } from './migrations/index.ts';
import type { Executor } from './store.ts';

/** The schema that all tables of a library lie in. */
export const SCHEMA = 'focal';

/**
 * Brings the database to this version of Focal, all steps in one transaction: where it is interrupted nothing has
 * changed. Throws `unsupported-format` for a database of a newer Focal, or one whose tables were changed by others.
 */
export async function migrate(
  execute: Executor,
  now: number,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  await execute.script('begin');
  try {
    await migrateWithin(execute, now, migrations);
    await execute.script('commit');
  } catch (error) {
    await execute.script('rollback').catch(() => undefined);
    throw error;
  }
}

/** The same within a transaction of the caller's. */
export async function migrateWithin(
  execute: Executor,
  now: number,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  // Of several processes on a server one migrates, the others wait and find it done.
  await execute.script(`select pg_advisory_xact_lock(${LOCK});`);
  await execute.script(`create schema if not exists ${SCHEMA};
    create table if not exists ${SCHEMA}.migrations (
      number integer primary key, name text not null, sha256 text not null, applied_at bigint not null);
    create table if not exists ${SCHEMA}.fingerprint (lines jsonb not null);`);
  const { rows } = await execute.query('select number, name, sha256 from migrations order by number');
  const applied = rows as unknown as readonly AppliedMigration[];
  assertKnown(applied, migrations);
  if (applied.length > 0) await assertUnchanged(execute);
  for (const { number, name, sql } of migrations.slice(applied.length)) {
    await execute.script(sql);
    await execute.query('insert into migrations (number, name, sha256, applied_at) values ($1, $2, $3, $4)', [
      number,
      name,
      hashOf(sql),
      now,
    ]);
  }
  if (applied.length < migrations.length) {
    await execute.query('delete from fingerprint');
    await execute.query('insert into fingerprint (lines) values ($1)', [JSON.stringify(await readSchema(execute))]);
  }
}

/** Held for the length of a transaction by who changes the tables. */
const LOCK = 4_600_001;

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

/** Throws `unsupported-format` where these steps are not the first of those that this Focal knows. */
export function assertKnown(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  for (const [index, { number, name, sha256 }] of applied.entries()) {
    const known = migrations[index];
    if (known === undefined) {
      throw new FocalError(
        'unsupported-format',
        `The library was made by a newer Focal (it has step ${number}, ${name}).`,
        {
          hint: 'Use that version of Focal, or restore a backup that was made with this one.',
        },
      );
    }
    if (known.number !== number || hashOf(known.sql) !== sha256) {
      throw new FocalError('unsupported-format', `The library was made by another Focal: its step ${number} differs.`, {
        hint: 'Use the version of Focal that made it.',
      });
    }
  }
}

/** Throws `unsupported-format` naming what was changed by others than Focal. */
async function assertUnchanged(execute: Executor): Promise<void> {
  const { rows } = await execute.query('select lines from fingerprint');
  const expected = (rows[0]?.lines ?? []) as readonly string[];
  const found = await readSchema(execute);
  const missing = expected.filter((line) => !found.includes(line));
  const added = found.filter((line) => !expected.includes(line));
  if (missing.length === 0 && added.length === 0) return;
  const changes = [...missing.map((line) => `without ${line}`), ...added.map((line) => `with ${line}`)];
  throw new FocalError(
    'unsupported-format',
    `The tables of the library were changed by another program: ${changes.slice(0, 3).join('; ')}.`,
    { hint: 'Restore a backup, or undo the change.' },
  );
}

/** Every column with its type, and every index. */
async function readSchema(execute: Executor): Promise<readonly string[]> {
  const { rows: columns } = await execute.query(
    `select table_name || '.' || column_name || ' ' || udt_name || case is_nullable when 'NO' then ' not null' else '' end
       as line from information_schema.columns where table_schema = $1 order by 1`,
    [SCHEMA],
  );
  const { rows: indexes } = await execute.query(
    `select 'index ' || indexname as line from pg_indexes where schemaname = $1 order by 1`,
    [SCHEMA],
  );
  return [...columns, ...indexes].map(({ line }) => String(line));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
