import type { InspectedFile } from '@focal/core';
import { sql, type Transaction } from 'kysely';
import { HAS_SCENE } from '../jobs/scene-version.ts';
import { THUMBNAIL_VERSION } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { handOverVersions } from '../versions/version.ts';
import type { XmpFacts } from '../xmp/read-xmp.ts';
import { toCaptureTime } from './capture-time.ts';
import { nameOf } from './path-key.ts';
import type { Sidecar } from './takeout.ts';
import type { FoundFile } from './walk.ts';
import { insertRegions, takeOver } from './xmp-facts.ts';

/** A file and all that was read of it. */
export interface ReadFile {
  readonly file: FoundFile;
  readonly folderId: number;
  readonly inspected: InspectedFile;
  readonly sidecar: Sidecar | undefined;
  readonly xmp: XmpFacts | undefined;
  readonly now: number;
}

/** The same as rows. */
export interface FileToKeep {
  /** See `toPathKey`. */
  readonly path: string;
  readonly folderId: number;
  readonly stamp: string;
  readonly asset: ReturnType<typeof toAsset>;
  readonly xmp: XmpFacts | undefined;
}

/** New to the library; at a place where it was not before; other content than before; as it was, but for its stamp. */
export type KeptAs = 'added' | 'moved' | 'changed' | 'unchanged';

export interface KeptFiles {
  /** One for each file. */
  readonly outcomes: readonly KeptAs[];
  /** Assets that lack something. */
  readonly toIndex: readonly number[];
}

export function toFileToKeep({ file, folderId, inspected, sidecar, xmp, now }: ReadFile): FileToKeep {
  const asset = toAsset(inspected, sidecar, xmp, nameOf(file.key), file.modifiedMs, now);
  return { path: file.key, folderId, stamp: file.stamp, asset, xmp };
}

interface Asset {
  readonly id: number;
  readonly isDone: boolean;
  /** It was not in the library before these files. */
  readonly isNew: boolean;
}

interface Place {
  readonly path: string;
  readonly asset_id: number;
  readonly xmp: XmpFacts | null;
}

/**
 * Keeps what was read of files, each path once: their assets, where there is none of the content yet, and where they lie.
 * Several processes may keep the same files at once: rows are written in one order by all of them, so that none waits for
 * one that waits for it.
 */
export async function keepFiles(trx: Transaction<Tables>, files: readonly FileToKeep[]): Promise<KeptFiles> {
  const assets = await keepAssets(trx, files);
  const assetOf = ({ asset }: FileToKeep): Asset => get(assets, asset.sha256);
  const before = await readPlaces(trx, files);
  const news = files.filter(({ path }) => !before.has(path));
  for (const each of await insertPlaces(trx, news, assetOf)) before.set(each.path, each);
  const others = files.filter(({ path }) => before.has(path));
  for (const file of toOrder(others)) {
    await trx
      .updateTable('places')
      .set({
        folder_id: file.folderId,
        asset_id: assetOf(file).id,
        name: nameOf(file.path),
        stamp: file.stamp,
        xmp: file.xmp === undefined ? null : toJson(file.xmp),
      })
      .where('path', '=', file.path)
      .execute();
  }
  // What is missing of a file that was looked at all the same is not looked for again while its content stays.
  await sql`delete from bad_files where path = any(${files.map(({ path }) => path)}::text[]) and not exists (
    select from places join assets on assets.id = places.asset_id
    where places.path = bad_files.path and assets.id = bad_files.asset_id and ${HAS_SCENE})`.execute(trx);
  // What another program changed since is taken over; what it says as before is not, which the user may have changed.
  await keepRegionsOfNew(trx, files, assetOf);
  for (const file of others) {
    const asset = assetOf(file);
    const { asset_id: oldId, xmp } = get(before, file.path);
    const { orientation } = file.asset;
    if (oldId === asset.id) {
      await takeOver(trx, asset.id, { before: xmp ?? {}, now: file.xmp ?? {}, orientation: orientation ?? undefined });
    } else if (asset.isNew) {
      // Content that the library knew came from another place, and so did what the user gave to it. All places are as
      // they are now: what moved to another of them keeps what is its own.
      await handOver(trx, oldId, asset.id);
    }
  }
  const added = new Set<number>();
  const outcomes = files.map((file): KeptAs => {
    const { id, isNew } = assetOf(file);
    const place = before.get(file.path);
    if (place !== undefined) return place.asset_id === id ? 'unchanged' : 'changed';
    if (!isNew || added.has(id)) return 'moved';
    added.add(id);
    return 'added';
  });
  return {
    outcomes,
    toIndex: [...new Set(files.map(assetOf))].filter(({ isDone }) => !isDone).map(({ id }) => id),
  };
}

/** By content: of several files with the same, what the first one says. */
async function keepAssets(trx: Transaction<Tables>, files: readonly FileToKeep[]): Promise<ReadonlyMap<string, Asset>> {
  const rows = new Map<string, FileToKeep['asset']>();
  for (const { asset } of files) if (!rows.has(asset.sha256)) rows.set(asset.sha256, asset);
  const sorted = [...rows.values()].sort((a, b) => compare(a.sha256, b.sha256));
  const columns = sql.join(ASSET_COLUMNS.map((name) => sql.ref(name)));
  const inserted = await sql<{ id: number; sha256: string }>`insert into assets (${columns})
    select ${columns} from json_populate_recordset(null::assets, ${toJson(sorted)}::json)
    on conflict (sha256) do nothing returning id, sha256`.execute(trx);
  const assets = new Map<string, Asset>(
    inserted.rows.map(({ id, sha256 }) => [sha256, { id, isDone: false, isNew: true }]),
  );
  const known = [...rows.keys()].filter((sha256) => !assets.has(sha256));
  if (known.length === 0) return assets;
  const { rows: found } = await sql<{ id: number; sha256: string; is_done: boolean }>`select id, sha256,
      thumbnail_version = ${THUMBNAIL_VERSION} and ${HAS_SCENE} as is_done
    from assets where sha256 = any(${known}::text[])`.execute(trx);
  for (const { id, sha256, is_done } of found) assets.set(sha256, { id, isDone: is_done, isNew: false });
  return assets;
}

async function readPlaces(trx: Transaction<Tables>, files: readonly FileToKeep[]): Promise<Map<string, Place>> {
  const { rows } = await sql<Place>`select path, asset_id, xmp from places
    where path = any(${files.map(({ path }) => path)}::text[])`.execute(trx);
  return new Map(rows.map((row) => [row.path, row]));
}

/** Resolves to places that another process kept meanwhile, as they are. */
async function insertPlaces(
  trx: Transaction<Tables>,
  files: readonly FileToKeep[],
  assetOf: (file: FileToKeep) => Asset,
): Promise<readonly Place[]> {
  if (files.length === 0) return [];
  const rows = toOrder(files).map((file) => ({
    folder_id: file.folderId,
    asset_id: assetOf(file).id,
    path: file.path,
    name: nameOf(file.path),
    stamp: file.stamp,
    xmp: file.xmp ?? null,
  }));
  const { rows: inserted } = await sql<{
    path: string;
  }>`insert into places (folder_id, asset_id, path, name, stamp, xmp)
    select folder_id, asset_id, path, name, stamp, xmp from json_populate_recordset(null::places, ${toJson(rows)}::json)
    on conflict (path) do nothing returning path`.execute(trx);
  const kept = new Set(inserted.map(({ path }) => path));
  const left = files.filter(({ path }) => !kept.has(path));
  return left.length === 0 ? [] : [...(await readPlaces(trx, left)).values()];
}

async function keepRegionsOfNew(
  trx: Transaction<Tables>,
  files: readonly FileToKeep[],
  assetOf: (file: FileToKeep) => Asset,
): Promise<void> {
  const told = new Set<Asset>();
  for (const file of files) {
    const asset = assetOf(file);
    if (!asset.isNew || told.has(asset)) continue;
    told.add(asset);
    await insertRegions(trx, asset.id, file.xmp, file.asset.orientation ?? undefined);
  }
}

/** What the user gave to a photo goes over to the edited file that took its place. */
async function handOver(trx: Transaction<Tables>, oldId: number, newId: number): Promise<void> {
  const left = await trx.selectFrom('places').select('id').where('asset_id', '=', oldId).executeTakeFirst();
  if (left !== undefined) return;
  await sql`update assets set is_favourite = assets.is_favourite or old.is_favourite,
      rating = greatest(assets.rating, old.rating),
      caption = case assets.caption when '' then old.caption else assets.caption end,
      keywords = case assets.keywords when '{}' then old.keywords else assets.keywords end
    from assets old where assets.id = ${newId} and old.id = ${oldId}`.execute(trx);
  await sql`insert into album_assets (album_id, asset_id, position)
    select album_id, ${newId}, position from album_assets where asset_id = ${oldId} on conflict do nothing`.execute(
    trx,
  );
  // Faces are matched with those that are found in the new one.
  await sql`update faces set asset_id = ${newId}, revision = revision + 1 where asset_id = ${oldId}`.execute(trx);
  await sql`insert into people_doubles (asset_id) select ${newId} from people_doubles where asset_id = ${oldId}
    on conflict do nothing`.execute(trx);
  await handOverVersions(trx, oldId, newId);
  await trx.updateTable('albums').set({ cover_id: newId }).where('cover_id', '=', oldId).execute();
  await trx.deleteFrom('assets').where('id', '=', oldId).execute();
}

function toAsset(
  inspected: InspectedFile,
  sidecar: Sidecar | undefined,
  xmp: XmpFacts | undefined,
  name: string,
  modifiedMs: number,
  now: number,
) {
  const { capture } = inspected;
  const time = toCaptureTime({ capture, sidecar, name, modifiedMs });
  const place = capture.latitude === undefined ? sidecar : capture;
  return {
    sha256: inspected.sha256,
    kind: inspected.kind,
    format: inspected.format,
    bytes: inspected.bytes,
    width: inspected.width,
    height: inspected.height,
    duration_ms: inspected.durationMs ?? null,
    added_at: now,
    taken_at: time.takenAt,
    taken_source: time.source,
    sort_time: time.sortTime,
    month: time.month,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
    altitude: place?.altitude ?? null,
    camera_make: capture.make ?? null,
    camera_model: capture.model ?? null,
    lens: capture.lens ?? null,
    exposure_seconds: capture.exposureSeconds ?? null,
    aperture: capture.aperture ?? null,
    iso: capture.iso ?? null,
    focal_length_mm: capture.focalLengthMm ?? null,
    caption: xmp?.caption ?? capture.caption ?? sidecar?.caption ?? '',
    rating: xmp?.rating ?? capture.rating ?? 0,
    is_favourite: xmp?.isFavourite ?? sidecar?.isFavourite ?? false,
    keywords: [...(xmp?.keywords ?? [])],
    orientation: inspected.orientation ?? null,
  };
}

const ASSET_COLUMNS = [
  'sha256',
  'kind',
  'format',
  'bytes',
  'width',
  'height',
  'duration_ms',
  'added_at',
  'taken_at',
  'taken_source',
  'sort_time',
  'month',
  'latitude',
  'longitude',
  'altitude',
  'camera_make',
  'camera_model',
  'lens',
  'exposure_seconds',
  'aperture',
  'iso',
  'focal_length_mm',
  'caption',
  'rating',
  'is_favourite',
  'keywords',
  'orientation',
] as const satisfies readonly (keyof ReturnType<typeof toAsset>)[];

/** Triggers write to the month of a photo, and to the photo. */
function toOrder(files: readonly FileToKeep[]): readonly FileToKeep[] {
  return [...files].sort(
    (a, b) => a.asset.month - b.asset.month || compare(a.asset.sha256, b.asset.sha256) || compare(a.path, b.path),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function get<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error('A row that was just kept is not there.');
  return value;
}

/** PostgreSQL keeps no zero characters in text, nor halves of pairs. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'string' ? each.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\ufffd') : each,
  );
}
