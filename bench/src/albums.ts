import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFace, type Session } from '@focal/models';
import type { FindMainFace, Framing } from './main-face.ts';
import { readPhoto } from './photos.ts';

/** A labelled set with a folder of photos for each person. */
export interface Album {
  readonly name: string;
  readonly folder: string;
  readonly framing: Framing;
}

export const ALBUMS: readonly Album[] = [
  { name: 'lfw10x10', folder: 'lfw10x10', framing: 'loose' },
  { name: 'johns', folder: join('dlib_faces', 'johns'), framing: 'tight' },
  { name: 'bbt', folder: join('bbt_faces', 'identities'), framing: 'tight' },
];

/** Whose face it is, and what the net says of it. */
export interface AlbumFace {
  readonly who: string;
  readonly vector: Float32Array;
}

/** The main face of each photo of an album, and in how many none was found. */
export async function describeAlbum(
  data: string,
  { folder, framing }: Album,
  find: FindMainFace,
  net: Session,
): Promise<{ readonly faces: readonly AlbumFace[]; readonly missing: number }> {
  const faces: AlbumFace[] = [];
  let missing = 0;
  for (const { who, path } of await readAlbum(join(data, folder))) {
    const picture = await readPhoto(path);
    const face = await find(picture, framing);
    if (face === undefined) missing++;
    else faces.push({ who, vector: await describeFace(net, picture, face) });
  }
  return { faces, missing };
}

/** The photos of an album, in the order of their paths. */
export async function readAlbum(folder: string): Promise<readonly { readonly who: string; readonly path: string }[]> {
  const photos: { who: string; path: string }[] = [];
  for (const who of (await readdir(folder)).sort()) {
    if (!(await stat(join(folder, who))).isDirectory()) continue;
    for (const file of (await readdir(join(folder, who))).sort()) {
      if (/\.(jpe?g|png)$/.test(file)) photos.push({ who, path: join(folder, who, file) });
    }
  }
  return photos;
}
