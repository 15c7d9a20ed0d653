import type { BigIntStats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { throwIfAborted } from '@focal/core';
import { joinPath, toPathKey } from './path-key.ts';
import { findSidecar } from './takeout.ts';

/** A file that may be a photo or a video, by its name. */
export interface FoundFile {
  readonly path: Buffer;
  readonly key: string;
  /** Changes whenever the file or its sidecar does. */
  readonly stamp: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Google Takeout's file beside it. */
  readonly sidecar?: Buffer;
  /** XMP beside it. */
  readonly xmp?: Buffer;
}

/** A folder that could not be read: nothing is known of what is in it. */
export interface UnreadFolder {
  readonly key: string;
  readonly error: unknown;
}

export interface Walked {
  readonly unread: readonly UnreadFolder[];
  /** Files whose names say that they are something else. */
  readonly ignored: number;
}

export const EXTENSIONS =
  /\.(?:jpe?g|jpe|jfif|png|webp|avif|tiff?|gif|heic|heif|hif|mp4|m4v|mov|qt|webm|mkv|mts|m2ts|3gp|dng|cr2|cr3|crw|nef|nrw|arw|sr2|srf|srw|orf|rw2|raf|pef|rwl|3fr|erf|kdc|mrw|iiq)$/i;
/** Raw photos, by their embedded previews. */
const RAW = /\.(?:dng|cr2|cr3|crw|nef|nrw|arw|sr2|srf|srw|orf|rw2|raf|pef|rwl|3fr|erf|kdc|mrw|iiq)$/i;
/** What programs leave beside photos. */
export const HIDDEN = /^(?:\.|@eaDir$|#recycle$|\$RECYCLE\.BIN$|System Volume Information$)/;
/** Files looked at together. */
const TOGETHER = 32;

/**
 * Goes through a folder and all that are in it, with links followed and no folder entered twice. Of one folder after the
 * other all files are handed over at once. Without `isDeep`, of that folder alone.
 */
export async function walk(
  root: string,
  onFiles: (files: readonly FoundFile[]) => Promise<void>,
  { signal, isDeep = true }: { readonly signal?: AbortSignal | undefined; readonly isDeep?: boolean } = {},
): Promise<Walked> {
  const entered = new Set<string>();
  const unread: UnreadFolder[] = [];
  let ignored = 0;
  const waiting: Buffer[] = [Buffer.from(root)];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    throwIfAborted(signal);
    try {
      const real = toPathKey(await realpath(folder, { encoding: 'buffer' }));
      if (entered.has(real)) continue;
      entered.add(real);
      const names = (await readdir(folder, { encoding: 'buffer' })).sort((a, b) => a.compare(b));
      const texts = new Set(names.map((name) => name.toString('utf8')));
      const files: FoundFile[] = [];
      const folders: Buffer[] = [];
      const wanted: { readonly path: Buffer; readonly name: string; readonly isMedia: boolean }[] = [];
      for (const name of names) {
        const text = name.toString('utf8');
        if (HIDDEN.test(text)) continue;
        const isMedia = EXTENSIONS.test(text);
        // Only what has no extension that tells it from a folder has to be asked what it is.
        if (isMedia || !/\.[a-z\d]{2,5}$/i.test(text))
          wanted.push({ path: joinPath(folder, name), name: text, isMedia });
        else if (await isFolder(joinPath(folder, name))) folders.push(joinPath(folder, name));
        else ignored++;
      }
      for (let at = 0; at < wanted.length; at += TOGETHER) {
        throwIfAborted(signal);
        const looked = await Promise.all(wanted.slice(at, at + TOGETHER).map((each) => look(each, folder, texts)));
        for (const each of looked) {
          if (each === 'ignored') ignored++;
          else if ('stamp' in each) files.push(each);
          else folders.push(each);
        }
      }
      if (isDeep) waiting.push(...folders.reverse());
      await onFiles(files);
    } catch (error) {
      throwIfAborted(signal);
      if (!isSystemError(error)) throw error;
      unread.push({ key: toPathKey(folder), error });
    }
  }
  return { unread, ignored };
}

/** One file as {@link walk} finds it; undefined where it is none of ours. */
export async function lookAt(path: Buffer): Promise<FoundFile | undefined> {
  const folder = Buffer.from(dirname(path.toString('latin1')), 'latin1');
  const name = path.subarray(folder.length + 1).toString('utf8');
  const names = await readdir(folder, { encoding: 'buffer' });
  const texts = new Set(names.map((each) => each.toString('utf8')));
  const found = await look({ path, name, isMedia: EXTENSIONS.test(name) }, folder, texts);
  return found !== 'ignored' && 'stamp' in found ? found : undefined;
}

async function look(
  { path, name, isMedia }: { readonly path: Buffer; readonly name: string; readonly isMedia: boolean },
  folder: Buffer,
  names: ReadonlySet<string>,
): Promise<FoundFile | Buffer | 'ignored'> {
  let facts: BigIntStats;
  try {
    facts = await stat(path, { bigint: true });
  } catch {
    // A link to nothing, or a file that is gone by now.
    return 'ignored';
  }
  if (facts.isDirectory()) return path;
  if (!facts.isFile() || !isMedia) return 'ignored';
  const sidecarName = findSidecar(name, names);
  const sidecar = sidecarName === undefined ? undefined : joinPath(folder, Buffer.from(sidecarName));
  const xmpName = findXmp(name, names);
  const xmp = xmpName === undefined ? undefined : joinPath(folder, Buffer.from(xmpName));
  const beside = `${sidecar === undefined ? '' : await stampOf(sidecar)}${xmp === undefined ? '' : await stampOf(xmp)}`;
  return {
    path,
    key: toPathKey(path),
    stamp: `${toStamp(facts)}${beside}`,
    modifiedMs: Number(facts.mtimeNs / 1_000_000n),
    ...(sidecar !== undefined && { sidecar }),
    ...(xmp !== undefined && { xmp }),
  };
}

/**
 * The name of the XMP file of a photo: `a.jpg.xmp`, else `a.xmp`. That is of the raw photo where there is one of this
 * name, beside whose JPEG it lies.
 */
export function findXmp(name: string, names: ReadonlySet<string>): string | undefined {
  for (const extension of ['.xmp', '.XMP']) if (names.has(name + extension)) return name + extension;
  const stem = name.slice(0, name.lastIndexOf('.'));
  const found = [`${stem}.xmp`, `${stem}.XMP`].find((each) => names.has(each));
  if (found === undefined || RAW.test(name)) return found;
  const isOfRaw = [...names].some(
    (each) => each.startsWith(`${stem}.`) && RAW.test(each) && each.lastIndexOf('.') === stem.length,
  );
  return isOfRaw ? undefined : found;
}

async function isFolder(path: Buffer): Promise<boolean> {
  try {
    const facts = await lstat(path);
    return facts.isSymbolicLink() ? (await stat(path)).isDirectory() : facts.isDirectory();
  } catch {
    return false;
  }
}

function toStamp({ size, mtimeNs, ino }: BigIntStats): string {
  return `${size}:${mtimeNs}:${ino}`;
}

async function stampOf(path: Buffer): Promise<string> {
  try {
    return `+${toStamp(await stat(path, { bigint: true }))}`;
  } catch {
    return '';
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
