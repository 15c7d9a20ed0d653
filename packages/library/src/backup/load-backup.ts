import { FocalError } from '@focal/core';
import { assertKnown, migrateWithin, SCHEMA } from '../store/migrate.ts';
import { migrations as allMigrations, type Migration } from '../store/migrations/index.ts';
import type { Executor } from '../store/store.ts';
import { type BackupHeader, type BackupInfo, brokenBackup } from './format.ts';
import { readBackup } from './read-backup.ts';
import { quote, readTables, type StoredTable } from './tables.ts';

const BATCH_ROWS = 500;
const BATCH_CHARACTERS = 4 * 2 ** 20;

/** Throws `unsupported-format` for a backup whose library had steps that this Focal does not know. */
export function assertRestorable(header: BackupHeader, migrations: readonly Migration[] = allMigrations): void {
  try {
    assertKnown(header.migrations, migrations);
  } catch (error) {
    throw new FocalError('unsupported-format', 'The backup was made by a newer Focal, or another one.', {
      hint: 'Restore it with that version of Focal.',
      cause: error,
    });
  }
}

/**
 * Fills an empty schema with what a backup holds, within a transaction of the caller's: the tables as they were when it
 * was made, and then as they are now.
 */
export async function loadBackup(
  execute: Executor,
  path: string,
  { now, signal, onProgress }: LoadOptions,
): Promise<BackupInfo> {
  let tables: ReadonlyMap<string, StoredTable> = new Map();
  let constraints: readonly Constraint[] = [];
  let into: { readonly table: StoredTable; readonly columns: readonly string[] } | undefined;
  let waiting: (readonly (string | null)[])[] = [];
  let characters = 0;
  let loaded = 0;

  async function flush(): Promise<void> {
    if (into === undefined || waiting.length === 0) return;
    const { table, columns } = into;
    const rows = waiting;
    [waiting, characters] = [[], 0];
    const values = columns.map((name, index) => {
      const column = table.columns.find((each) => each.name === name);
      return `(r->>${index})::${column?.type}`;
    });
    await execute.query(
      `insert into ${quote(table.name)} (${columns.map(quote).join(', ')}) overriding system value
       select ${values.join(', ')} from jsonb_array_elements($1::jsonb) r`,
      [JSON.stringify(rows)],
    );
    loaded += rows.length;
    onProgress?.(loaded);
  }

  const info = await readBackup(
    path,
    {
      async onHeader(header) {
        assertRestorable(header);
        await migrateWithin(execute, now, allMigrations.slice(0, header.migrations.length));
        tables = new Map((await readTables(execute)).map((table) => [table.name, table]));
        constraints = await dropReferences(execute);
        // What they keep is in the backup.
        for (const name of tables.keys()) {
          await execute.script(`alter table ${quote(name)} disable trigger user; delete from ${quote(name)}`);
        }
      },
      async onTable(name, columns) {
        await flush();
        const table = tables.get(name);
        const unknown = columns.find((column) => !table?.columns.some((each) => each.name === column));
        if (table === undefined || unknown !== undefined) {
          throw brokenBackup(`it has ${table === undefined ? `a table ${name}` : `a column ${unknown}`} of its own`);
        }
        into = { table, columns };
      },
      async onRow(row) {
        waiting.push(row);
        for (const value of row) characters += value?.length ?? 4;
        if (waiting.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) await flush();
      },
    },
    signal,
  );
  await flush();
  for (const table of tables.values()) {
    await execute.script(`alter table ${quote(table.name)} enable trigger user`);
    for (const { name } of table.columns.filter((column) => column.isIdentity)) {
      await execute.query(
        `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quote(name)}), 0) + 1, false) from ${quote(table.name)}`,
        [`${SCHEMA}.${quote(table.name)}`, name],
      );
    }
  }
  for (const { table, name, definition } of constraints) {
    await execute.script(`alter table ${quote(table)} add constraint ${quote(name)} ${definition}`);
  }
  await migrateWithin(execute, now);
  return info;
}

export interface LoadOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of rows. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Takes references between tables away, which may go in circles; they are put back, and checked, in the end. */
async function dropReferences(execute: Executor): Promise<readonly Constraint[]> {
  const { rows } = await execute.query(
    `select t.relname as table_name, c.conname as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
     where n.nspname = $1 and c.contype = 'f'`,
    [SCHEMA],
  );
  const constraints = rows.map(({ table_name, name, definition }) => ({
    table: String(table_name),
    name: String(name),
    definition: String(definition),
  }));
  for (const { table, name } of constraints) {
    await execute.script(`alter table ${quote(table)} drop constraint ${quote(name)}`);
  }
  return constraints;
}
