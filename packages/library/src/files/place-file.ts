import { randomBytes } from 'node:crypto';
import { link, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FocalError } from '@focal/core';
import { toDiskError } from './disk-error.ts';

export interface PlaceOptions {
  /** Replaces a file that is there; else that throws `exists`. */
  readonly overwrite?: boolean;
}

/**
 * Lets `write` make a file under a temporary name, makes sure that it is on the disk, and gives it its name: it is there
 * whole or not at all. Gives what `write` gives. Throws `exists`, `not-found`, `permission`, `no-space`, and what `write`
 * throws; nothing is left behind.
 */
export async function placeFile<T>(
  path: string,
  { overwrite = false }: PlaceOptions,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  try {
    if (!overwrite && (await isThere(path))) throw alreadyThere(path);
    const result = await write(temporary);
    const file = await open(temporary, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    if (overwrite) await rename(temporary, path);
    else await moveToFreeName(temporary, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw toDiskError(error, path);
  }
}

/** A rename that replaces nothing. Throws `exists`. */
export async function moveToFreeName(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(to);
    if (!['ENOTSUP', 'EPERM', 'ENOSYS', 'EMLINK', 'EINVAL', 'EOPNOTSUPP', 'EXDEV'].includes(codeOf(error))) throw error;
    // No hard links here: an empty file takes the name, which fails where it is taken.
    await open(to, 'wx', 0o600).then(
      (file) => file.close(),
      (failed: unknown) => {
        throw codeOf(failed) === 'EEXIST' ? alreadyThere(to) : failed;
      },
    );
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

/** So that a name is on the disk too; not every system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function alreadyThere(path: string): FocalError {
  return new FocalError('exists', `There is a file ${path} already.`, {
    hint: 'Choose another name, or say that it is to be replaced.',
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
