import { stat } from 'node:fs/promises';
import { FocalError } from '@focal/core';
import type { PictureFiles, PictureKind } from '../files/picture-files.ts';
import { fromPathKey } from '../import/path-key.ts';
import type { FilePath } from '../media.ts';

export interface AssetToIndex {
  readonly id: number;
  readonly sha256: string;
  readonly kind: 'photo' | 'video';
  readonly format: string;
  readonly bytes: number;
  readonly duration_ms: number | null;
}

/** Where a file of an asset is, by the machine that has the library's folders. */
export interface PlaceToIndex {
  /** See `toPathKey`. */
  readonly path: string;
  readonly folder: string;
}

/** A file that can be read until it is disposed of. */
export interface OpenedFile extends AsyncDisposable {
  readonly path: FilePath;
}

/** How who works through the queue gets at originals, and where its small pictures go. */
export interface IndexFiles {
  /** Throws `not-found`, {@link FolderGoneError}, `network`, `no-space`. */
  open(asset: AssetToIndex, place: PlaceToIndex, signal: AbortSignal): Promise<OpenedFile>;
  hasPicture(asset: AssetToIndex, kind: PictureKind): Promise<boolean>;
  writePicture(asset: AssetToIndex, kind: PictureKind, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
}

/** Thrown where not the file is missing but all of its folder, such as a drive that is not connected here. */
export class FolderGoneError extends FocalError {
  readonly folder: string;

  constructor(folder: string) {
    super('not-found', `The folder ${folder} is not there.`, { hint: 'Connect the drive, or mount the share.' });
    this.folder = folder;
  }
}

/** Files by their paths, and small pictures in a folder. */
export function createLocalFiles(pictures: PictureFiles): IndexFiles {
  return {
    async open(_, { path, folder }) {
      const file = fromPathKey(path);
      if (!(await isThere(file)) && !(await isThere(folder))) throw new FolderGoneError(folder);
      return { path: file, [Symbol.asyncDispose]: async () => undefined };
    },
    hasPicture: ({ sha256 }, kind) => pictures.has(sha256, kind),
    writePicture: ({ sha256 }, kind, bytes) => pictures.write(sha256, kind, bytes),
  };
}

async function isThere(path: FilePath): Promise<boolean> {
  return stat(typeof path === 'string' ? path : Buffer.from(path)).then(
    () => true,
    () => false,
  );
}
