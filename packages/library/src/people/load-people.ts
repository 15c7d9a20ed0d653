import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { Cluster } from './cluster.ts';
import { type FaceRow, type FreshFace, VECTOR_LENGTH } from './cluster-protocol.ts';

/** Few enough for whoever else waits for the database. */
const PAGE = 1000;

/** The number that every change of who is who raises. */
export async function readVersion(db: Kysely<Tables>): Promise<number> {
  const { version } = await db.selectFrom('people_state').select('version').executeTakeFirstOrThrow();
  return version;
}

/**
 * Brings everything that is known of who is who to the clustering. Gives the version it is of: what others change
 * meanwhile shows by a newer one, and what is kept by the older is refused.
 */
export async function loadPeople(db: Kysely<Tables>, cluster: Cluster): Promise<number> {
  const { version, next_person, next_look } = await db.selectFrom('people_state').selectAll().executeTakeFirstOrThrow();
  await cluster.begin();
  for (let last = 0; ; ) {
    const { rows } =
      await sql<FaceRow>`select id, asset_id, at_ms, quality, coalesce(person_id, 0) as person, look, is_pinned,
        not_people, array_send(vector) as vector
      from faces where id > ${last} and placed_revision > 0 and is_face and cardinality(vector) = ${VECTOR_LENGTH}
      order by id limit ${PAGE}`.execute(db);
    if (rows.length > 0) await cluster.load(rows);
    if (rows.length < PAGE) break;
    last = rows.at(-1)?.id ?? last;
  }
  const kept = await db.selectFrom('people').select('id').where('is_kept', '=', true).execute();
  const apart = await db.selectFrom('people_apart').selectAll().execute();
  const doubles = await db.selectFrom('people_doubles').selectAll().execute();
  await cluster.end({
    nextPerson: next_person,
    nextLook: next_look,
    kept: kept.map(({ id }) => id),
    apart: apart.map(({ one_id, other_id }) => [one_id, other_id]),
    doubles: doubles.map(({ asset_id }) => asset_id),
  });
  return version;
}

/** A face that the clustering has not seen yet, or not as it is now. */
export interface UnplacedFace extends FreshFace {
  readonly revision: number;
  /** Who the user said it is, before it could be compared. */
  readonly said?: number;
}

/** All that wait, or those of these faces; with `isFace` false of those that were said to be none. */
export async function listUnplaced(
  db: Kysely<Tables>,
  limit: number,
  ids?: readonly number[],
  isFace = true,
): Promise<readonly UnplacedFace[]> {
  const which = sql`revision <> placed_revision ${
    ids === undefined ? sql`` : sql`and placed_revision = 0 and id = any(${[...ids]}::integer[])`
  }`;
  const { rows } = await sql<{
    id: number;
    asset_id: number;
    at_ms: number | null;
    quality: number;
    revision: number;
    said: number | null;
    vector: Uint8Array;
  }>`select id, asset_id, at_ms, quality, revision, array_send(vector) as vector,
      case when placed_revision = 0 and is_confirmed then person_id end as said
    from faces where ${which} and vector is not null
      and is_face = ${isFace} and cardinality(vector) = ${VECTOR_LENGTH} order by id limit ${limit}`.execute(db);
  return rows.map(({ id, asset_id, at_ms, quality, revision, vector, said }) => ({
    id,
    assetId: asset_id,
    ...(at_ms !== null && { atMs: at_ms }),
    quality,
    revision,
    vector,
    ...(said !== null && { said }),
  }));
}
