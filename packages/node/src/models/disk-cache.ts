import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from '../files/file-error.ts';
import { makePrivateFolder } from '../files/home.ts';

export interface DiskCacheOptions {
  readonly folder: string;
  /** Least recently used files go when the whole grows past this. Default 2 GB. */
  readonly maxBytes?: number;
}

/** Files that can be made again, by key, on disk. Safe for several processes at once. */
export interface DiskCache {
  /** The path of the file with this key, made by `build` where it is missing; its bytes where the disk refuses. */
  file(key: string, extension: string, build: () => Promise<Uint8Array>): Promise<string | Uint8Array>;
  /** What was kept under this key, or nothing. */
  read(key: string, extension: string): Promise<Uint8Array | undefined>;
  /** Keeps bytes under this key, in place of what was there. Does nothing where the disk refuses. */
  keep(key: string, extension: string, bytes: Uint8Array): Promise<void>;
  report(): Promise<DiskCacheReport>;
  /** Removes everything and returns how many bytes were freed. Throws `permission`. */
  clear(): Promise<number>;
}

/** What lies in a cache. */
export interface DiskCacheReport {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

export function createDiskCache({ folder, maxBytes = 2e9 }: DiskCacheOptions): DiskCache {
  function pathOf(key: string, extension: string): string {
    return join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.${extension}`);
  }

  /** False where the disk refuses: a cache that cannot be written costs time, not the work. */
  async function write(path: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await makePrivateFolder(folder);
      await makeRoom(folder, maxBytes - bytes.byteLength);
      await writeAtomically(path, bytes);
      return true;
    } catch {
      return false;
    }
  }

  return {
    async file(key, extension, build) {
      const path = pathOf(key, extension);
      if (await touch(path)) return path;
      const bytes = await build();
      return (await write(path, bytes)) ? path : bytes;
    },
    async read(key, extension) {
      const path = pathOf(key, extension);
      return (await touch(path)) ? readFile(path).catch(() => undefined) : undefined;
    },
    async keep(key, extension, bytes) {
      await write(pathOf(key, extension), bytes);
    },
    async report() {
      const files = await list(folder);
      return { folder, files: files.length, bytes: sumBytes(files), maxBytes };
    },
    async clear() {
      const freed = sumBytes(await list(folder));
      await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
        throw toFileError(error, 'delete the folder', folder);
      });
      return freed;
    },
  };
}

/** Marks the file as just used. False where it is missing. */
async function touch(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).size === 0) return false;
  } catch {
    return false;
  }
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
  return true;
}

async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function makeRoom(folder: string, maxBytes: number): Promise<void> {
  const files = (await list(folder)).sort((a, b) => b.usedMs - a.usedMs);
  let total = 0;
  for (const file of files) {
    total += file.bytes;
    if (total > maxBytes) await unlink(file.path).catch(() => undefined);
  }
}

function sumBytes(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

async function list(folder: string): Promise<{ path: string; bytes: number; usedMs: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const facts = await stat(path).catch(() => undefined);
      return facts?.isFile() ? [{ path, bytes: facts.size, usedMs: facts.mtimeMs }] : [];
    }),
  );
  return files.flat();
}
