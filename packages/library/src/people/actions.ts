import type { PeopleChange } from '@focal/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import { isPersonSeen } from '../assets/sight.ts';
import type { Tables } from '../store/tables.ts';
import type { PersonRow } from './keep-change.ts';
import type { ActionKind, PeopleAction } from './person.ts';

/** So many actions can be taken back. */
const MOST_ACTIONS = 500;

/** A face as it was, apart from what the clustering changes. */
export interface FaceBefore {
  readonly id: number;
  readonly person_id: number | null;
  readonly look: number;
  readonly is_pinned: boolean;
  readonly is_confirmed: boolean;
  readonly not_people: readonly number[];
  readonly is_face: boolean;
  readonly placed_revision: number;
}

/** All that it takes to put things back as they were before an action. */
export interface UndoRecord {
  readonly changes: readonly PeopleChange[];
  readonly people: readonly PersonRow[];
  readonly faces: readonly FaceBefore[];
  /** Pairs that were told apart besides of the clustering. */
  readonly apart: readonly (readonly [number, number])[];
  /** Faces that were made by it. */
  readonly drawn: readonly number[];
  /** Faces that were taken out of the clustering. */
  readonly removed: readonly number[];
}

export interface LastAction {
  readonly id: number;
  readonly kind: ActionKind;
  readonly undo: UndoRecord;
}

export async function readFacesBefore(
  trx: Transaction<Tables>,
  ids: readonly number[],
): Promise<readonly FaceBefore[]> {
  if (ids.length === 0) return [];
  return trx
    .selectFrom('faces')
    .select(['id', 'person_id', 'look', 'is_pinned', 'is_confirmed', 'not_people', 'is_face', 'placed_revision'])
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute();
}

export async function noteAction(
  trx: Transaction<Tables>,
  action: { readonly kind: ActionKind; readonly personId: number | null; readonly undo: UndoRecord },
  now: number,
): Promise<number> {
  const { kind, personId, undo } = action;
  const { id } = await trx
    .insertInto('people_actions')
    .values({ kind, person_id: personId, acted_at: now, undo: JSON.stringify(undo) })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .deleteFrom('people_actions')
    .where('id', '<=', id - MOST_ACTIONS)
    .execute();
  return id;
}

export async function readLastAction(db: Kysely<Tables>): Promise<LastAction | undefined> {
  const row = await db
    .selectFrom('people_actions')
    .select(['id', 'kind', 'undo'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { id: row.id, kind: row.kind as ActionKind, undo: row.undo as UndoRecord };
}

/** The last actions, the newest first: that one can be taken back, then the one before. */
export async function listActions(db: Kysely<Tables>, limit: number): Promise<readonly PeopleAction[]> {
  const { rows } = await sql<{ id: number; kind: ActionKind; acted_at: number; people: number; names: string[] }>`
    select id, kind, acted_at, jsonb_array_length(undo -> 'people') as people, array(
      select people.name from people where people.name <> '' and ${isPersonSeen} and people.id in (
        select (row ->> 'id')::integer from jsonb_array_elements(undo -> 'people') row)
      order by people.name) as names
    from people_actions
    order by id desc limit ${limit}`.execute(db);
  return rows.map(({ id, kind, acted_at: actedAt, people, names }) => ({ action: id, kind, actedAt, people, names }));
}

/** People as they were: names, covers and all else that the clustering does not know. */
export async function restorePeople(trx: Transaction<Tables>, rows: readonly PersonRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into people (id, name, is_hidden, is_favourite, is_kept, cover_face_id, created_at, is_name_imported)
    select id, name, is_hidden, is_favourite, is_kept,
      (select faces.id from faces where faces.id = cover_face_id), created_at, coalesce(is_name_imported, false)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as old(id integer, name text, is_hidden boolean,
      is_favourite boolean, is_kept boolean, cover_face_id integer, created_at bigint, is_name_imported boolean)
    on conflict (id) do update set name = excluded.name, is_hidden = excluded.is_hidden,
      is_favourite = excluded.is_favourite, is_kept = excluded.is_kept, cover_face_id = excluded.cover_face_id,
      is_name_imported = excluded.is_name_imported`.execute(trx);
}

/** Faces as they were, of those that the clustering does not have. Of the others only what it does not know. */
export async function restoreFaces(trx: Transaction<Tables>, rows: readonly FaceBefore[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`update faces set is_face = old.is_face, is_confirmed = old.is_confirmed
      and (faces.placed_revision = 0 or faces.is_pinned),
      person_id = case when faces.placed_revision = 0 then old.person_id else faces.person_id end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as old(id integer, person_id integer, is_confirmed boolean,
      is_face boolean)
    where faces.id = old.id and (old.person_id is null or exists (select from people where id = old.person_id))`.execute(
    trx,
  );
}
