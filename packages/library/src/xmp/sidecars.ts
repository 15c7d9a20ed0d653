import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { boxIou, type ErrorData, FocalError, toErrorData } from '@focal/core';
import type { Kysely } from 'kysely';
import { noSuchAsset } from '../assets/get-asset.ts';
import { isSeen, type Unlocked } from '../assets/sight.ts';
import { placeFile } from '../files/place-file.ts';
import { fromPathKey, showPath } from '../import/path-key.ts';
import { findXmp, lookAt } from '../import/walk.ts';
import type { MediaReader } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { readXmp } from './read-xmp.ts';
import { isOrientation, isTurned, toStored, type XmpRegion } from './regions.ts';
import { writeXmp, type XmpChange } from './write-xmp.ts';

/** What came of writing sidecars. */
export interface SidecarReport {
  /** Files that are new or other than before. */
  readonly written: number;
  /** Nothing to say, or all of it said already. */
  readonly unchanged: number;
  readonly failed: readonly { readonly path: string; readonly error: ErrorData }[];
}

export interface SidecarOptions {
  readonly signal?: AbortSignal;
  /** Private albums whose photos are meant, too. */
  readonly unlocked?: Unlocked;
}

/**
 * Ratings, captions, keywords, favourites and who is where, as XMP beside originals. Originals are only read, and what
 * other programs wrote into a sidecar stays in it.
 */
export interface Sidecars {
  /** What the sidecar of an asset would hold; with what is in the one beside its file. Throws `not-found`. */
  text(id: number, unlocked?: Unlocked): Promise<string>;
  /** Beside every file of these that is there. */
  write(ids: readonly number[], options?: SidecarOptions): Promise<SidecarReport>;
}

/** Faces that overlap so much are one. */
const SAME_FACE = 0.3;

export function createSidecars(db: Kysely<Tables>, media: MediaReader): Sidecars {
  async function readChange(
    id: number,
    unlocked: Unlocked = [],
  ): Promise<{ readonly change: XmpChange; readonly isEmpty: boolean }> {
    const asset = await db
      .selectFrom('assets')
      .selectAll()
      .where('id', '=', id)
      .where(isSeen(unlocked))
      .executeTakeFirst();
    if (asset === undefined) throw noSuchAsset(id);
    const named = await readPeople(db, id);
    const given = await db.selectFrom('regions').selectAll().where('asset_id', '=', id).execute();
    const others = given.filter(
      ({ type, ...box }) => type === 'Face' && !named.some((face) => boxIou(face.box, box) > SAME_FACE),
    );
    const faces = [
      ...named,
      ...others.map(({ name, type, x, y, width, height }) => ({ name, type, box: { x, y, width, height } })),
    ];
    const { rating, caption, keywords, is_favourite: isFavourite } = asset;
    const isEmpty = rating === 0 && caption === '' && keywords.length === 0 && !isFavourite && faces.length === 0;
    const change: XmpChange = {
      rating: rating === 0 ? null : rating,
      caption: caption === '' ? null : caption,
      keywords: keywords.length === 0 ? null : keywords,
      isFavourite,
      ...(faces.length > 0 && { regions: await toRegions(asset, faces) }),
    };
    return { change, isEmpty };
  }

  async function toRegions(
    asset: {
      readonly id: number;
      readonly width: number;
      readonly height: number;
      readonly orientation: number | null;
    },
    faces: readonly XmpRegion[],
  ): Promise<NonNullable<XmpChange['regions']>> {
    const known = asset.orientation ?? (await findOrientation(asset.id));
    const orientation = isOrientation(known) ? known : 1;
    const [width, height] = isTurned(orientation) ? [asset.height, asset.width] : [asset.width, asset.height];
    return { width, height, faces: faces.map((face) => ({ ...face, box: toStored(face.box, orientation) })) };
  }

  /** Of what was imported before this was kept. */
  async function findOrientation(id: number): Promise<number> {
    for (const { path } of await placesOf(id)) {
      const { orientation = 1 } = await media.inspect(fromPathKey(path));
      await db.updateTable('assets').set({ orientation }).where('id', '=', id).execute();
      return orientation;
    }
    return 1;
  }

  function placesOf(id: number) {
    return db
      .selectFrom('places')
      .innerJoin('folders', 'folders.id', 'places.folder_id')
      .select(['places.id', 'places.path', 'places.stamp'])
      .where('places.asset_id', '=', id)
      .where('folders.is_online', '=', true)
      .orderBy('places.id')
      .execute();
  }

  /** The sidecar that is there, else where one would lie. */
  async function findSidecar(path: string): Promise<{ readonly path: string; readonly before?: string }> {
    const folder = dirname(path);
    const name = findXmp(basename(path), new Set(await readdir(folder)));
    if (name === undefined) return { path: `${path}.xmp` };
    return { path: join(folder, name), before: await readFile(join(folder, name), 'utf8') };
  }

  async function writeOne(
    place: { readonly id: number; readonly path: string; readonly stamp: string },
    change: XmpChange,
    isEmpty: boolean,
  ): Promise<boolean> {
    const file = fromPathKey(place.path);
    if (typeof file !== 'string') {
      throw new FocalError('unsupported-format', 'Expected a file whose name is valid UTF-8.', { hint: 'Rename it.' });
    }
    const sidecar = await findSidecar(file);
    if (isEmpty && sidecar.before === undefined) return false;
    const text = writeXmp(change, sidecar.before);
    if (sidecar.before !== undefined && isSame(readXmp(sidecar.before), readXmp(text))) return false;
    await placeFile(sidecar.path, { overwrite: true }, (temporary) => writeFile(temporary, text));
    // Else its photo would be read again for what the library said itself.
    const found = await lookAt(Buffer.from(file));
    if (found !== undefined && found.stamp.split('+')[0] === place.stamp.split('+')[0]) {
      await db
        .updateTable('places')
        .set({ stamp: found.stamp, xmp: JSON.stringify(readXmp(text)) })
        .where('id', '=', place.id)
        .execute();
    }
    return true;
  }

  return {
    async text(id, unlocked) {
      const { change } = await readChange(id, unlocked);
      const [place] = await placesOf(id);
      const file = place === undefined ? undefined : fromPathKey(place.path);
      const sidecar = typeof file === 'string' ? await findSidecar(file).catch(() => undefined) : undefined;
      return writeXmp(change, sidecar?.before);
    },
    async write(ids, { signal, unlocked = [] } = {}) {
      let [written, unchanged] = [0, 0];
      const failed: { path: string; error: ErrorData }[] = [];
      for (const id of ids) {
        const { change, isEmpty } = await readChange(id, unlocked);
        for (const place of await placesOf(id)) {
          signal?.throwIfAborted();
          try {
            if (await writeOne(place, change, isEmpty)) written++;
            else unchanged++;
          } catch (error) {
            failed.push({ path: showPath(place.path), error: toErrorData(error) });
          }
        }
      }
      return { written, unchanged, failed };
    },
  };
}

/** Faces whose people have names; regions tell no time, so of a video only those in the frame that stands for it. */
async function readPeople(db: Kysely<Tables>, id: number): Promise<readonly XmpRegion[]> {
  const rows = await db
    .selectFrom('faces')
    .innerJoin('people', 'people.id', 'faces.person_id')
    .select(['people.name', 'faces.x', 'faces.y', 'faces.width', 'faces.height'])
    .where('faces.asset_id', '=', id)
    .where('faces.is_face', '=', true)
    .where('faces.at_ms', 'is', null)
    .where('people.name', '<>', '')
    .where('people.is_hidden', '=', false)
    .orderBy('faces.id')
    .execute();
  return rows.map(({ name, x, y, width, height }) => ({ name, type: 'Face', box: { x, y, width, height } }));
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
