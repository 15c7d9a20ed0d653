import { FocalError } from '@focal/core';
import { type RawBuilder, sql } from 'kysely';
import type { SORTS } from '../query/ast.ts';

export type AssetSort = (typeof SORTS)[number];

interface Key {
  readonly value: RawBuilder<unknown>;
  readonly type: 'bigint' | 'integer' | 'text';
}

interface Order {
  /** The last one is the id, so that no two are the same. All go one way, as their index does. */
  readonly keys: readonly Key[];
  readonly isDown: boolean;
}

const ID: Key = { value: sql`assets.id`, type: 'integer' };
const TIME: Key = { value: sql`assets.sort_time`, type: 'bigint' };

const ORDERS: Readonly<Record<AssetSort, Order>> = {
  newest: { keys: [TIME, ID], isDown: true },
  oldest: { keys: [TIME, ID], isDown: false },
  added: { keys: [{ value: sql`assets.added_at`, type: 'bigint' }, ID], isDown: true },
  /** Text begins with the name, in small letters; the same on each database, whatever its language. */
  name: { keys: [{ value: sql`left(assets.search_text, 100) collate "C"`, type: 'text' }, ID], isDown: false },
  rating: { keys: [{ value: sql`assets.rating`, type: 'integer' }, TIME, ID], isDown: true },
  size: { keys: [{ value: sql`assets.bytes`, type: 'bigint' }, ID], isDown: true },
};

/** For `order by`. */
export function toOrder(sort: AssetSort): RawBuilder<unknown> {
  const { keys, isDown } = ORDERS[sort];
  return sql.join(keys.map(({ value }) => (isDown ? sql`${value} desc` : sql`${value} asc`)));
}

/** What a cursor is made of, as one more column. */
export function toKeys(sort: AssetSort): RawBuilder<readonly (string | number)[]> {
  return sql`jsonb_build_array(${sql.join(ORDERS[sort].keys.map(({ value }) => value))})`;
}

/** Those that come after the one with these keys. */
export function isAfter(sort: AssetSort, given: readonly (string | number)[]): RawBuilder<boolean> {
  const { keys, isDown } = ORDERS[sort];
  const values = keys.map(({ type }, at) =>
    type === 'text' ? sql`${given[at]}::text collate "C"` : sql`${given[at]}::${sql.raw(type)}`,
  );
  const row = sql`(${sql.join(keys.map(({ value }) => value))})`;
  return isDown ? sql`${row} < (${sql.join(values)})` : sql`${row} > (${sql.join(values)})`;
}

export function toCursor(sort: AssetSort, keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([sort, ...keys])).toString('base64url');
}

/** The keys of a cursor that was made for this order. Throws `invalid-argument` for any other. */
export function parseCursor(sort: AssetSort, cursor: string): readonly (string | number)[] {
  const [given, ...values] = readList(cursor);
  const { keys } = ORDERS[sort];
  const fits = values.length === keys.length && keys.every(({ type }, at) => fitsType(type, values[at]));
  if (given === sort && fits) return values as readonly (string | number)[];
  throw new FocalError('invalid-argument', 'The cursor is none that this library gave for this order.', {
    hint: 'Begin with the first page.',
  });
}

function readList(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function fitsType(type: Key['type'], value: unknown): boolean {
  if (type === 'text') return typeof value === 'string' && !value.includes('\0');
  return Number.isSafeInteger(value) && (type === 'bigint' || Math.abs(value as number) < 2 ** 31);
}
