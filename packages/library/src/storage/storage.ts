import { readdir, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { SCHEMA } from '../store/migrate.ts';
import type { Tables } from '../store/tables.ts';

export const STORED_PARTS = [
  'database',
  'thumbnails',
  'pictures',
  'covered',
  'shared',
  'backups',
  'uploads',
  'incoming',
] as const;
/**
 * `thumbnails`: those of grids, and all that cannot be made again now. `pictures`: larger ones, of faces and of versions,
 * which are made again when they are looked at. `covered`: photos with covered faces, for guests. `shared`:
 * videos as guests get them. `uploads`: photos and
 * videos themselves. `incoming`: what is being uploaded.
 */
export type StoredPart = (typeof STORED_PARTS)[number];

export interface StoredUsage {
  readonly part: StoredPart;
  readonly bytes: number;
  readonly files: number;
  /** Whether all of it can be made again, so that it can be freed. */
  readonly isSpare: boolean;
}

export interface LibraryUsage {
  readonly folder: string;
  readonly parts: readonly StoredUsage[];
  /** Of the disk that the folder lies on. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** What the library keeps beside the files of users. */
export interface LibraryStorage {
  /** Goes through all of the folder: seconds where there is much. */
  read(): Promise<LibraryUsage>;
  /** Deletes what can be made again. Gives how many bytes that freed. */
  free(): Promise<number>;
}

interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly isSpare: boolean;
}

const SPARE: readonly StoredPart[] = ['pictures', 'covered', 'shared'];
/** A small picture by the content that it is of. What is being written has another name. */
const PICTURE = /^([0-9a-f]{64})\.([a-z0-9-]+)\.webp$/;
/** A copy of a video, likewise. */
const VIDEO = /^[0-9a-f]{64}\.(mp4|webm)$/;

export function createStorage(db: Kysely<Tables>, folder: string, isServer: boolean): LibraryStorage {
  /** Contents whose files are at hand, so that pictures of them can be made. */
  async function readAtHand(): Promise<ReadonlySet<string>> {
    const { rows } = await sql<{ sha256: string }>`select distinct sha256 from assets
      join places on places.asset_id = assets.id join folders on folders.id = places.folder_id
      where folders.is_online`.execute(db);
    return new Set(rows.map(({ sha256 }) => sha256));
  }

  async function readPictures(): Promise<readonly Found[]> {
    const atHand = await readAtHand();
    return (await readFiles(join(folder, 'thumbnails'))).map((file) => {
      const [, sha256 = '', kind] = PICTURE.exec(file.name) ?? [];
      return { ...file, isSpare: kind !== undefined && kind !== 'grid' && atHand.has(sha256) };
    });
  }

  async function readDatabase(): Promise<StoredUsage> {
    if (!isServer) return usageOf('database', await readFiles(join(folder, 'database')));
    const { rows } = await sql<{
      bytes: number;
    }>`select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as bytes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${SCHEMA} and c.relkind = 'r'`.execute(db);
    return { part: 'database', bytes: Number(rows[0]?.bytes ?? 0), files: 0, isSpare: false };
  }

  return {
    async read() {
      const pictures = await readPictures();
      const of = async (part: StoredPart) => usageOf(part, await readFiles(join(folder, part)));
      const parts = [
        await readDatabase(),
        usageOf(
          'thumbnails',
          pictures.filter(({ isSpare }) => !isSpare),
        ),
        usageOf(
          'pictures',
          pictures.filter(({ isSpare }) => isSpare),
        ),
        await of('covered'),
        await of('shared'),
        await of('backups'),
        await of('uploads'),
        await of('incoming'),
      ];
      const { bavail, blocks, bsize } = await statfs(folder);
      return { folder, parts, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    async free() {
      let freed = 0;
      const spare = (await readPictures()).filter(({ isSpare }) => isSpare);
      const covered = (await readFiles(join(folder, 'covered'))).filter(({ name }) => PICTURE.test(name));
      const shared = (await readFiles(join(folder, 'shared'))).filter(({ name }) => VIDEO.test(name));
      for (const { path, bytes } of [...spare, ...covered, ...shared]) {
        const isGone = await unlink(path).then(
          () => true,
          () => false,
        );
        if (isGone) freed += bytes;
      }
      return freed;
    },
  };
}

function usageOf(part: StoredPart, files: readonly { readonly bytes: number }[]): StoredUsage {
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
  return { part, bytes, files: files.length, isSpare: SPARE.includes(part) };
}

/** All files of a folder and of those within it; none where it is not there. What goes meanwhile is left out. */
async function readFiles(folder: string): Promise<readonly (Found & { readonly name: string })[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: (Found & { readonly name: string })[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined) files.push({ path, name: entry.name, bytes: facts.size, isSpare: false });
  }
  return files;
}
