import { type Box, FocalError } from '@focal/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { FoundFaceVector } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { findSame } from './match-boxes.ts';

/** Whose these faces are. */
export async function ownersOf(db: Kysely<Tables>, faces: readonly number[]): Promise<readonly number[]> {
  if (faces.length === 0) return [];
  const rows = await db
    .selectFrom('faces')
    .select('person_id')
    .distinct()
    .where('id', 'in', [...faces])
    .execute();
  return rows.flatMap(({ person_id }) => person_id ?? []);
}

/** Faces of people that the clustering does not move: it has none of them, or not of these people. */
export async function facesOnlyHere(
  db: Kysely<Tables>,
  people: readonly number[],
  compared: ReadonlySet<number>,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('faces')
    .select(['id', 'person_id', 'placed_revision'])
    .where('person_id', 'in', [...people])
    .execute();
  return rows
    .filter(({ person_id, placed_revision }) => placed_revision === 0 || !compared.has(person_id ?? 0))
    .map(({ id }) => id);
}

export async function confirm(trx: Transaction<Tables>, faces: readonly number[]): Promise<void> {
  await trx
    .updateTable('faces')
    .set({ is_confirmed: true })
    .where('id', 'in', [...faces])
    .execute();
}

/** Faces that an action had compared before their turn. */
export async function markPlaced(trx: Transaction<Tables>, faces: readonly number[]): Promise<void> {
  if (faces.length === 0) return;
  await sql`update faces set placed_revision = revision where id = any(${[...faces]}::integer[])`.execute(trx);
}

/** How many faces photos show, once some of them were drawn or removed. */
export async function countFaces(trx: Transaction<Tables>, assets: readonly number[]): Promise<void> {
  if (assets.length === 0) return;
  await sql`update assets set faces = (select count(*) from faces where asset_id = assets.id and is_face)
    where id = any(${[...assets]}::integer[])`.execute(trx);
}

export async function insertDrawn(
  trx: Transaction<Tables>,
  {
    id,
    asset,
    box,
    seen,
  }: {
    readonly id: number;
    readonly asset: number;
    readonly box: Box;
    readonly seen: FoundFaceVector | undefined;
  },
): Promise<void> {
  const vector = seen === undefined ? null : Array.from(seen.vector);
  await sql`insert into faces (id, asset_id, x, y, width, height, score, roll_degrees, quality, smile, vector, is_drawn,
      placed_revision)
    overriding system value values (${id}, ${asset}, ${box.x}, ${box.y}, ${box.width}, ${box.height},
      ${seen?.score ?? 1}, ${seen?.rollDegrees ?? 0}, ${seen?.quality.overall ?? 0}, ${seen?.expression?.smile ?? null},
      ${vector}::real[], true, ${vector === null ? 0 : 1})`.execute(trx);
}

/** The face that was found in about this box; of a video in the frame that stands for it. Throws `not-found` where there is no such photo. */
export async function findFaceAt(db: Kysely<Tables>, asset: number, box: Box): Promise<number | undefined> {
  const row = await db
    .selectFrom('assets')
    .select('id')
    .where('id', '=', asset)
    .where('is_shown', '=', true)
    .executeTakeFirst();
  if (row === undefined) throw new FocalError('not-found', `There is no photo or video ${asset} in the library.`);
  const faces = await db
    .selectFrom('faces')
    .select(['id', 'x', 'y', 'width', 'height'])
    .where('asset_id', '=', asset)
    .where('at_ms', 'is', null)
    .where('is_face', '=', true)
    .orderBy('id')
    .execute();
  const index = findSame(box, faces);
  return index === undefined ? undefined : faces[index]?.id;
}

export async function assertTheirs(db: Kysely<Tables>, face: number, person: number): Promise<void> {
  const row = await db
    .selectFrom('faces')
    .select('id')
    .where('id', '=', face)
    .where('person_id', '=', person)
    .executeTakeFirst();
  if (row === undefined) throw new FocalError('invalid-argument', 'Expected a face of this person as the cover.');
}

export function noSuchFace(id: number): FocalError {
  return new FocalError('not-found', `There is no face ${id}.`);
}
