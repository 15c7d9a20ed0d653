import type { PeopleChange } from '@focal/core';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { PersonTable, Tables } from '../store/tables.ts';
import { toAssetId } from './cluster-protocol.ts';

/** A person as the table holds it, without what is counted. */
export type PersonRow = Omit<Selectable<PersonTable>, 'faces'>;

/** Everybody whom changes are about, before or after. */
export function peopleOf(changes: readonly PeopleChange[]): readonly number[] {
  const ids = new Set<number>();
  for (const { faces, before, created, removed, memory } of changes) {
    for (const { person } of [...faces, ...before]) ids.add(person);
    for (const id of created) ids.add(id);
    for (const { id, into } of removed) ids.add(id).add(into ?? 0);
    for (const id of [...memory.kept.added, ...memory.kept.removed]) ids.add(id);
  }
  ids.delete(0);
  return [...ids];
}

export async function readPeopleRows(trx: Transaction<Tables>, ids: readonly number[]): Promise<readonly PersonRow[]> {
  if (ids.length === 0) return [];
  return trx
    .selectFrom('people')
    .select(['id', 'name', 'is_hidden', 'is_favourite', 'is_kept', 'cover_face_id', 'created_at', 'is_name_imported'])
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute();
}

/** Writes what the clustering changed. People who lost their last face go with {@link dropEmptyPeople}. */
export async function keepChange(trx: Transaction<Tables>, change: PeopleChange, now: number): Promise<void> {
  const { faces, memory } = change;
  const ids = [...new Set(faces.flatMap(({ person }) => (person === 0 ? [] : [person])))];
  await addPeople(trx, ids, now);
  if (faces.length > 0) {
    const rows = faces.map(({ id, person, look, isPinned, not }) => ({
      id: Number(id),
      person,
      look,
      pinned: isPinned,
      not,
    }));
    await sql`update faces set person_id = nullif(changed.person, 0), look = changed.look, is_pinned = changed.pinned,
        is_confirmed = faces.is_confirmed and changed.pinned, not_people = changed."not"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as changed(id integer, person integer, look integer, pinned boolean, "not" integer[])
      where faces.id = changed.id`.execute(trx);
  }
  await setKept(trx, memory.kept.added, true);
  await setKept(trx, memory.kept.removed, false);
  for (const pair of memory.apart.removed) {
    const [one, other] = toPair(pair);
    await trx.deleteFrom('people_apart').where('one_id', '=', one).where('other_id', '=', other).execute();
  }
  for (const pair of memory.apart.added) {
    const [one, other] = toPair(pair);
    await sql`insert into people_apart (one_id, other_id) select ${one}, ${other}
      where exists (select from people where id = ${one}) and exists (select from people where id = ${other})
      on conflict do nothing`.execute(trx);
  }
  const { added, removed } = memory.doubles;
  if (removed.length > 0) {
    await trx.deleteFrom('people_doubles').where('asset_id', 'in', removed.map(toAssetId)).execute();
  }
  if (added.length > 0) {
    await sql`insert into people_doubles (asset_id) select id from assets where id = any(${added.map(toAssetId)}::integer[])
      on conflict do nothing`.execute(trx);
  }
}

export async function addPeople(trx: Transaction<Tables>, ids: readonly number[], now: number): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .insertInto('people')
    .values(ids.map((id) => ({ id, created_at: now })))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Of these: people without faces go, and covers that are somebody else's by now. */
export async function dropEmptyPeople(trx: Transaction<Tables>, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from people where id = any(${[...ids]}::integer[])
    and not exists (select from faces where faces.person_id = people.id)`.execute(trx);
  await sql`update people set cover_face_id = null where id = any(${[...ids]}::integer[]) and cover_face_id is not null
    and not exists (select from faces where faces.id = people.cover_face_id and faces.person_id = people.id)`.execute(
    trx,
  );
}

async function setKept(trx: Transaction<Tables>, ids: readonly number[], isKept: boolean): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable('people')
    .set({ is_kept: isKept })
    .where('id', 'in', [...ids])
    .execute();
}

function toPair(pair: string): readonly [number, number] {
  const [a = 0, b = 0] = pair.split(',').map(Number);
  return [a, b];
}
