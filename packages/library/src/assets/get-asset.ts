import { FocalError } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import { isFileThere } from '../import/is-file-there.ts';
import { showPath } from '../import/path-key.ts';
import { countryName } from '../places/country-name.ts';
import type { Tables } from '../store/tables.ts';
import { readDeletedVersions, readVersions } from '../versions/version.ts';
import { type AssetDetails, type FoundFace, toFrame, toSummary } from './asset.ts';
import { isSeen, type Unlocked } from './sight.ts';

/** All that is known of an asset. Throws `not-found`. */
export async function getAsset(db: Kysely<Tables>, id: number, unlocked: Unlocked = []): Promise<AssetDetails> {
  const row = await db.selectFrom('assets').selectAll().where('id', '=', id).where(isSeen(unlocked)).executeTakeFirst();
  if (row === undefined) throw noSuchAsset(id);
  const things = await db
    .selectFrom('things')
    .selectAll()
    .where('asset_id', '=', id)
    .orderBy('score', 'desc')
    .execute();
  const faces = await db
    .selectFrom('faces')
    .leftJoin('people', 'people.id', 'faces.person_id')
    .select([
      'faces.id',
      'faces.at_ms',
      'faces.x',
      'faces.y',
      'faces.width',
      'faces.height',
      'faces.score',
      'faces.quality',
      'faces.smile',
      'faces.expression',
      'faces.is_confirmed',
      'faces.is_drawn',
      'faces.revision',
      'people.id as person_id',
      'people.name as person_name',
    ])
    .where('faces.asset_id', '=', id)
    .where('faces.is_face', '=', true)
    .orderBy('faces.id')
    .execute();
  const double = await db.selectFrom('people_doubles').select('asset_id').where('asset_id', '=', id).executeTakeFirst();
  const regions = await db.selectFrom('regions').selectAll().where('asset_id', '=', id).execute();
  const places = await db
    .selectFrom('places')
    .innerJoin('folders', 'folders.id', 'places.folder_id')
    .select(['places.path', 'places.folder_id', 'folders.is_online'])
    .where('places.asset_id', '=', id)
    .orderBy('places.id')
    .execute();
  const bad = await db.selectFrom('bad_files').select('message').where('asset_id', '=', id).executeTakeFirst();
  const city =
    row.city_id === null
      ? undefined
      : await db
          .selectFrom('cities')
          .select(['id', 'name', 'country'])
          .where('id', '=', row.city_id)
          .executeTakeFirst();
  const albums = await db
    .selectFrom('album_assets')
    .innerJoin('albums', 'albums.id', 'album_assets.album_id')
    .select(['albums.id', 'albums.name'])
    .where('album_assets.asset_id', '=', id)
    .where((or) =>
      or.or([or('albums.password', 'is', null), sql<boolean>`albums.id = any(${[...unlocked]}::integer[])`]),
    )
    .orderBy('albums.name')
    .execute();
  return {
    ...toSummary(row),
    sha256: row.sha256,
    format: row.format,
    bytes: row.bytes,
    addedAt: row.added_at,
    ...(row.taken_source !== null && { takenFrom: row.taken_source }),
    caption: row.caption,
    keywords: row.keywords,
    regions: regions.map(({ name, type, x, y, width, height }) => ({ name, type, box: { x, y, width, height } })),
    ...(row.latitude !== null &&
      row.longitude !== null && {
        location: {
          latitude: row.latitude,
          longitude: row.longitude,
          ...(row.altitude !== null && { altitude: row.altitude }),
        },
      }),
    ...(city !== undefined && { city: { ...city, countryName: countryName(city.country) } }),
    camera: {
      ...(row.camera_make !== null && { make: row.camera_make }),
      ...(row.camera_model !== null && { model: row.camera_model }),
      ...(row.lens !== null && { lens: row.lens }),
      ...(row.exposure_seconds !== null && { exposureSeconds: row.exposure_seconds }),
      ...(row.aperture !== null && { aperture: row.aperture }),
      ...(row.iso !== null && { iso: row.iso }),
      ...(row.focal_length_mm !== null && { focalLengthMm: row.focal_length_mm }),
    },
    palette: row.palette ?? [],
    isAnalysed: row.scene_version > 0,
    ...(bad !== undefined && { problem: bad.message }),
    things: things.map(({ label, score, at_ms: atMs, x, y, width, height }) => ({
      label,
      score,
      ...toFrame(row, atMs),
      box: { x, y, width, height },
    })),
    // People and their pictures are told of what everybody may see.
    faces: (row.is_private ? [] : faces).map((face): FoundFace => {
      const { score, quality, smile, expression, person_id: personId, x, y, width, height } = face;
      return {
        id: face.id,
        ...toFrame(row, face.at_ms),
        score,
        quality,
        ...(smile !== null && { smile }),
        ...(expression !== null && { expression }),
        ...(personId !== null && { person: { id: personId, name: face.person_name ?? '' } }),
        isConfirmed: face.is_confirmed,
        isDrawn: face.is_drawn,
        version: `${face.id}-${face.revision}`,
        box: { x, y, width, height },
      };
    }),
    isDouble: double !== undefined,
    isPrivate: row.is_private,
    places: await Promise.all(
      places.map(async ({ folder_id, path, is_online }) => ({
        folderId: folder_id,
        path: showPath(path),
        isOnline: is_online,
        isThere: await isFileThere(path, row.bytes),
      })),
    ),
    albums,
    versions: await readVersions(db, id),
    deletedVersions: await readDeletedVersions(db, id),
  };
}

export function noSuchAsset(id: number): FocalError {
  return new FocalError('not-found', `There is no photo or video ${id} in the library.`);
}
