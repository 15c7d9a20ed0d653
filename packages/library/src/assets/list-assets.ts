import { FocalError } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { type AssetSummary, SUMMARY_COLUMNS, toSummary } from './asset.ts';
import { type AssetFilter, toCondition } from './filter.ts';
import { type AssetSort, isAfter, parseCursor, toCursor, toKeys, toOrder } from './orders.ts';
import type { Unlocked } from './sight.ts';

export interface AssetPage {
  readonly assets: readonly AssetSummary[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

export interface PageOptions {
  readonly filter?: AssetFilter;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 1..1000, default 100. */
  readonly limit?: number;
  /** Default `newest`. */
  readonly sort?: AssetSort;
}

export const MOST_ASSETS = 1000;

/** One page in an order. Throws `invalid-argument` for a cursor that is none of this order. */
export async function listAssets(db: Kysely<Tables>, options: PageOptions = {}): Promise<AssetPage> {
  const { filter = {}, cursor, limit = 100, sort = 'newest' } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ASSETS) {
    throw new FocalError(
      'invalid-argument',
      `Expected a whole number from 1 to ${MOST_ASSETS} for limit, got ${limit}.`,
    );
  }
  // Which ones, by what the index for searches holds; only those are read whole.
  let found = db.selectFrom('assets').select('assets.id').where(toCondition(filter));
  if (cursor !== undefined) found = found.where(isAfter(sort, parseCursor(sort, cursor)));
  const rows = await db
    .selectFrom('assets')
    .select(SUMMARY_COLUMNS)
    .select(toKeys(sort).as('keys'))
    .where('assets.id', 'in', found.orderBy(toOrder(sort)).limit(limit + 1))
    .orderBy(toOrder(sort))
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    assets: page.map(toSummary),
    ...(rows.length > limit && last !== undefined && { next: toCursor(sort, last.keys) }),
  };
}

/** How many there are; counting ends at `most`, as it takes longer than a page may. */
export async function countAssets(
  db: Kysely<Tables>,
  filter: AssetFilter,
  most: number,
): Promise<{ readonly count: number; readonly isExact: boolean }> {
  const counted = await sql<{ n: number }>`select count(*)::integer as n from (
    select from assets where ${toCondition(filter)} limit ${most + 1}) found`.execute(db);
  const count = counted.rows[0]?.n ?? 0;
  return { count: Math.min(count, most), isExact: count <= most };
}

/** In the order of the ids; those that are not shown are left out. */
export async function listByIds(
  db: Kysely<Tables>,
  ids: readonly number[],
  unlocked: Unlocked = [],
): Promise<AssetPage['assets']> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('assets').select(SUMMARY_COLUMNS).where(toCondition({ ids, unlocked })).execute();
  const byId = new Map(rows.map((row) => [row.id, toSummary(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
