import { FocalError } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import { isPersonSeen } from '../assets/sight.ts';
import { foldName } from '../places/fold-name.ts';
import type { Tables } from '../store/tables.ts';
import type { Chip, Condition } from './ast.ts';
import { isLargeAlbum } from './conditions.ts';

/** Chips whose names have become ids. */
export type ResolvedChip =
  | Exclude<Chip, { readonly kind: 'person' | 'place' | 'album' | 'camera' }>
  | { readonly kind: 'cameras'; readonly names: readonly string[] }
  | { readonly kind: 'people' | 'cities'; readonly ids: readonly number[] }
  | { readonly kind: 'albums'; readonly ids: readonly number[]; readonly isLarge: boolean };

export type Resolved =
  | ResolvedChip
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Resolved[] }
  | { readonly kind: 'not'; readonly part: Resolved };

/** Smart albums that search in smart albums, and so on. */
const DEEPEST = 10;

/**
 * Names of people, places and albums as ids; of smart albums what they search for. Names that there are none of find
 * nothing. Throws `invalid-argument` for a smart album that searches in itself.
 *
 * @param parse what a smart album searches for
 * @param within names of smart albums that this belongs to, in small letters
 */
export async function resolveCondition(
  db: Kysely<Tables>,
  condition: Condition,
  parse: (query: string) => Promise<Condition | undefined>,
  within: readonly string[],
): Promise<Resolved> {
  const resolve = (each: Condition): Promise<Resolved> => resolveCondition(db, each, parse, within);
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind, parts: await Promise.all(condition.parts.map(resolve)) };
    case 'not':
      return { kind: 'not', part: await resolve(condition.part) };
    case 'person':
      return { kind: 'people', ids: await findPeople(db, condition.name) };
    case 'place':
      return { kind: 'cities', ids: await findCities(db, condition.name) };
    case 'camera':
      return { kind: 'cameras', names: await findCameras(db, condition.text) };
    case 'album':
      return resolveAlbums(db, condition.name, parse, within);
    default:
      return condition;
  }
}

async function findPeople(db: Kysely<Tables>, name: string): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`select id from people
    where lower(name) = lower(${name}) and ${isPersonSeen}`.execute(db);
  return rows.map(({ id }) => id);
}

/** The whole name, or its first words: `New York` finds New York City. */
async function findCities(db: Kysely<Tables>, name: string): Promise<readonly number[]> {
  const folded = foldName(name);
  const rows = await db
    .selectFrom('cities')
    .select('id')
    .where(
      sql<boolean>`exists (select from unnest(keys) key where key = ${folded} or starts_with(key, ${`${folded} `}))`,
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Those with this in maker and model. There are few, and each is found by one step in the index. */
async function findCameras(db: Kysely<Tables>, text: string): Promise<readonly string[]> {
  const names = await listCameras(db);
  return names.filter((name) => name.toLowerCase().includes(text.toLowerCase()));
}

/** Makers and models of what is shown. */
export async function listCameras(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ camera: string }>`with recursive found as (
      (select camera from assets where is_shown and camera is not null order by camera limit 1)
      union all
      select (select camera from assets where is_shown and camera > found.camera order by camera limit 1)
      from found where found.camera is not null
    ) select camera from found where camera is not null`.execute(db);
  return rows.map(({ camera }) => camera);
}

async function resolveAlbums(
  db: Kysely<Tables>,
  name: string,
  parse: (query: string) => Promise<Condition | undefined>,
  within: readonly string[],
): Promise<Resolved> {
  const lower = name.toLowerCase();
  const rows = await db
    .selectFrom('albums')
    .select(['id', 'query', isLargeAlbum(sql`albums.id`).as('is_large')])
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .execute();
  const own = rows.filter(({ query }) => query === null);
  const parts: Resolved[] = [
    { kind: 'albums', ids: own.map(({ id }) => id), isLarge: own.some(({ is_large: isLarge }) => isLarge) },
  ];
  for (const { query } of rows) {
    if (query === null) continue;
    if (within.includes(lower) || within.length >= DEEPEST) {
      throw new FocalError('invalid-argument', `The album ${name} searches in itself.`, {
        hint: 'Change what it searches for.',
      });
    }
    const inner = await parse(query);
    if (inner === undefined) return EVERYTHING;
    parts.push(await resolveCondition(db, inner, parse, [...within, lower]));
  }
  return parts.length === 1 ? (parts[0] as Resolved) : { kind: 'or', parts };
}

const EVERYTHING: Resolved = { kind: 'and', parts: [] };
