import { type Kysely, sql } from 'kysely';
import { showPath } from '../import/path-key.ts';
import type { Tables } from '../store/tables.ts';
import { type AssetSummary, SUMMARY_COLUMNS, toSummary } from './asset.ts';

export interface TimelineMonth {
  /** `2023-07` */
  readonly month: string;
  readonly count: number;
}

/** Months with how many photos and videos each has, newest first. */
export async function listMonths(db: Kysely<Tables>): Promise<readonly TimelineMonth[]> {
  const rows = await db.selectFrom('months').selectAll().where('assets', '>', 0).orderBy('month', 'desc').execute();
  return rows.map(({ month, assets }) => ({
    month: `${String(Math.floor(month / 100)).padStart(4, '0')}-${String(month % 100).padStart(2, '0')}`,
    count: assets,
  }));
}

/** Labels of things that are seen, the most frequent first, with in how many photos. */
export async function listThings(
  db: Kysely<Tables>,
): Promise<readonly { readonly label: string; readonly count: number }[]> {
  const { rows } = await sql<{ label: string; count: number }>`
    select label, count(*)::integer as count from (select distinct label, asset_id from things) seen
    where asset_id not in (select id from assets where not is_shown)
    group by label order by count desc, label`.execute(db);
  return rows;
}

export interface DuplicateAsset extends AssetSummary {
  readonly bytes: number;
  /** How many files it is. */
  readonly places: number;
  /** Where they lie. */
  readonly paths: readonly string[];
}

export interface DuplicateGroup {
  /** In order of size, largest first: the first is the one to keep. */
  readonly assets: readonly DuplicateAsset[];
  /** Whether all are one content in several files. */
  readonly isExact: boolean;
}

export interface DuplicatePage {
  readonly groups: readonly DuplicateGroup[];
  readonly total: number;
}

/** Photos that look the same, and files of one content, in groups. */
export async function listDuplicates(db: Kysely<Tables>, offset: number, limit: number): Promise<DuplicatePage> {
  const pairs = await db
    .selectFrom('near_duplicates')
    .innerJoin('assets as one', 'one.id', 'near_duplicates.asset_id')
    .innerJoin('assets as other', 'other.id', 'near_duplicates.other_id')
    .select(['near_duplicates.asset_id', 'near_duplicates.other_id'])
    .where('one.is_shown', '=', true)
    .where('other.is_shown', '=', true)
    .execute();
  const copies = await db
    .selectFrom('assets')
    .select('id')
    .where('is_shown', '=', true)
    .where('places', '>', 1)
    .orderBy('id')
    .execute();
  const groups = [...joinPairs(pairs.map(({ asset_id, other_id }) => [asset_id, other_id] as const))];
  const grouped = new Set(groups.flat());
  const all = [...groups, ...copies.filter(({ id }) => !grouped.has(id)).map(({ id }) => [id])];
  const page = all.slice(offset, offset + limit);
  const ids = page.flat();
  if (ids.length === 0) return { groups: [], total: all.length };
  const rows = await db
    .selectFrom('assets')
    .select([...SUMMARY_COLUMNS, 'assets.bytes', 'assets.places'])
    .where('id', 'in', ids)
    .execute();
  const files = await db
    .selectFrom('places')
    .select(['asset_id', 'path'])
    .where('asset_id', 'in', ids)
    .orderBy('places.id')
    .execute();
  const toAsset = (row: (typeof rows)[number]): DuplicateAsset => ({
    ...toSummary(row),
    bytes: row.bytes,
    places: row.places,
    paths: files.filter(({ asset_id }) => asset_id === row.id).map(({ path }) => showPath(path)),
  });
  const byId = new Map(rows.map((row) => [row.id, toAsset(row)]));
  return {
    total: all.length,
    groups: page.map((group) => ({
      isExact: group.length === 1,
      assets: group
        .flatMap((id) => byId.get(id) ?? [])
        .sort((a, b) => b.width * b.height - a.width * a.height || b.bytes - a.bytes),
    })),
  };
}

/** Groups of ids that hang together by these pairs. */
function* joinPairs(pairs: readonly (readonly [number, number])[]): Generator<readonly number[]> {
  const parent = new Map<number, number>();
  const find = (id: number): number => {
    let root = id;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    parent.set(id, root);
    return root;
  };
  for (const [a, b] of pairs) {
    const [rootA, rootB] = [find(a), find(b)];
    parent.set(Math.max(rootA, rootB), Math.min(rootA, rootB));
    parent.set(Math.min(rootA, rootB), Math.min(rootA, rootB));
  }
  const groups = new Map<number, number[]>();
  for (const id of parent.keys()) {
    const root = find(id);
    groups.set(root, [...(groups.get(root) ?? []), id]);
  }
  yield* [...groups.values()].filter((group) => group.length > 1);
}
