import { basename, resolve } from 'node:path';
import { FocalError } from '@focal/core';
import type { AssetDetails, AssetPage } from '@focal/library';
import type { LibraryClient } from './library-client.ts';

const PAGE = 500;

/** The photo or video of this id, or one of whose files lies at this path. Throws `not-found`. */
export async function findPhoto(client: LibraryClient, wanted: string): Promise<AssetDetails> {
  if (/^[1-9]\d{0,9}$/.test(wanted)) return client.ask<AssetDetails>('GET', `/v1/library/assets/${wanted}`);
  const path = resolve(wanted);
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ word: basename(path), limit: String(PAGE), count: 'false' });
    if (cursor !== undefined) query.set('cursor', cursor);
    const page = await client.ask<AssetPage>('GET', `/v1/library/assets?${query.toString()}`);
    for (const { id } of page.assets) {
      const asset = await client.ask<AssetDetails>('GET', `/v1/library/assets/${id}`);
      if (asset.places.some((place) => place.path === path)) return asset;
    }
    cursor = page.next;
  } while (cursor !== undefined);
  throw new FocalError('not-found', `There is no photo ${wanted} in the library.`, {
    hint: `Looked for ${path}. Add its folder: focal library add FOLDER`,
  });
}
