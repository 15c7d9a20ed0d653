import { FocalError } from '@focal/core';
import { type Album, type AssetDetails, type AssetPage, type AssetSummary, MOST_ASSETS } from '@focal/library';
import type { ContentTask } from './album-content-program.ts';
import type { ExitCode } from './exit-codes.ts';
import { findAlbum } from './find-album.ts';
import { findPhoto } from './find-photo.ts';
import type { LibraryClient } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { runLibraryTask, type TaskOutput } from './library-task.ts';

const READS: ReadonlySet<ContentTask['do']> = new Set(['photos']);

/** `focal albums photos`, `add`, `take-out`, `order`, `first` and `change`. */
export async function runAlbumContent(request: LibraryRequest & { readonly task: ContentTask }): Promise<ExitCode> {
  return runLibraryTask(request, READS, perform);
}

async function perform(client: LibraryClient, task: ContentTask): Promise<TaskOutput> {
  if (task.do === 'first') return putFirst(client, task.albums);
  const album = await findAlbum(client, task.album);
  const root = `/v1/library/albums/${album.id}`;
  switch (task.do) {
    case 'photos': {
      const values = await listPhotos(client, root);
      return { values, lines: values.map(({ id, places }) => places[0]?.path ?? `asset ${id}`) };
    }
    case 'add': {
      const ids = [...(await findPhotos(client, task.photos)), ...(await findAll(client, task.found))];
      if (task.photos.length === 0 && task.found === undefined) {
        throw new FocalError('invalid-argument', 'Expected photos or --found, got neither.', {
          hint: `Such as: focal albums add ${album.name} --found "beach 2023"`,
        });
      }
      let changed = 0;
      for (let at = 0; at < ids.length; at += MOST_ASSETS) {
        const body = { ids: ids.slice(at, at + MOST_ASSETS) };
        changed += (await client.ask<{ changed: number }>('POST', `${root}/assets`, body)).changed;
      }
      return { values: [{ added: changed }], lines: [`${changed} added to ${album.name}.`] };
    }
    case 'take-out': {
      const body = { ids: await findPhotos(client, task.photos) };
      const { changed } = await client.ask<{ changed: number }>('DELETE', `${root}/assets`, body);
      return { values: [{ takenOut: changed }], lines: [`${changed} taken out of ${album.name}.`] };
    }
    case 'order': {
      const ids = await findPhotos(client, task.photos);
      await assertWithin(client, album, ids, task.photos);
      await client.ask('PUT', `${root}/order`, { ids });
      return { values: [{ first: ids }], lines: [`${album.name} begins with ${describePhotos(ids.length)} now.`] };
    }
    case 'change':
      return change(client, root, task);
  }
}

async function change(
  client: LibraryClient,
  root: string,
  { name, description, cover }: Extract<ContentTask, { do: 'change' }>,
): Promise<TaskOutput> {
  const coverId = cover === undefined ? undefined : cover === false ? null : (await findPhoto(client, cover)).id;
  const body = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(coverId !== undefined && { coverId }),
  };
  if (Object.keys(body).length === 0) {
    throw new FocalError('invalid-argument', 'Expected something to change, got nothing.', {
      hint: 'Take --name, --description, --cover or --no-cover.',
    });
  }
  const album = await client.ask<Album>('PATCH', root, body);
  return { values: [album], lines: [`${album.name} is changed.`] };
}

async function putFirst(client: LibraryClient, names: readonly string[]): Promise<TaskOutput> {
  const ids: number[] = [];
  for (const name of names) ids.push((await findAlbum(client, name)).id);
  const { albums } = await client.ask<{ albums: readonly Album[] }>('PUT', '/v1/library/albums/order', { ids });
  return { values: albums, lines: albums.map(({ name }) => name) };
}

async function findPhotos(client: LibraryClient, wanted: readonly string[]): Promise<readonly number[]> {
  const ids: number[] = [];
  for (const each of wanted) ids.push((await findPhoto(client, each)).id);
  return ids;
}

async function findAll(client: LibraryClient, search: string | undefined): Promise<readonly number[]> {
  if (search === undefined) return [];
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ q: search, limit: String(MOST_ASSETS), count: 'false' });
    if (cursor !== undefined) query.set('cursor', cursor);
    const page = await client.ask<AssetPage>('GET', `/v1/library/search?${query.toString()}`);
    ids.push(...page.assets.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

async function listIds(client: LibraryClient, root: string): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page: { assets: readonly AssetSummary[]; nextOffset?: number } = await client.ask(
      'GET',
      `${root}/assets?offset=${offset}&limit=${MOST_ASSETS}`,
    );
    ids.push(...page.assets.map(({ id }) => id));
    offset = page.nextOffset;
  }
  return ids;
}

async function listPhotos(client: LibraryClient, root: string): Promise<readonly AssetDetails[]> {
  const photos: AssetDetails[] = [];
  for (const id of await listIds(client, root)) {
    photos.push(await client.ask<AssetDetails>('GET', `/v1/library/assets/${id}`));
  }
  return photos;
}

/** What is not in an album has no place in its order. */
async function assertWithin(
  client: LibraryClient,
  { id, name }: Album,
  ids: readonly number[],
  wanted: readonly string[],
): Promise<void> {
  const there = new Set(await listIds(client, `/v1/library/albums/${id}`));
  const missing = ids.findIndex((each) => !there.has(each));
  if (missing < 0) return;
  throw new FocalError('not-found', `${wanted[missing]} is not in ${name}.`, {
    hint: `Put it there first: focal albums add ${name} ${wanted[missing]}`,
  });
}

function describePhotos(count: number): string {
  return count === 1 ? 'this photo' : `these ${count} photos`;
}
