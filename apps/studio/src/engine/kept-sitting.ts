import type { Edits, LibraryOrigin, MatteInfo } from '../state/types.ts';
import type { FoundMatte } from './analysis.ts';

// [Note: what a reload finds] The photos of a sitting are kept in this browser, in the database `focal-sitting`, until
// they are taken off the list: files as they came, what was found of their subjects and of who and what is in them, what
// is done to each. What tells who is who is biometric and is not kept: faces' vectors are left out. Files are written
// once; what is done to a photo, a small record, with every change.

/** A photo as it is kept. */
export interface KeptPhoto {
  readonly id: number;
  readonly name: string;
  readonly file: Blob;
  readonly sha256: string | undefined;
  /** Of photos of the library. */
  readonly origin?: LibraryOrigin | undefined;
  readonly edits: Edits | undefined;
  readonly found: KeptMatte | undefined;
  /** Who and what is in it, as scene JSON without vectors. */
  readonly scene: string | undefined;
}

type KeptFile = Pick<KeptPhoto, 'id' | 'name' | 'file' | 'sha256' | 'origin'>;

/** The matte of a photo and where it came from. */
export interface KeptMatte {
  readonly matte: FoundMatte;
  readonly info: MatteInfo;
}

/** Which photos there are, in which order. */
export interface KeptOrder {
  readonly ids: readonly number[];
  readonly shownId: number | undefined;
}

/** A picture or a font that was chosen. */
export interface KeptAsset {
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  /** Absent: a picture. */
  readonly kind?: 'font' | undefined;
}

/** Keeps a sitting over reloads. All methods reject where this browser keeps nothing, or has no room left. */
export interface KeptSitting {
  read(): Promise<{
    readonly photos: readonly KeptPhoto[];
    readonly assets: readonly KeptAsset[];
    readonly shownId: number | undefined;
  }>;
  addPhoto(photo: KeptFile): Promise<void>;
  setEdits(id: number, edits: Edits): Promise<void>;
  setMatte(id: number, found: KeptMatte): Promise<void>;
  /** @param scene as scene JSON without vectors; nothing forgets it */
  setScene(id: number, scene: string | undefined): Promise<void>;
  removePhoto(id: number): Promise<void>;
  setOrder(order: KeptOrder): Promise<void>;
  addAsset(asset: KeptAsset): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
}

/** Those of one photo. */
const OF_PHOTO = ['files', 'edits', 'mattes', 'scenes'] as const;
const STORES = [...OF_PHOTO, 'assets', 'order'] as const;
type StoreName = (typeof STORES)[number];

export function createKeptSitting(): KeptSitting {
  let opening: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opening ??= openDatabase();
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };

  const write = async (names: readonly StoreName[], act: (of: (name: StoreName) => IDBObjectStore) => void) => {
    const database = await open();
    const transaction = database.transaction(names, 'readwrite');
    act((name) => transaction.objectStore(name));
    // Without it a page that goes away takes back what was asked for and not yet answered.
    transaction.commit();
    await settle(transaction);
  };

  return {
    async read() {
      const database = await open();
      const transaction = database.transaction(STORES, 'readonly');
      const all = <T>(name: StoreName) => ask<T[]>(transaction.objectStore(name).getAll());
      const [files, edits, mattes, scenes, assets, [order]] = await Promise.all([
        all<KeptFile>('files'),
        all<{ id: number; edits: Omit<Edits, 'corrections'> & Partial<Edits> }>('edits'),
        all<{ id: number; found: KeptMatte }>('mattes'),
        all<{ id: number; scene: string }>('scenes'),
        all<KeptAsset>('assets'),
        all<KeptOrder>('order'),
      ]);
      const photos = (order?.ids ?? []).flatMap((id) => {
        const file = files.find((each) => each.id === id);
        if (file === undefined) return [];
        const found = mattes.find((each) => each.id === id)?.found;
        const scene = scenes.find((each) => each.id === id)?.scene;
        const done = edits.find((each) => each.id === id)?.edits;
        // There were no corrections by hand in the first version.
        return [{ ...file, origin: file.origin, edits: done && { corrections: [], ...done }, found, scene }];
      });
      return { photos, assets, shownId: order?.shownId };
    },
    addPhoto: ({ id, name, file, sha256, origin }) =>
      write(['files'], (of) => of('files').put({ id, name, file, sha256, origin } satisfies KeptFile)),
    setEdits: (id, edits) => write(['edits'], (of) => of('edits').put({ id, edits })),
    setMatte: (id, found) => write(['mattes'], (of) => of('mattes').put({ id, found })),
    setScene: (id, scene) =>
      write(['scenes'], (of) => (scene === undefined ? of('scenes').delete(id) : of('scenes').put({ id, scene }))),
    removePhoto: (id) =>
      write(OF_PHOTO, (of) => {
        for (const name of OF_PHOTO) of(name).delete(id);
      }),
    setOrder: (order) => write(['order'], (of) => of('order').put({ ...order, id: 0 })),
    addAsset: (asset) => write(['assets'], (of) => of('assets').put(asset)),
    clear: () =>
      write(STORES, (of) => {
        for (const name of STORES) of(name).clear();
      }),
  };
}

function openDatabase(): Promise<IDBDatabase> {
  // There were no scenes in the first version.
  const request = indexedDB.open('focal-sitting', 2);
  request.onupgradeneeded = () => {
    const { result: database } = request;
    for (const name of STORES) {
      if (!database.objectStoreNames.contains(name)) database.createObjectStore(name, { keyPath: 'id' });
    }
  };
  return ask(request).then((database) => {
    // A tab with a newer Focal must not wait for this one.
    database.onversionchange = () => database.close();
    return database;
  });
}

function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function settle(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}
