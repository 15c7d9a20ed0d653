import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toFileError } from './file-error.ts';

export interface SaveFileOptions {
  /** Replaces a file that is already there. Default: throws `exists`. */
  readonly force?: boolean;
}

/**
 * Writes a file so that it is there whole or not at all: under a temporary name in the same folder, flushed, then
 * moved into place. Of two runs that save the same name without `force`, one wins and the other throws `exists`.
 * Throws `exists`, `not-found` (no folder), `permission` and `no-space`; the temporary file is gone after each.
 */
export async function saveFile(path: string, bytes: Uint8Array, options: SaveFileOptions = {}): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await writeWhole(temporary, bytes);
    await moveIntoPlace(temporary, path, options);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw toFileError(error, 'write', path);
  }
}

/** A free name beside the file, for what is not whole yet. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
}

/** Gives a whole file its name. Throws the system's error. */
export async function moveIntoPlace(temporary: string, path: string, { force }: SaveFileOptions): Promise<void> {
  if (force === true) await rename(temporary, path);
  else await moveWithoutReplacing(temporary, path);
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A hard link fails where the name is taken, which a rename does not; the name is taken in one step. */
async function moveWithoutReplacing(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isCode(error, 'ENOTSUP', 'EPERM', 'ENOSYS', 'EMLINK', 'EINVAL', 'EOPNOTSUPP')) throw error;
    // No hard links here (FAT, some network shares): take the name with an empty file, then put the whole one over it.
    await (await open(to, 'wx')).close();
    try {
      await rename(from, to);
    } catch (failed) {
      await unlink(to).catch(() => undefined);
      throw failed;
    }
    return;
  }
  await unlink(from);
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
