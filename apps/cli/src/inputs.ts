import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { FocalError } from '@focal/core';

/** One picture to work on. */
export interface InputFile {
  /** Absolute path; `-` for standard input. */
  readonly path: string;
  /** As the user would write it: for messages. */
  readonly shown: string;
  /** Folder below the one that was named, for results that keep the structure: `''` or `holiday/day-1`. */
  readonly folder: string;
  /** Found in a folder or by a pattern, rather than named. */
  readonly found: boolean;
}

const standardInput: InputFile = { path: '-', shown: 'standard input', folder: '', found: false };

const PICTURES = new Set('.jpg .jpeg .jpe .jfif .png .webp .avif .tif .tiff .gif .heic .heif .hif'.split(' '));

/** Whether the name looks like a picture that Focal reads. Hidden files do not. */
export function isPictureName(path: string): boolean {
  return !basename(path).startsWith('.') && PICTURES.has(extname(path).toLowerCase());
}

/**
 * The pictures that the arguments name: files, folders (their pictures; with `recursive` those of subfolders too) and
 * patterns such as `photos/*.jpg`. Each once, in the order of the arguments, sorted by name within a folder or pattern.
 * Throws `not-found` for what does not exist or holds no pictures.
 */
export async function findInputs(
  args: readonly string[],
  { recursive = false, folder = process.cwd() }: { readonly recursive?: boolean; readonly folder?: string } = {},
): Promise<readonly InputFile[]> {
  const inputs = new Map<string, InputFile>();
  for (const arg of args) {
    for (const input of await expand(arg, recursive, folder)) {
      const before = inputs.get(input.path);
      if (before === undefined || (before.found && !input.found)) inputs.set(input.path, input);
    }
  }
  return [...inputs.values()];
}

async function expand(arg: string, recursive: boolean, folder: string): Promise<readonly InputFile[]> {
  if (arg === '-') return [standardInput];
  const path = resolve(folder, arg);
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new FocalError('permission', `${arg} cannot be read: ${error.message}.`, { cause: error });
  });
  if (stats?.isDirectory()) return listFolder(arg, path, recursive);
  if (stats !== undefined) return [{ path, shown: arg, folder: '', found: false }];
  if (/[*?[\]{}()!]/.test(arg)) return expandPattern(arg, folder);
  throw new FocalError('not-found', `There is no file or folder ${arg}.`, {
    hint: `Looked in ${folder}.`,
  });
}

async function listFolder(arg: string, path: string, recursive: boolean): Promise<readonly InputFile[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive }).catch((error: NodeJS.ErrnoException) => {
    throw new FocalError('permission', `The folder ${arg} cannot be read: ${error.message}.`, { cause: error });
  });
  const files = entries
    .filter((entry) => !entry.isDirectory() && isPictureName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(path, file)
          .split(sep)
          .some((part) => part.startsWith('.')),
    );
  if (files.length === 0) {
    throw new FocalError('not-found', `There are no pictures in the folder ${arg}.`, {
      hint: recursive
        ? `Focal reads ${formatNames()}.`
        : `Focal reads ${formatNames()}; --recursive looks in subfolders.`,
    });
  }
  return files.sort().map((file) => found(file, path, join(arg, relative(path, file))));
}

async function expandPattern(arg: string, folder: string): Promise<readonly InputFile[]> {
  const { glob } = await import('tinyglobby');
  const pattern = process.platform === 'win32' ? arg.replaceAll('\\', '/') : arg;
  const files = (await glob(pattern, { cwd: folder, absolute: true, onlyFiles: true })).filter(isPictureName);
  if (files.length === 0) {
    throw new FocalError('not-found', `The pattern ${arg} matches no pictures.`, {
      hint: `Looked in ${folder}. Focal reads ${formatNames()}.`,
    });
  }
  const base = resolve(folder, fixedPart(pattern));
  return files.sort().map((file) => found(resolve(file), base, relative(folder, file)));
}

/** The folder of a pattern before its first special character. */
function fixedPart(pattern: string): string {
  const special = pattern.search(/[*?[\]{}()!]/);
  return dirname(`${pattern.slice(0, special)}x`);
}

function found(path: string, base: string, shown: string): InputFile {
  const folder = dirname(relative(base, path));
  return { path, shown, folder: folder === '.' ? '' : folder, found: true };
}

function formatNames(): string {
  return [...PICTURES].map((extension) => extension.slice(1)).join(', ');
}

/** Throws `invalid-argument` for an empty name: an unset variable of the shell, which as a path means the whole folder. */
export function assertNamed(names: readonly (string | undefined)[]): void {
  if (!names.includes('')) return;
  throw new FocalError('invalid-argument', 'Expected the name of a file or folder, got an empty one.', {
    hint: 'Where the name comes from a variable, look whether it is set. The folder you are in is called . (a dot).',
  });
}
