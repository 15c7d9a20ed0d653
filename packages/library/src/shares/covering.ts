import { createHash } from 'node:crypto';
import { faceDistance, SURELY_SAME } from '@focal/core';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { isPersonSeen } from '../assets/sight.ts';
import { COVER_VERSION, type PhotoToCover, RENDER_VERSION } from '../media.ts';
import { VECTOR_LENGTH } from '../people/cluster-protocol.ts';
import { matchRegions } from '../people/match-regions.ts';
import type { Tables } from '../store/tables.ts';

// [Note: unsure means covered] A face stays only where the library says that it is of somebody who may be seen, and is
// sure of it: the user confirmed it, or it is surely like another face of theirs, or they are known by this photo alone.
// Every other face that the library knows is covered: whoever it is of, found or drawn by hand, and those that only
// another program's regions tell of.

/** What guests of a link get of a photo. */
export interface CoveredPhoto extends Omit<PhotoToCover, 'recipe'> {
  readonly assetId: number;
  /** The version that is shown, whose recipe has this tag. */
  readonly version?: { readonly id: number; readonly tag: string };
  /** Another one for all that makes a difference: whose faces stay, where faces are, which version is shown. */
  readonly tag: string;
}

export interface Coverings {
  /** By the ids of photos; those that are not there are left out. */
  of(shareId: number, assetIds: readonly number[]): Promise<ReadonlyMap<number, CoveredPhoto>>;
}

interface FaceRow {
  readonly asset_id: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly roll_degrees: number;
  readonly vector: number[] | null;
  readonly person_id: number | null;
  readonly is_confirmed: boolean;
}

interface OtherFace {
  readonly assetId: number;
  readonly vector: Float32Array;
}

/** Of `share_people` and `people`: who is called otherwise by now, or seen in private photos only, is spared no more. */
export const isStillSpared: RawBuilder<boolean> = sql`(share_people.name in ('', people.name) and ${isPersonSeen})`;

/** Faces of a person that others are compared with: the best ones. */
const MOST_FACES = 200;

export function createCoverings(db: Kysely<Tables>): Coverings {
  let remembered = { version: -1, faces: new Map<number, Promise<readonly OtherFace[]>>() };

  /** Of people who may be seen by this link's guests. */
  async function readExcepted(shareId: number): Promise<ReadonlySet<number>> {
    const { rows } = await sql<{ id: number }>`select people.id from share_people
      join people on people.id = share_people.person_id
      where share_id = ${shareId} and ${isStillSpared}`.execute(db);
    return new Set(rows.map(({ id }) => id));
  }

  /** Kept as long as nothing changes in who is who. */
  async function facesOf(personId: number): Promise<readonly OtherFace[]> {
    const state = await db.selectFrom('people_state').select('version').executeTakeFirst();
    const version = state?.version ?? 0;
    if (remembered.version !== version) remembered = { version, faces: new Map() };
    const known = remembered.faces.get(personId);
    if (known !== undefined) return known;
    const read = readFaces(personId);
    remembered.faces.set(personId, read);
    read.catch(() => remembered.faces.delete(personId));
    return read;
  }

  async function readFaces(personId: number): Promise<readonly OtherFace[]> {
    const { rows } = await sql<{ asset_id: number; vector: number[] }>`select faces.asset_id, faces.vector from faces
      join assets on assets.id = faces.asset_id
      where faces.person_id = ${personId} and is_face and cardinality(faces.vector) = ${VECTOR_LENGTH} and assets.is_shown
      order by faces.quality desc, faces.id limit ${MOST_FACES}`.execute(db);
    return rows.map(({ asset_id: assetId, vector }) => ({ assetId, vector: Float32Array.from(vector) }));
  }

  async function isSure({ asset_id, person_id, is_confirmed }: FaceRow, vector: Float32Array): Promise<boolean> {
    if (is_confirmed) return true;
    const others = (await facesOf(person_id ?? 0)).filter(({ assetId }) => assetId !== asset_id);
    return others.length === 0 || others.some((other) => faceDistance(vector, other.vector) < SURELY_SAME);
  }

  /** What tells who it is, of a face that may stay. */
  async function sparedVector(face: FaceRow, excepted: ReadonlySet<number>): Promise<Float32Array | undefined> {
    const { person_id, vector } = face;
    if (person_id === null || !excepted.has(person_id) || vector?.length !== VECTOR_LENGTH) return undefined;
    const numbers = Float32Array.from(vector);
    return (await isSure(face, numbers)) ? numbers : undefined;
  }

  async function cover(
    asset: { id: number; sha256: string; version_id: number | null; version_tag: string | null },
    faces: readonly FaceRow[],
    regions: readonly { x: number; y: number; width: number; height: number }[],
    excepted: ReadonlySet<number>,
  ): Promise<CoveredPhoto> {
    const spared: { readonly box: ReturnType<typeof toBox>; readonly vector: Float32Array }[] = [];
    const told: { readonly box: ReturnType<typeof toBox>; readonly rollDegrees: number }[] = [];
    for (const face of faces) {
      const vector = await sparedVector(face, excepted);
      if (vector !== undefined) spared.push({ box: toBox(face), vector });
      else told.push({ box: toBox(face), rollDegrees: face.roll_degrees });
    }
    const matched = new Set(matchRegions(regions, faces).map(([region]) => region));
    for (const [index, region] of regions.entries()) {
      if (!matched.has(index)) told.push({ box: toBox(region), rollDegrees: 0 });
    }
    const { id: assetId, sha256, version_id: id, version_tag: tag } = asset;
    const version = id === null || tag === null ? {} : { version: { id, tag } };
    return { assetId, sha256, spared, told, ...version, tag: toTag(tag, spared, told) };
  }

  return {
    async of(shareId, assetIds) {
      const ids = sql`any(${[...assetIds]}::integer[])`;
      const assets = await sql<{ id: number; sha256: string; version_id: number | null; version_tag: string | null }>`
        select id, sha256, version_id, version_tag from assets where id = ${ids} and kind = 'photo'`.execute(db);
      const excepted = await readExcepted(shareId);
      // Vectors of others are of no use here.
      const faces = await sql<FaceRow>`select asset_id, x, y, width, height, roll_degrees, person_id, is_confirmed,
          case when person_id = any(${[...excepted]}::integer[]) then vector end as vector
        from faces where asset_id = ${ids} and is_face order by id`.execute(db);
      const regions = await sql<Pick<FaceRow, 'asset_id' | 'x' | 'y' | 'width' | 'height'>>`
        select asset_id, x, y, width, height from regions where asset_id = ${ids} and type = 'Face'
        order by x, y, width, height`.execute(db);
      const covered = new Map<number, CoveredPhoto>();
      for (const asset of assets.rows) {
        const isOf = ({ asset_id }: { asset_id: number }): boolean => asset_id === asset.id;
        covered.set(asset.id, await cover(asset, faces.rows.filter(isOf), regions.rows.filter(isOf), excepted));
      }
      return covered;
    },
  };
}

function toBox({ x, y, width, height }: { x: number; y: number; width: number; height: number }) {
  return { x, y, width, height };
}

/** Of all that the picture depends on beside the file. */
function toTag(version: string | null, spared: CoveredPhoto['spared'], told: CoveredPhoto['told']): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([COVER_VERSION, RENDER_VERSION, version, spared.map(({ box }) => box), told]));
  for (const { vector } of spared) hash.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  return hash.digest('hex').slice(0, 16);
}
