import { FocalError } from '@focal/core';
import type { Album } from '@focal/library';
import type { LibraryClient } from './library-client.ts';

export async function readAlbums(client: LibraryClient): Promise<readonly Album[]> {
  return (await client.ask<{ albums: readonly Album[] }>('GET', '/v1/library/albums')).albums;
}

/** The album of this name, or else of this id. Throws `not-found`, and `invalid-argument` where several have the name. */
export async function findAlbum(client: LibraryClient, wanted: string): Promise<Album> {
  const albums = await readAlbums(client);
  const named = albums.filter(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
  const found = named.length > 0 ? named : albums.filter(({ id }) => String(id) === wanted.trim());
  const [album] = found;
  if (album === undefined) {
    throw new FocalError('not-found', `There is no album ${wanted}.`, {
      hint: albums.length === 0 ? 'There are none.' : `There are ${albums.map(({ name }) => name).join(', ')}.`,
    });
  }
  if (found.length > 1) {
    throw new FocalError('invalid-argument', `There are ${found.length} albums ${wanted}.`, {
      hint: `Name it by its id: ${found.map(({ id }) => id).join(', ')}.`,
    });
  }
  return album;
}
