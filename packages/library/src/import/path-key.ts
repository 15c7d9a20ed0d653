import { isUtf8 } from 'node:buffer';
import { basename, join, sep } from 'node:path';
import type { FilePath } from '../media.ts';

/**
 * Paths as the database keeps them: text as it is, and names that are no valid UTF-8 (or hold what text in PostgreSQL
 * cannot) as `base64:` of their bytes. Absolute paths never begin with that.
 */
export function toPathKey(path: Buffer): string {
  return isUtf8(path) ? path.toString('utf8') : `base64:${path.toString('base64')}`;
}

/** What files are opened by. */
export function fromPathKey(key: string): FilePath {
  return key.startsWith('base64:') ? Uint8Array.from(Buffer.from(key.slice('base64:'.length), 'base64')) : key;
}

/** What people see. */
export function showPath(key: string): string {
  return key.startsWith('base64:') ? Buffer.from(key.slice('base64:'.length), 'base64').toString('utf8') : key;
}

export function nameOf(key: string): string {
  return basename(showPath(key));
}

/** A file of this name in that folder. */
export function joinPath(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from(sep), name]);
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : join(folder, sep));
}
