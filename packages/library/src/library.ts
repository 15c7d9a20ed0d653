import { mkdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FocalError } from '@focal/core';
import { sql } from 'kysely';
import { type Albums, createAlbums } from './albums/albums.ts';
import type { AssetDetails } from './assets/asset.ts';
import { type AssetChange, changeAssets } from './assets/change-assets.ts';
import type { AssetFilter } from './assets/filter.ts';
import { getAsset, noSuchAsset } from './assets/get-asset.ts';
import { type AssetPage, countAssets, listAssets, listByIds, type PageOptions } from './assets/list-assets.ts';
import { type DuplicatePage, listDuplicates, listMonths, listThings, type TimelineMonth } from './assets/overview.ts';
import { isSeen, type Unlocked } from './assets/sight.ts';
import { type Backups, createBackups, createDailyBackups } from './backup/backups.ts';
import { createPictureFiles, type PictureKind } from './files/picture-files.ts';
import { type BadFile, listBadFiles } from './import/bad-files.ts';
import { isFileThere } from './import/is-file-there.ts';
import { fromPathKey, isWithin, nameOf } from './import/path-key.ts';
import type { ScanReport } from './import/scan.ts';
import { createScans, type Scans } from './import/scans.ts';
import { createFolderWatcher, type FolderWatch, type FolderWatcher, type WatchTimes } from './import/watch.ts';
import { createLocalFiles, type IndexFiles } from './jobs/index-files.ts';
import { createIndexer } from './jobs/indexer.ts';
import { type JobCounts, type JobKind, openQueue } from './jobs/queue.ts';
import { reconcileJobs } from './jobs/reconcile.ts';
import {
  type FilePath,
  type FoundBox,
  type FoundFaceVector,
  type MediaReader,
  type MediaSource,
  THUMBNAIL_VERSION,
} from './media.ts';
import { lockPath, openOwnStore } from './open-own-store.ts';
import { VECTOR_LENGTH } from './people/cluster-protocol.ts';
import { readFaceFile } from './people/face-files.ts';
import { createKeeper, type Keeper } from './people/keeper.ts';
import { createLibraryPeople, type LibraryPeople, type NameImporter } from './people/people.ts';
import { createPlacer, type Placer } from './people/placer.ts';
import { type LibraryPlace, listPlaces } from './places/list-places.ts';
import { listCells, type MapCell, type MapOptions } from './places/map-cells.ts';
import { createPlaceKeeper, type PlaceKeeper } from './places/place-keeper.ts';
import { createPrivacy, type Privacy } from './private/privacy.ts';
import { createSearches, type UnderstoodPart, type UnderstoodSearch } from './query/searches.ts';
import { type QueryProblem, type SearchSuggestion, suggest, toQueryProblem } from './query/suggest.ts';
import { createVocabulary } from './query/vocabulary.ts';
import { createCoveredPictures } from './shares/covered-pictures.ts';
import { createSharedVideos, type SharedVideo } from './shares/shared-videos.ts';
import { createShares, type Shares } from './shares/shares.ts';
import { createStorage, type LibraryStorage } from './storage/storage.ts';
import { type FolderLock, lockFolder } from './store/embedded/folder-lock.ts';
import { openServerStore } from './store/open-server-store.ts';
import { changeSettings, type LibrarySettings, readSettings } from './store/settings.ts';
import type { Store } from './store/store.ts';
import { createTender } from './store/tend.ts';
import { transact } from './store/transact.ts';
import { createUploads, type Uploads } from './uploads/uploads.ts';
import { guardVersions } from './versions/guard-versions.ts';
import { createRenderedVersions } from './versions/rendered-versions.ts';
import { createVersions, type Versions } from './versions/versions.ts';
import { createSidecars, type Sidecars } from './xmp/sidecars.ts';

export interface LibraryOptions {
  /** The library's own folder: database, thumbnails, lock. Made where it is missing. */
  readonly folder: string;
  /** A PostgreSQL server, in place of the database in the folder. */
  readonly databaseUrl?: string;
  /** Not owned. */
  readonly media: MediaReader;
  /** Assets worked on at once. Default 2. */
  readonly together?: number;
  /** Whether it looks through folders and works through the queue; else it only answers. Default true. */
  readonly works?: boolean;
  /** Whether it looks through folders, too; a worker does not. Default: where it works. */
  readonly scans?: boolean;
  /**
   * How a worker gets at files of folders that it does not have. Default: by their paths, with small pictures in the
   * library's folder.
   */
  readonly indexFiles?: IndexFiles;
  /** Whether it watches its folders for changes, as long as the settings say so. Default false. */
  readonly watches?: boolean;
  readonly watchTimes?: Partial<WatchTimes>;
  /** Whether a backup is made each day, of which a few are kept. Default: where it works. */
  readonly dailyBackups?: boolean;
  /** Told of what goes wrong in the background, other than with a file. */
  readonly onError?: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface LibraryFolder {
  readonly id: number;
  readonly path: string;
  /** Whether it was there when it was last looked for. */
  readonly isOnline: boolean;
  /** When it was looked through to the end; absent where it never was. */
  readonly scannedAt?: number;
  /** Photos and videos in it, less those in the trash. */
  readonly count: number;
  /** Of those: whose picture cannot be made, or of which a part is missing. */
  readonly damaged: number;
  /** Files beside those that could not be read at all. */
  readonly bad: number;
}

export interface LibraryProgress {
  /** Folders that are looked through now, and those that wait for it. */
  readonly scans: readonly { readonly folderId: number; readonly isRunning: boolean; readonly report?: ScanReport }[];
  readonly jobs: Readonly<Record<JobKind, JobCounts>>;
  /** Faces of whom it is not yet known who they are like. */
  readonly faces: { readonly waiting: number };
  /** Versions that are being rendered, or wait for it. */
  readonly versions: { readonly waiting: number };
  readonly isPaused: boolean;
  /** Folders that are watched for changes. */
  readonly watching: readonly FolderWatch[];
  readonly assets: number;
  readonly photos: number;
  readonly videos: number;
  readonly trashed: number;
  /** Of the photos and videos: whose picture cannot be made, or of which a part is missing. */
  readonly damaged: number;
  /** Files beside those that could not be read at all. */
  readonly bad: number;
}

/** What helps somebody who types a search. */
export interface SearchHelp {
  readonly suggestions: readonly SearchSuggestion[];
  /** As `understand` tells them; none where there is a problem. */
  readonly parts: readonly UnderstoodPart[];
  readonly problem?: QueryProblem;
  /** The search as it was probably meant, where words of it are spelled wrong. */
  readonly meant?: string;
}

/** A file of the library to be read. */
export interface OriginalFile {
  readonly path: FilePath;
  readonly name: string;
  readonly format: string;
  readonly sha256: string;
  /** Whether it is in a private album: then no copy of it is to be kept. */
  readonly isPrivate: boolean;
}

/** A small picture to be read. */
export interface PictureFile {
  readonly path: string;
  /** Tells versions of it apart. */
  readonly tag: string;
  readonly isPrivate: boolean;
}

/**
 * A library of photos and videos. Files of users are only read. Owned by who opened it; `close()` is idempotent.
 */
export interface Library extends AsyncDisposable {
  readonly store: 'embedded' | 'server';
  readonly folders: {
    list(): Promise<readonly LibraryFolder[]>;
    /** Looks through it from then on. Throws `not-found`, `invalid-argument`, `exists`. */
    add(path: string): Promise<LibraryFolder>;
    /** What is nowhere else goes from all views; it is as before when the folder is added again. */
    remove(id: number): Promise<void>;
    /** These, or all. Throws `not-found`. */
    rescan(ids?: readonly number[], options?: { readonly retryBad?: boolean }): Promise<void>;
    /** Stops looking through it; what was found stays. False where nobody did. */
    stop(id: number): Promise<boolean>;
  };
  readonly albums: Albums;
  /** Albums that have a password. Photos in them are told by their ids, too, only to who has `unlocked` one of those. */
  readonly privacy: Privacy;
  readonly shares: Shares;
  readonly backups: Backups;
  readonly uploads: Uploads;
  readonly sidecars: Sidecars;
  /** What was made of photos, beside the originals. */
  /** Of photos that are not private. */
  readonly versions: Versions;
  /** Of those, too, that are private, to who has unlocked them. */
  versionsFor(unlocked: Unlocked): Versions;
  /** Whether a photo is private. Throws `not-found` where it may not be known. */
  look(id: number, unlocked?: Unlocked): Promise<{ readonly isPrivate: boolean }>;
  readonly settings: {
    get(): Promise<LibrarySettings>;
    /** What is not named stays. */
    change(change: Partial<LibrarySettings>): Promise<LibrarySettings>;
  };
  readonly storage: LibraryStorage;
  readonly people: LibraryPeople;
  list(options?: PageOptions): Promise<AssetPage>;
  /** What a search in words and chips asks for. Throws `QueryError`, pointing at what cannot be understood. */
  understand(search: string): Promise<UnderstoodSearch>;
  /** In the order of the ids; those that are not shown are left out. */
  listByIds(ids: readonly number[], unlocked?: Unlocked): Promise<AssetPage['assets']>;
  /** Counts up to `most`, by default 10,000. */
  count(filter?: AssetFilter, most?: number): Promise<{ readonly count: number; readonly isExact: boolean }>;
  get(id: number, unlocked?: Unlocked): Promise<AssetDetails>;
  change(ids: readonly number[], change: AssetChange, unlocked?: Unlocked): Promise<number>;
  /**
   * Path of a small picture, made where it is missing: of the version that is shown in place of the original, or of the
   * original itself. Throws `not-found`, and what is wrong with the file.
   */
  picture(
    id: number,
    kind: PictureKind,
    options?: { readonly of?: 'shown' | 'original'; readonly unlocked?: Unlocked },
  ): Promise<PictureFile>;
  /** Keeps a small picture that a worker made elsewhere of a file of this content. Throws `not-found`, `invalid-argument`. */
  keepPicture(id: number, kind: PictureKind, sha256: string, bytes: Uint8Array): Promise<void>;
  /** Path of a square picture of a face with what is around it, made where it is missing. Throws `not-found`. */
  facePicture(id: number): Promise<{ readonly path: string; readonly tag: string }>;
  /** A file that is there now. Throws `not-found`. */
  original(id: number, unlocked?: Unlocked): Promise<OriginalFile>;
  timeline(): Promise<readonly TimelineMonth[]>;
  /** Cities with how much was taken near each, the most frequent first. */
  places(): Promise<readonly LibraryPlace[]>;
  /** What could stand at a place in a search, and whether the search can be understood. */
  suggest(search: string, at: number, most?: number): Promise<SearchHelp>;
  /** What was taken where, in cells. */
  map(options: MapOptions): Promise<readonly MapCell[]>;
  things(): Promise<readonly { readonly label: string; readonly count: number }[]>;
  duplicates(offset?: number, limit?: number): Promise<DuplicatePage>;
  badFiles(offset?: number, limit?: number): Promise<{ readonly files: readonly BadFile[]; readonly total: number }>;
  /** Tries all of them again. */
  retryBad(): Promise<void>;
  progress(): Promise<LibraryProgress>;
  /** Steps of the queue that this process has done. */
  jobsDone(): number;
  /** What is on the screen is worked on first. */
  hurry(ids: readonly number[]): Promise<void>;
  pause(): void;
  resume(): void;
  /** Calls back whenever something may have changed, at most every so often; gives what ends it. */
  watch(onChange: () => void): () => void;
  /** Resolves when all folders are looked through and the queue is empty. */
  idle(): Promise<void>;
  /** Tells other processes where this one serves the library. */
  announce(address: { readonly url: string; readonly token?: string }): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a library, and makes it where there is none. Throws `LibraryHeldError` where another process holds its folder,
 * `unsupported-format` where a newer Focal made it, `invalid-argument` where the server cannot be reached.
 *
 * @example
 * await using library = await openLibrary({ folder: '/home/ada/.local/share/focal/library', media: focal.media });
 * await library.folders.add('/home/ada/Pictures');
 * await library.idle();
 * const { assets } = await library.list({ filter: { things: ['dog'] } });
 */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  const { folder, databaseUrl, media, together = 2, works = true, onError = () => undefined, now = Date.now } = options;
  const { scans: doesScan = works, dailyBackups = works && doesScan } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = databaseUrl === undefined ? await lockFolder(lockPath(folder)) : undefined;
  const opened: (() => Promise<unknown>)[] = [async () => lock?.[Symbol.dispose]()];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.reverse()) await close();
  };
  try {
    const store =
      databaseUrl === undefined ? await openOwnStore(folder, now()) : await openServerStore(databaseUrl, now());
    opened.push(() => store.close());
    const queue = await openQueue(store, onError);
    opened.push(() => queue.close());
    const files = createPictureFiles(join(folder, 'thumbnails'));
    const listeners = new Set<() => void>();
    const tender = createTender(store, onError, now);
    opened.push(() => tender.close());
    const onChange = (): void => {
      tender.note();
      for (const each of listeners) each();
    };
    const keeper = createKeeper(store.db, now);
    const names: { take?: () => Promise<boolean> } = {};
    const placer = createPlacer(store.db, keeper, {
      onPlaced: async () => (await names.take?.()) ?? false,
      onChange,
      onError,
    });
    opened.push(async () => {
      const ended = placer.close();
      // What it waits for may take long: it ends with it.
      await keeper.close();
      await ended;
    });
    const onWork = (): void => {
      placer.wake();
      onChange();
    };
    const indexer = createIndexer({
      store,
      queue,
      media,
      files: options.indexFiles ?? createLocalFiles(files),
      ownsFolders: doesScan,
      now,
      together,
      onChange: onWork,
      onError,
    });
    opened.push(() => indexer.close());
    const watcher = createFolderWatcher({
      folders: () => store.db.selectFrom('folders').select(['id', 'path']).execute(),
      onDirty: (folderId, targets) => scans.start(folderId, { targets, settleMs: SETTLE_MS }),
      onChange,
      onError,
      ...(options.watchTimes !== undefined && { times: options.watchTimes }),
    });
    const placeKeeper = createPlaceKeeper(store, onError);
    opened.push(() => placeKeeper.close());
    const scans = createScans({
      store,
      queue,
      media,
      now,
      together,
      onChange() {
        // Sidecars may say who somebody is.
        if (works) placer.wake();
        onChange();
      },
      onError,
      onUnsettled: (folderId, paths) => watcher.again(folderId, paths),
      onJobs: () => {
        if (!works) return;
        indexer.wake();
        placeKeeper.wake();
      },
    });
    opened.push(() => scans.close());
    // Closed before what it starts.
    opened.push(() => watcher.close());
    if (works) {
      await reconcileJobs(store, queue);
      indexer.wake();
      placer.wake();
      placeKeeper.wake();
    }
    if (works && doesScan) {
      const left = await store.db.selectFrom('folders').select('id').where('scanned_at', 'is', null).execute();
      for (const { id } of left) scans.start(id, {});
    }
    if (options.watches === true) await watcher.setOn((await readSettings(store.db)).isWatching);
    const backups = createBackups(store, join(folder, 'backups'), now);
    if (dailyBackups) {
      const isOn = async (): Promise<boolean> => (await readSettings(store.db)).hasDailyBackups;
      const daily = createDailyBackups({ store, backups, now, isOn, onError });
      opened.push(() => daily.close());
    }
    return createLibrary({
      onPeople: (people) => {
        names.take = () => people.importNames();
        if (works) placer.wake();
      },
      folder,
      store,
      lock,
      media,
      files,
      queue,
      scans,
      indexer,
      watcher,
      watches: options.watches === true,
      backups,
      keeper,
      placer,
      placeKeeper,
      works,
      listeners,
      now,
      closeAll,
    });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Who copies a file writes to it more often than this. */
const SETTLE_MS = 2000;

interface Parts {
  /** Told of the people of the library once they can be acted on. */
  readonly onPeople: (people: NameImporter) => void;
  readonly store: Store;
  readonly lock: FolderLock | undefined;
  readonly media: MediaReader;
  readonly files: ReturnType<typeof createPictureFiles>;
  readonly queue: Awaited<ReturnType<typeof openQueue>>;
  readonly scans: Scans;
  readonly indexer: ReturnType<typeof createIndexer>;
  readonly folder: string;
  readonly watcher: FolderWatcher;
  readonly watches: boolean;
  readonly backups: Backups;
  readonly keeper: Keeper;
  readonly placer: Placer;
  readonly works: boolean;
  readonly placeKeeper: PlaceKeeper;
  readonly listeners: Set<() => void>;
  readonly now: () => number;
  readonly closeAll: () => Promise<void>;
}

function createLibrary(parts: Parts): Library {
  const { store, lock, media, files, queue, scans, indexer, watcher, listeners, now } = parts;
  const { db } = store;
  const searches = createSearches(db, now);
  const vocabulary = createVocabulary(db, now);
  // What may be seen is another matter where a private album changed.
  const onSight = (): void => {
    vocabulary.forget();
    changed();
  };
  const albums = createAlbums(db, now, searches, onSight);
  let closing: Promise<void> | undefined;
  const changed = (): void => {
    for (const each of listeners) each();
  };

  async function listFolders(id?: number): Promise<readonly LibraryFolder[]> {
    const { rows } = await sql<{
      id: number;
      path: string;
      is_online: boolean;
      scanned_at: number | null;
      count: number;
      damaged: number;
      bad: number;
    }>`select id, path, is_online, scanned_at,
        (select count(distinct asset_id)::integer from places join assets on assets.id = asset_id
          where folder_id = folders.id and is_shown) as count,
        (select count(distinct asset_id)::integer from bad_files join assets on assets.id = asset_id
          where folder_id = folders.id and is_shown) as damaged,
        (select count(*)::integer from bad_files where folder_id = folders.id and asset_id is null) as bad
      from folders ${id === undefined ? sql`` : sql`where id = ${id}`} order by path`.execute(db);
    return rows.map(({ id: folderId, path, is_online, scanned_at, ...counts }) => ({
      id: folderId,
      path,
      isOnline: is_online,
      ...(scanned_at !== null && { scannedAt: scanned_at }),
      ...counts,
    }));
  }

  async function addFolder(given: string): Promise<LibraryFolder> {
    const path = await checkFolder(given);
    const others = await db.selectFrom('folders').selectAll().execute();
    const around = others.find((other) => isWithin(path, other.path));
    if (around !== undefined) {
      throw new FocalError('exists', `The folder ${path} is in the library already, as part of ${around.path}.`, {
        hint: 'Look through it again in place of adding it.',
      });
    }
    const { id } = await db
      .insertInto('folders')
      .values({ path, added_at: now() })
      .returning('id')
      .executeTakeFirstOrThrow();
    // Folders within it become part of it, with all that is known of their files.
    for (const inner of others.filter((other) => isWithin(other.path, path))) {
      await scans.stop(inner.id);
      await transact(db, async (trx) => {
        await trx.updateTable('places').set({ folder_id: id }).where('folder_id', '=', inner.id).execute();
        await trx.updateTable('bad_files').set({ folder_id: id }).where('folder_id', '=', inner.id).execute();
        await trx.deleteFrom('folders').where('id', '=', inner.id).execute();
      });
    }
    scans.start(id, {});
    await watcher.sync();
    changed();
    return oneOf(await listFolders(id), id);
  }

  /** Whether an asset is private. Throws `not-found` where it may not be known. */
  async function look(id: number, unlocked: Unlocked = []): Promise<{ readonly isPrivate: boolean }> {
    const row = await db
      .selectFrom('assets')
      .select('is_private')
      .where('id', '=', id)
      .where(isSeen(unlocked))
      .executeTakeFirst();
    if (row === undefined) throw noSuchAsset(id);
    return { isPrivate: row.is_private };
  }

  async function findOriginal(id: number): Promise<Omit<OriginalFile, 'isPrivate'>> {
    const rows = await db
      .selectFrom('places')
      .innerJoin('assets', 'assets.id', 'places.asset_id')
      .select(['places.path', 'assets.format', 'assets.sha256', 'assets.bytes'])
      .where('assets.id', '=', id)
      .orderBy('places.id')
      .execute();
    for (const { path, format, sha256, bytes } of rows) {
      if (await isFileThere(path, bytes)) return { path: fromPathKey(path), name: nameOf(path), format, sha256 };
    }
    if (rows.length === 0) {
      const asset = await db.selectFrom('assets').select('id').where('id', '=', id).executeTakeFirst();
      if (asset === undefined) throw noSuchAsset(id);
      throw new FocalError('not-found', 'The file of this photo or video is gone from its folder.', {
        hint: 'Put it back, and it is whole again, with all that was said of it.',
      });
    }
    throw new FocalError('not-found', 'The file is not where it was: its folder may be offline.', {
      hint: 'Connect the drive, or look through the folder again.',
    });
  }

  async function findPicture(
    id: number,
    kind: PictureKind,
    of: 'shown' | 'original' = 'shown',
  ): Promise<{ readonly path: string; readonly tag: string }> {
    const asset = await db
      .selectFrom('assets')
      .select(['sha256', 'kind', 'duration_ms', 'version_id'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (asset === undefined) throw noSuchAsset(id);
    const { sha256 } = asset;
    if (of === 'shown' && asset.version_id !== null) return versions.picture(id, asset.version_id, kind);
    if (!(await files.has(sha256, kind))) {
      const { path } = await findOriginal(id);
      const source = { path, kind: asset.kind, ...(asset.duration_ms !== null && { durationMs: asset.duration_ms }) };
      const bytes = kind === 'grid' ? (await media.thumbnails(source, { sha256 })).grid : await media.preview(source);
      await files.write(sha256, kind, bytes);
    }
    return { path: files.path(sha256, kind), tag: `${sha256.slice(0, 16)}-${kind}-${THUMBNAIL_VERSION}` };
  }

  /** The folder of uploads is one of the library's from the first upload on. */
  async function takeUpload(target: string): Promise<void> {
    const path = await realpath(target);
    const folders = await db.selectFrom('folders').select(['id', 'path']).execute();
    const around = folders.find((each) => isWithin(path, each.path));
    if (around === undefined) await addFolder(join(parts.folder, 'uploads'));
    else scans.start(around.id, { targets: [{ path, isDeep: false }] });
  }

  /** The photo itself, or else its preview, so that what is offline is looked at all the same. */
  async function readableSource(id: number, atMs: number | null): Promise<MediaSource> {
    const asset = await db
      .selectFrom('assets')
      .select(['sha256', 'kind', 'duration_ms'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (asset === undefined) throw noSuchAsset(id);
    const { sha256, kind, duration_ms: durationMs } = asset;
    const frame = { ...(durationMs !== null && { durationMs }), ...(atMs !== null && { atMs }) };
    try {
      return { path: (await findOriginal(id)).path, kind, ...frame };
    } catch (error) {
      if (atMs !== null || !(await files.has(sha256, 'preview'))) throw error;
      return { path: files.path(sha256, 'preview'), kind: 'photo' as const };
    }
  }

  async function findFace(id: number, box: FoundBox): Promise<FoundFaceVector | undefined> {
    return media.faceIn(await readableSource(id, null), box);
  }

  const people = createLibraryPeople({
    db,
    keeper: parts.keeper,
    now,
    faceIn: findFace,
    facesOf: (picture, signal) => media.facesOf(picture, signal === undefined ? {} : { signal }),
    onChange: changed,
    // Whoever looks at people is likely to say something of them: then everything is to be at hand.
    onLook: () => (parts.works ? parts.keeper.warm() : undefined),
  });

  const photoOf = async (id: number): Promise<MediaSource> => ({ path: (await findOriginal(id)).path, kind: 'photo' });
  const rendered = createRenderedVersions({ db, files, media, sourceOf: photoOf, onChange: changed });
  const versions = createVersions({ db, media, rendered, sourceOf: photoOf, now, onChange: changed });

  const covered = createCoveredPictures({
    db,
    folder: join(parts.folder, 'covered'),
    media,
    sourceOf: photoOf,
    now,
  });

  const sharedVideos = createSharedVideos(join(parts.folder, 'shared'), media, now);
  const sharedVideo = async (id: number): Promise<SharedVideo> => {
    const { path, sha256 } = await findOriginal(id);
    return sharedVideos.get({ sha256, source: { path, kind: 'video' } });
  };

  parts.onPeople(people);

  async function close(): Promise<void> {
    listeners.clear();
    await rendered.close();
    await covered.close();
    await sharedVideos.close();
    await parts.closeAll();
  }

  return {
    store: store.kind,
    folders: {
      list: () => listFolders(),
      add: addFolder,
      async remove(id) {
        oneOf(await listFolders(id), id);
        await scans.stop(id);
        await transact(db, (trx) => trx.deleteFrom('folders').where('id', '=', id).execute());
        await watcher.sync();
        changed();
      },
      async rescan(ids, scanOptions = {}) {
        const all = await listFolders();
        for (const id of ids ?? [])
          oneOf(
            all.filter((each) => each.id === id),
            id,
          );
        for (const id of ids ?? all.map((each) => each.id)) scans.start(id, scanOptions);
        changed();
      },
      stop: (id) => scans.stop(id),
    },
    people,
    facePicture: (id) => readFaceFile({ db, files, media, sourceOf: readableSource }, id),
    albums,
    privacy: createPrivacy(db, now, onSight),
    shares: createShares({ db, now, albums, prepares: parts.works, covered, plain: findPicture, video: sharedVideo }),
    backups: parts.backups,
    storage: createStorage(db, parts.folder, store.kind === 'server'),
    sidecars: createSidecars(db, media),
    versions: guardVersions(versions, (id) => look(id)),
    versionsFor: (unlocked) => guardVersions(versions, (id) => look(id, unlocked)),
    look,
    uploads: createUploads({
      incoming: join(parts.folder, 'incoming'),
      folder: join(parts.folder, 'uploads'),
      media,
      now,
      find: async (sha256) => (await findPlaced(db, sha256))?.id,
      onPlaced: takeUpload,
    }),
    settings: {
      get: () => readSettings(db),
      async change(change) {
        const settings = await changeSettings(db, change);
        if (parts.watches) await watcher.setOn(settings.isWatching);
        changed();
        return settings;
      },
    },
    list: (options) => listAssets(db, options),
    understand: (search) => searches.understand(search),
    listByIds: (ids, unlocked) => listByIds(db, ids, unlocked),
    count: (filter = {}, most = 10_000) => countAssets(db, filter, most),
    get: (id, unlocked) => getAsset(db, id, unlocked),
    async change(ids, change, unlocked = []) {
      const count = await changeAssets(db, ids, change, { now: now(), unlocked });
      changed();
      return count;
    },
    async picture(id, kind, { of, unlocked } = {}) {
      const seen = await look(id, unlocked);
      return { ...(await findPicture(id, kind, of)), ...seen };
    },
    async keepPicture(id, kind, sha256, bytes) {
      await look(id);
      const row = await db.selectFrom('assets').select('sha256').where('id', '=', id).executeTakeFirst();
      if (row?.sha256 !== sha256) throw noSuchAsset(id);
      const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString('latin1');
      if (!/^RIFF[\s\S]{4}WEBP/.test(head)) throw new FocalError('invalid-argument', 'Expected a picture in WebP.');
      await files.write(sha256, kind, bytes);
    },
    async original(id, unlocked) {
      const seen = await look(id, unlocked);
      return { ...(await findOriginal(id)), ...seen };
    },
    timeline: () => listMonths(db),
    places: () => listPlaces(db),
    map: (options) => listCells(db, options),
    async suggest(search, at, most = 8) {
      const names = await vocabulary.names();
      const meant = await searches.meant(search, names);
      const help = { suggestions: suggest(search, at, names, most), ...(meant !== undefined && { meant }) };
      try {
        const { parts: understood } = await searches.understand(search);
        return { ...help, parts: understood };
      } catch (error) {
        const problem = toQueryProblem(error);
        if (problem === undefined) throw error;
        return { ...help, parts: [], problem };
      }
    },
    things: () => listThings(db),
    duplicates: (offset = 0, limit = 50) => listDuplicates(db, offset, limit),
    badFiles: (offset = 0, limit = 100) => listBadFiles(db, offset, limit),
    async retryBad() {
      const rows = await db.selectFrom('bad_files').select(['asset_id', 'folder_id']).execute();
      const assetIds = [...new Set(rows.flatMap(({ asset_id }) => asset_id ?? []))];
      if (assetIds.length > 0) {
        await transact(db, async (trx) => {
          // What was looked at as far as it goes is looked at again.
          await sql`update assets set scene_version = 0 where id = any(${assetIds}::integer[])`.execute(trx);
          await trx.deleteFrom('bad_files').where('asset_id', 'is not', null).execute();
        });
        await reconcileJobs(store, queue);
        indexer.wake();
      }
      const folderIds = new Set(rows.filter(({ asset_id }) => asset_id === null).map(({ folder_id }) => folder_id));
      for (const id of folderIds) scans.start(id, { retryBad: true });
      changed();
    },
    async progress() {
      // In the order in which work moves on: what is done between two of these questions is told by the later one.
      const running = scans.list();
      const jobs = await queue.counts();
      const { rows } = await sql<Record<'photos' | 'videos' | 'trashed' | 'damaged' | 'bad' | 'waiting', number>>`select
        (select count(*) filter (where kind = 'photo')::integer from assets where is_shown) as photos,
        (select count(*)::integer from assets where is_shown and kind = 'video') as videos,
        (select count(*)::integer from assets where is_trashed) as trashed,
        (select count(distinct asset_id)::integer from bad_files join assets on assets.id = asset_id
          where is_shown) as damaged,
        (select count(*)::integer from bad_files where asset_id is null) as bad,
        (select count(*)::integer from faces where revision <> placed_revision and vector is not null and is_face
          and cardinality(vector) = ${VECTOR_LENGTH}) as waiting`.execute(db);
      const { waiting, ...counts } = rows[0] ?? { photos: 0, videos: 0, trashed: 0, damaged: 0, bad: 0, waiting: 0 };
      return {
        scans: running,
        jobs,
        faces: { waiting },
        versions: { waiting: rendered.waiting },
        isPaused: indexer.isPaused,
        watching: watcher.list(),
        assets: counts.photos + counts.videos,
        ...counts,
      };
    },
    jobsDone: () => indexer.done,
    hurry: (ids) => queue.hurry(ids),
    pause: () => indexer.pause(),
    resume: () => indexer.resume(),
    watch(onChange) {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
    async idle() {
      await scans.idle();
      await indexer.idle();
      await parts.placer.idle();
      await parts.placeKeeper.idle();
    },
    async announce(address) {
      await lock?.announce(address);
    },
    close() {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]() {
      closing ??= close();
      return closing;
    },
  };
}

/** What is in the library by its content, may be known, and has a file there. */
function findPlaced(db: Store['db'], sha256: string): Promise<{ readonly id: number } | undefined> {
  return db
    .selectFrom('assets')
    .select('id')
    .where('sha256', '=', sha256)
    .where('places', '>', 0)
    .where(isSeen())
    .executeTakeFirst();
}

/** The folder as the library keeps it: absolute, links resolved. */
async function checkFolder(given: string): Promise<string> {
  if (given === '' || given.includes('\0')) throw new FocalError('invalid-argument', 'Expected the path of a folder.');
  let path: string;
  try {
    path = await realpath(resolve(given));
  } catch (error) {
    throw new FocalError('not-found', `There is no folder ${given}.`, { hint: 'Check the path.', cause: error });
  }
  if (!(await stat(path)).isDirectory()) {
    throw new FocalError('invalid-argument', `Expected a folder, got the file ${given}.`);
  }
  return path;
}

function oneOf(folders: readonly LibraryFolder[], id: number): LibraryFolder {
  const [folder] = folders;
  if (folder === undefined) throw new FocalError('not-found', `There is no folder ${id} in the library.`);
  return folder;
}
