import { SCHEMA } from '../store/migrate.ts';
import type { Executor } from '../store/store.ts';

/** A table that backups hold, with the columns that are not computed from others. */
export interface StoredTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isIdentity: boolean }[];
}

/** What every library makes by itself. */
const OWN = ['migrations', 'fingerprint'];

/** All tables of a library that are more than its version, by name. */
export async function readTables(execute: Executor): Promise<readonly StoredTable[]> {
  const { rows } = await execute.query(
    `select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
       a.attidentity <> '' as is_identity
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where n.nspname = $1 and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by c.relname, a.attnum`,
    [SCHEMA],
  );
  const tables = new Map<string, { name: string; type: string; isIdentity: boolean }[]>();
  for (const row of rows) {
    const table = String(row.table_name);
    if (OWN.includes(table)) continue;
    const column = { name: String(row.column_name), type: String(row.type), isIdentity: row.is_identity === true };
    tables.set(table, [...(tables.get(table) ?? []), column]);
  }
  return [...tables].map(([name, columns]) => ({ name, columns }));
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
