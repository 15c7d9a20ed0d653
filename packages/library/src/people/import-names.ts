import { type Box, FocalError, type PeopleChange } from '@focal/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { FoundFaceVector } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { VECTOR_LENGTH } from './cluster-protocol.ts';
import { countFaces, insertDrawn } from './face-rows.ts';
import { addPeople } from './keep-change.ts';
import type { Steps } from './keeper.ts';
import { matchRegions } from './match-regions.ts';

// [Note: names of other programs] A region of XMP with a name says who a face is, as a user does, only weaker: its face is
// pinned to the person of that name, but not confirmed. What a user said of a face, and a name that a user gave, hold
// against it; two such names within one person split them; nobody becomes two in one photo. It is taken over once.

/** Photos at a time: few enough for actions of users to come in between. */
const MOST_ASSETS = 40;

export interface NamedRegion {
  readonly asset: number;
  readonly name: string;
  readonly box: Box;
  /** What is seen there, where no face was found before. */
  readonly seen?: FoundFaceVector | undefined;
  /** The face that it is of. */
  readonly face?: number;
}

/** Regions with names, in photos that were looked at and whose faces have all been compared. */
export async function listNamedRegions(db: Kysely<Tables>): Promise<readonly NamedRegion[]> {
  const { rows } = await sql<{ asset_id: number; name: string } & Box>`select regions.* from regions
    where ${IS_WAITING} and asset_id in (
      select asset_id from regions join assets on assets.id = asset_id
      where ${IS_WAITING} and assets.scene_version > 0 and assets.places > 0 and not exists (
        select from faces where faces.asset_id = assets.id and revision <> placed_revision and vector is not null
          and is_face and cardinality(vector) = ${VECTOR_LENGTH})
      group by asset_id order by asset_id limit ${MOST_ASSETS})
    order by asset_id, name, x, y`.execute(db);
  const regions = rows.map(({ asset_id: asset, name, x, y, width, height }) => ({
    asset,
    name: name.trim(),
    box: { x, y, width, height },
  }));
  const matched: NamedRegion[] = [];
  for (const asset of new Set(regions.map((region) => region.asset))) {
    const here = regions.filter((region) => region.asset === asset);
    // A face that was said to be none is none for others, too: nothing is drawn in its place.
    const faces = await db
      .selectFrom('faces')
      .select(['id', 'x', 'y', 'width', 'height'])
      .where('asset_id', '=', asset)
      .where('at_ms', 'is', null)
      .orderBy('id')
      .execute();
    const pairs = new Map(
      matchRegions(
        here.map(({ box }) => box),
        faces,
      ),
    );
    here.forEach((region, i) => {
      const face = faces[pairs.get(i) ?? -1]?.id;
      matched.push({ ...region, ...(face !== undefined && { face }) });
    });
  }
  return matched;
}

const IS_WAITING = sql`not regions.is_applied and regions.type = 'Face' and trim(regions.name) <> ''`;

/** They are not looked at again. */
export async function markApplied(trx: Transaction<Tables>, regions: readonly NamedRegion[]): Promise<void> {
  const rows = regions.map(({ asset, name, box }) => ({ asset, name, ...box }));
  // One that another scan replaced meanwhile is news.
  await sql`update regions set is_applied = true
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as said(asset integer, name text, x double precision,
      y double precision, width double precision, height double precision)
    where regions.asset_id = said.asset and trim(regions.name) = said.name and regions.x = said.x and regions.y = said.y
      and regions.width = said.width and regions.height = said.height`.execute(trx);
}

/** What is known of a face before its region is taken over. */
interface Face {
  readonly id: number;
  readonly asset: number;
  readonly isConfirmed: boolean;
  readonly isFace: boolean;
  readonly isCompared: boolean;
  readonly not: readonly number[];
}

interface Somebody {
  name: string;
  readonly isByUser: boolean;
  readonly isKept: boolean;
}

/** What came of it, to be kept. */
export interface ImportedNames {
  readonly people: readonly number[];
  readonly faces: readonly number[];
  readonly drawn: readonly number[];
  before(trx: Transaction<Tables>, now: number): Promise<void>;
  after(trx: Transaction<Tables>): Promise<void>;
}

/** Tells the clustering what these regions say, one after the other. Gives undefined where they say nothing new. */
export async function importNames(
  db: Kysely<Tables>,
  steps: Steps,
  regions: readonly NamedRegion[],
): Promise<ImportedNames | undefined> {
  const faces = await readFaces(
    db,
    regions.flatMap(({ face }) => face ?? []),
  );
  const owners = await readOwners(db, regions);
  const people = await readSomebodies(
    db,
    regions,
    [...owners.values()].map(({ person }) => person),
  );
  const named = new Map<number, string>();
  const drawn: { readonly id: number; readonly region: NamedRegion }[] = [];
  const given = new Map<number, number>();
  const touched = new Set<number>();
  let isNews = false;

  const act = async (action: Parameters<Steps['act']>[0]): Promise<readonly PeopleChange[]> => {
    const changes = await steps.act(action);
    isNews = true;
    for (const change of changes) {
      for (const { id, person } of change.faces) {
        const asset = owners.get(Number(id))?.asset;
        if (asset !== undefined) owners.set(Number(id), { asset, person });
      }
      for (const { id, into } of change.removed) {
        people.delete(id);
        if (into !== undefined) touched.add(into);
      }
    }
    return changes;
  };
  const personOf = (name: string): number | undefined =>
    [...people].find(([, { name: each }]) => each.toLowerCase() === name.toLowerCase())?.[0];
  const call = (person: number, name: string): void => {
    people.set(person, { name, isByUser: false, isKept: true });
    named.set(person, name);
    touched.add(person);
  };
  const isHere = (asset: number, person: number, except: number): boolean =>
    [...owners].some(([id, each]) => id !== except && each.asset === asset && each.person === person);
  const isCompared = async (person: number): Promise<boolean> =>
    (await steps.ask({ kind: 'people', ids: [person] })).length > 0;

  /** This face is this person's, as long as nothing speaks against it. */
  async function pin({ id, isCompared: isKnown, asset }: Face, person: number): Promise<boolean> {
    if (!isKnown) {
      if (isHere(asset, person, id)) return false;
      given.set(id, person);
      owners.set(id, { asset, person });
      isNews = true;
    } else if (await isCompared(person)) await act({ kind: 'confirm', face: id, person });
    else await act({ kind: 'split', faces: [id], as: person });
    touched.add(person);
    return true;
  }

  async function makePerson(face: Face, name: string): Promise<void> {
    if (!face.isCompared) {
      const person = await steps.ask({ kind: 'reserve' });
      call(person, name);
      await pin(face, person);
      return;
    }
    const [person] = (await act({ kind: 'split', faces: [face.id] })).flatMap((change) => change.created);
    if (person !== undefined) call(person, name);
  }

  async function takeOver(face: Face, name: string): Promise<void> {
    if (face.isConfirmed || !face.isFace) return;
    const wanted = personOf(name);
    if (wanted !== undefined && face.not.includes(wanted)) return;
    const owner = owners.get(face.id)?.person ?? 0;
    const somebody = people.get(owner);
    if (owner !== 0 && owner === wanted) return void (await pin(face, owner));
    // A name that a user gave holds.
    if (somebody !== undefined && somebody.name !== '' && somebody.isByUser) return;
    if (wanted === undefined) {
      if (owner === 0 || somebody === undefined || somebody.name !== '') return makePerson(face, name);
      call(owner, name);
      if (await isCompared(owner)) await act({ kind: 'keep', person: owner });
      return void (await pin(face, owner));
    }
    const isOurs = somebody !== undefined && somebody.name === '' && !somebody.isKept;
    if (isOurs && (await isCompared(owner)) && (await isCompared(wanted))) {
      // Who has no name yet is all of the same person, unless a photo shows both.
      const isMerged = await dare(() => act({ kind: 'merge', into: wanted, from: owner, allowDoubles: false }));
      if (isMerged) touched.add(wanted);
    }
    await pin(face, wanted);
  }

  for (const region of regions) {
    const { name, asset, seen } = region;
    const face = region.face === undefined ? undefined : faces.get(region.face);
    if (face !== undefined) {
      await dare(() => takeOver(face, name));
      continue;
    }
    const wanted = personOf(name);
    if (wanted !== undefined && isHere(asset, wanted, 0)) continue;
    const { rows } = await sql<{
      id: number;
    }>`select nextval(pg_get_serial_sequence('faces', 'id'))::integer as id`.execute(db);
    const id = rows[0]?.id ?? 0;
    if (seen !== undefined) {
      const fresh = { id, assetId: asset, quality: seen.quality.overall, vector: seen.vector };
      await act({ kind: 'place', faces: [fresh], gone: [] });
    }
    drawn.push({ id, region });
    isNews = true;
    owners.set(id, { asset, person: 0 });
    const made: Face = { id, asset, isConfirmed: false, isFace: true, isCompared: seen !== undefined, not: [] };
    await dare(() => takeOver(made, name));
  }
  if (!isNews) return undefined;
  return {
    people: [...touched],
    faces: [...given.keys()].filter((id) => faces.has(id)),
    drawn: drawn.map(({ id }) => id),
    async before(trx, now) {
      await addPeople(trx, [...touched], now);
      for (const { id, region } of drawn) {
        await insertDrawn(trx, { id, asset: region.asset, box: region.box, seen: region.seen });
      }
    },
    async after(trx) {
      for (const [face, person] of given) {
        await trx.updateTable('faces').set({ person_id: person }).where('id', '=', face).execute();
      }
      for (const [person, name] of named) {
        await trx
          .updateTable('people')
          .set({ name, is_name_imported: true, is_kept: true })
          .where('id', '=', person)
          .execute();
      }
      await countFaces(trx, [...new Set(drawn.map(({ region }) => region.asset))]);
    },
  };
}

/** False where what was said before, or another face in the photo, speaks against it. */
async function dare(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof FocalError && error.code === 'invalid-argument') return false;
    throw error;
  }
}

async function readFaces(db: Kysely<Tables>, ids: readonly number[]): Promise<ReadonlyMap<number, Face>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('faces')
    .select(['id', 'asset_id', 'is_confirmed', 'is_face', 'placed_revision', 'not_people'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        asset: row.asset_id,
        isConfirmed: row.is_confirmed,
        isFace: row.is_face,
        isCompared: row.placed_revision > 0,
        not: row.not_people,
      },
    ]),
  );
}

/** Whose the faces in these photos are; 0 for nobody. */
async function readOwners(
  db: Kysely<Tables>,
  regions: readonly NamedRegion[],
): Promise<Map<number, { readonly asset: number; readonly person: number }>> {
  const rows = await db
    .selectFrom('faces')
    .select(['id', 'asset_id', 'person_id'])
    .where('asset_id', 'in', [...new Set(regions.map(({ asset }) => asset))])
    .where('is_face', '=', true)
    .execute();
  return new Map(rows.map(({ id, asset_id, person_id }) => [id, { asset: asset_id, person: person_id ?? 0 }]));
}

/** These people, and those of the regions' names; of several of one name the one who is seen most. */
async function readSomebodies(
  db: Kysely<Tables>,
  regions: readonly NamedRegion[],
  ids: readonly number[],
): Promise<Map<number, Somebody>> {
  const names = [...new Set(regions.map(({ name }) => name.toLowerCase()))];
  const { rows } = await sql<{ id: number; name: string; is_kept: boolean; is_name_imported: boolean }>`
    select id, name, is_kept, is_name_imported from people
    where id = any(${[...new Set(ids)]}::integer[]) or (name <> '' and lower(name) = any(${names}::text[]))
    order by faces desc, id`.execute(db);
  return new Map(
    rows.map(({ id, name, is_kept, is_name_imported }) => [
      id,
      { name, isByUser: name !== '' && !is_name_imported, isKept: is_kept },
    ]),
  );
}
