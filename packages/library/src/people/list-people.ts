import { FocalError, WEAK_QUALITY } from '@focal/core';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { toFrame } from '../assets/asset.ts';
import { isPersonSeen } from '../assets/sight.ts';
import type { Tables } from '../store/tables.ts';
import type { FacePage, PeopleListOptions, PeoplePage, Person, PersonFace } from './person.ts';

const MOST = 1000;

interface PersonListRow {
  readonly id: number;
  readonly name: string;
  readonly is_favourite: boolean;
  readonly is_hidden: boolean;
  readonly faces: number;
  readonly cover: number | null;
  readonly cover_revision: number | null;
}

/** People with their covers: the face that was chosen where its photo shows, else the best of those that do. */
const withCover = (from: RawBuilder<unknown>, order: RawBuilder<unknown>): RawBuilder<PersonListRow> =>
  sql<PersonListRow>`select chosen.id, chosen.name, chosen.is_favourite, chosen.is_hidden, chosen.faces,
      coalesce(own.id, best.id) as cover, coalesce(own.revision, best.revision) as cover_revision
    from (${from}) chosen left join lateral (
      select faces.id, faces.revision from faces join assets on assets.id = faces.asset_id
      where faces.id = chosen.cover_face_id and assets.is_shown
    ) own on true left join lateral (
      select faces.id, faces.revision from faces join assets on assets.id = faces.asset_id
      where own.id is null and faces.person_id = chosen.id and assets.is_shown
      order by faces.quality desc, faces.id limit 1
    ) best on true order by ${order}`;

/** A page of people who are seen in photos that show. Throws `invalid-argument` for a cursor that is none. */
export async function listPeople(db: Kysely<Tables>, options: PeopleListOptions = {}): Promise<PeoplePage> {
  const { cursor, limit = 100, minFaces = 1, isHidden = false, isNamed, name, sort = 'size' } = options;
  assertLimit(limit);
  const conditions: RawBuilder<unknown>[] = [
    isHidden ? sql`is_hidden` : sql`not is_hidden`,
    sql`faces > 0`,
    sql`(name <> '' or is_favourite or faces >= ${minFaces})`,
  ];
  if (isNamed !== undefined) conditions.push(isNamed ? sql`name <> ''` : sql`name = ''`);
  if (name !== undefined) {
    conditions.push(sql`lower(name) like ${`%${name.toLowerCase().replaceAll(/[\\%_]/g, (each) => `\\${each}`)}%`}`);
  }
  const rank = sql`(case when is_favourite then 0 when name <> '' then 1 else 2 end)`;
  const after = cursor === undefined ? undefined : parseCursor(cursor, sort);
  if (after !== undefined) {
    conditions.push(
      sort === 'name'
        ? sql`(name = '', lower(name), id) > (${after.rank === 1}::boolean, lower(${after.name}::text), ${after.id}::integer)`
        : sql`(${rank}, -faces, id) > (${after.rank}::integer, ${-after.faces}::integer, ${after.id}::integer)`,
    );
  }
  const order =
    sort === 'name'
      ? sql`name = '', lower(name), id`
      : sql`case when is_favourite then 0 when name <> '' then 1 else 2 end, -faces, id`;
  const chosen = sql`select id, name, is_favourite, is_hidden, faces, cover_face_id from people
    where ${sql.join(conditions, sql` and `)} order by ${order} limit ${limit + 1}`;
  const outer =
    sort === 'name'
      ? sql`chosen.name = '', lower(chosen.name), chosen.id`
      : sql`case when chosen.is_favourite then 0 when chosen.name <> '' then 1 else 2 end, -chosen.faces, chosen.id`;
  const { rows } = await withCover(chosen, outer).execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    people: page.map(toPerson),
    ...(rows.length > limit && last !== undefined && { next: toCursor(last, sort) }),
  };
}

/** People by their ids, in that order; those who are not there are left out. */
export async function readPeople(db: Kysely<Tables>, ids: readonly number[]): Promise<readonly Person[]> {
  if (ids.length === 0) return [];
  const chosen = sql`select id, name, is_favourite, is_hidden, faces, cover_face_id from people
    where id = any(${[...ids]}::integer[])`;
  const { rows } = await withCover(chosen, sql`chosen.id`).execute(db);
  const byId = new Map(rows.map((row) => [row.id, toPerson(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Throws `not-found`. */
export async function getPerson(db: Kysely<Tables>, id: number): Promise<Person> {
  const seen = await db.selectFrom('people').select('id').where('id', '=', id).where(isPersonSeen).executeTakeFirst();
  if (seen === undefined) throw noSuchPerson(id);
  const [person] = await readPeople(db, [id]);
  if (person === undefined) throw noSuchPerson(id);
  return person;
}

export function noSuchPerson(id: number): FocalError {
  return new FocalError('not-found', `There is no person ${id}.`, {
    hint: 'Two people may have been merged: focal people list.',
  });
}

interface FaceListRow {
  readonly id: number;
  readonly asset_id: number;
  readonly at_ms: number | null;
  readonly kind: 'photo' | 'video';
  readonly duration_ms: number | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly quality: number;
  readonly person_id: number | null;
  readonly is_confirmed: boolean;
  readonly is_drawn: boolean;
  readonly revision: number;
}

const FACE_COLUMNS = sql`faces.id, asset_id, at_ms, kind, duration_ms, x, y, faces.width, faces.height, quality, person_id, is_confirmed, is_drawn,
  revision`;

/** The faces of a person in photos that show, or of nobody, the best first. */
export async function listFaces(
  db: Kysely<Tables>,
  person: number | null,
  { cursor, limit = 100, isSmall }: { readonly cursor?: string; readonly limit?: number; readonly isSmall?: boolean },
): Promise<FacePage> {
  assertLimit(limit);
  const offset = cursor === undefined ? 0 : parseOffset(cursor);
  const { rows } = await sql<FaceListRow>`select ${FACE_COLUMNS} from faces join assets on assets.id = asset_id
    where ${person === null ? sql`person_id is null and is_face` : sql`person_id = ${person}`} and assets.is_shown
      ${isSmall === undefined ? sql`` : isSmall ? sql`and quality < ${WEAK_QUALITY}` : sql`and quality >= ${WEAK_QUALITY}`}
    order by quality desc, faces.id limit ${limit + 1} offset ${offset}`.execute(db);
  return {
    faces: rows.slice(0, limit).map(toFace),
    ...(rows.length > limit && { next: Buffer.from(`o${offset + limit}`).toString('base64url') }),
  };
}

/** In the order of the ids; those whose photo does not show are left out. */
export async function readFaces(db: Kysely<Tables>, ids: readonly number[]): Promise<readonly PersonFace[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<FaceListRow>`select ${FACE_COLUMNS} from faces join assets on assets.id = asset_id
    where faces.id = any(${[...ids]}::integer[]) and is_face and assets.is_shown`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, toFace(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function toPerson({ id, name, is_favourite, is_hidden, faces, cover, cover_revision }: PersonListRow): Person {
  return {
    id,
    name,
    isFavourite: is_favourite,
    isHidden: is_hidden,
    faces,
    ...(cover !== null && { coverFaceId: cover, coverVersion: `${cover}-${cover_revision ?? 0}` }),
  };
}

function toFace(row: FaceListRow): PersonFace {
  const { id, asset_id, at_ms, x, y, width, height, quality, person_id, is_confirmed, is_drawn, revision } = row;
  return {
    id,
    assetId: asset_id,
    ...toFrame(row, at_ms),
    box: { x, y, width, height },
    quality,
    ...(person_id !== null && { personId: person_id }),
    isConfirmed: is_confirmed,
    isDrawn: is_drawn,
    version: `${id}-${revision}`,
  };
}

function assertLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return;
  throw new FocalError('invalid-argument', `Expected a whole number from 1 to ${MOST} for limit, got ${limit}.`);
}

function toCursor({ id, name, is_favourite, faces }: PersonListRow, sort: 'size' | 'name'): string {
  const rank = sort === 'name' ? (name === '' ? 1 : 0) : is_favourite ? 0 : name === '' ? 2 : 1;
  const parts = sort === 'name' ? ['n', rank, id, name] : ['s', rank, id, faces];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

interface After {
  readonly rank: number;
  readonly id: number;
  readonly name: string;
  readonly faces: number;
}

function parseCursor(cursor: string, sort: 'size' | 'name'): After {
  try {
    const [kind, rank, id, last] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const isWhole = (value: unknown): value is number => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
    if (isWhole(rank) && isWhole(id)) {
      if (kind === 'n' && sort === 'name' && typeof last === 'string') return { rank, id, name: last, faces: 0 };
      if (kind === 's' && sort === 'size' && isWhole(last)) return { rank, id, name: '', faces: last };
    }
  } catch {
    // Told below.
  }
  throw wrongCursor();
}

function parseOffset(cursor: string): number {
  const match = /^o(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match !== null) return Number(match[1]);
  throw wrongCursor();
}

function wrongCursor(): FocalError {
  return new FocalError('invalid-argument', 'The cursor is none that this list gave.', {
    hint: 'Begin with the first page, sorted the same way.',
  });
}
