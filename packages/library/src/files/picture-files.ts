import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FocalError } from '@focal/core';
import { toDiskError } from './disk-error.ts';

export type PictureKind = 'grid' | 'preview';
/**
 * Those, pictures of single faces by their id and which version of it, what versions make of a photo by their tags, and
 * photos with covered faces by whose.
 */
export type PictureFileKind =
  | PictureKind
  | `face-${number}-${number}`
  | `version-${string}-${PictureKind}`
  | `covered-${string}-${PictureKind}`;

/** The small pictures of a library, by the content of what they show. All can be made again. */
export interface PictureFiles {
  path(sha256: string, kind: PictureFileKind): string;
  has(sha256: string, kind: PictureFileKind): Promise<boolean>;
  /** There whole or not at all. */
  write(sha256: string, kind: PictureFileKind, bytes: Uint8Array): Promise<void>;
  removeOne(sha256: string, kind: PictureFileKind): Promise<void>;
  /** All of one content. */
  remove(sha256: string): Promise<void>;
}

/** The small pictures of what is made of photos, by the photo's content and a tag of what made them. */
export interface MadePictures {
  path(sha256: string, tag: string, kind: PictureKind): string;
  /** Whether there are both kinds. */
  has(sha256: string, tag: string): Promise<boolean>;
  write(sha256: string, tag: string, made: Readonly<Record<PictureKind, Uint8Array>>): Promise<void>;
  remove(sha256: string, tag: string): Promise<void>;
}

const KINDS: readonly PictureKind[] = ['grid', 'preview'];

export function createMadePictures(files: PictureFiles, made: 'version' | 'covered'): MadePictures {
  const kindOf = (tag: string, kind: PictureKind): PictureFileKind => `${made}-${tag}-${kind}`;
  return {
    path: (sha256, tag, kind) => files.path(sha256, kindOf(tag, kind)),
    async has(sha256, tag) {
      const there = await Promise.all(KINDS.map((kind) => files.has(sha256, kindOf(tag, kind))));
      return there.every(Boolean);
    },
    async write(sha256, tag, pictures) {
      for (const kind of KINDS) await files.write(sha256, kindOf(tag, kind), pictures[kind]);
    },
    async remove(sha256, tag) {
      await Promise.all(KINDS.map((kind) => files.removeOne(sha256, kindOf(tag, kind))));
    },
  };
}

const HASH = /^[0-9a-f]{64}$/;

export function createPictureFiles(folder: string): PictureFiles {
  const path = (sha256: string, kind: PictureFileKind): string => {
    if (!HASH.test(sha256)) throw new Error('Expected a SHA-256 in hex.');
    return join(folder, sha256.slice(0, 2), `${sha256}.${kind}.webp`);
  };
  return {
    path,
    async has(sha256, kind) {
      try {
        return (await stat(path(sha256, kind))).size > 0;
      } catch {
        return false;
      }
    },
    async write(sha256, kind, bytes) {
      const target = path(sha256, kind);
      const temporary = `${target}.${randomBytes(4).toString('hex')}.part`;
      try {
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
        } finally {
          await file.close();
        }
        await rename(temporary, target);
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        // Nothing else of it is the fault of a photo, or tells more than the system does.
        const told = toDiskError(error, target);
        throw told instanceof FocalError && told.code === 'no-space' ? told : error;
      }
    },
    removeOne: (sha256, kind) => rm(path(sha256, kind), { force: true }),
    async remove(sha256) {
      await Promise.all(KINDS.map((kind) => rm(path(sha256, kind), { force: true })));
    },
  };
}
