import { FocalError } from '@focal/core';
import {
  type Album,
  type AssetDetails,
  type AssetPage,
  type LibraryPlace,
  QueryError,
  type SearchHelp,
} from '@focal/library';
import type { ExitCode } from './exit-codes.ts';
import { findAlbum, readAlbums } from './find-album.ts';
import { type LibraryClient, withLibrary } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { formatTable } from './models-command.ts';
import type { SearchRequest } from './search-program.ts';
import { showText } from './show-text.ts';

const PAGE = 500;

interface FoundPage extends AssetPage {
  readonly total?: { readonly count: number; readonly isExact: boolean };
}

/** `focal search`: the paths of what is found, in the order of the search. */
export async function runSearch(request: SearchRequest): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: false }, async (client) => {
    await pointAt(request.query, request, () => listFound(client, request));
    return 0;
  });
}

async function listFound(client: LibraryClient, request: SearchRequest): Promise<void> {
  const { json, quiet, isCount } = request;
  let left = isCount ? 1 : request.limit;
  let cursor: string | undefined;
  let found = 0;
  do {
    const query = new URLSearchParams({
      q: request.query,
      limit: String(Math.min(left, PAGE)),
      count: String(isCount),
    });
    if (cursor !== undefined) query.set('cursor', cursor);
    const page = await client.ask<FoundPage>('GET', `/v1/library/search?${query.toString()}`);
    if (isCount) return printCount(page.total ?? { count: page.assets.length, isExact: true }, json);
    for (const { id } of page.assets) {
      const asset = await client.ask<AssetDetails>('GET', `/v1/library/assets/${id}`);
      if (json) print(asset);
      else process.stdout.write(`${showText(asset.places[0]?.path ?? `asset ${id}`)}\n`);
    }
    found += page.assets.length;
    left -= page.assets.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
  if (found > 0 || json || quiet) return;
  const query = new URLSearchParams({ q: request.query }).toString();
  const { meant } = await client.ask<SearchHelp>('GET', `/v1/library/search/suggest?${query}`);
  process.stderr.write(`Nothing was found.${meant === undefined ? '' : ` Did you mean: ${meant}`}\n`);
}

function printCount(total: { readonly count: number; readonly isExact: boolean }, json: boolean): void {
  if (json) print(total);
  else process.stdout.write(`${total.count}${total.isExact ? '' : ' or more'}\n`);
}

/** Shows the part of a search that cannot be understood, above the error that is thrown on. */
async function pointAt(query: string, { json }: LibraryRequest, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof QueryError && !json) {
      const { offset, length } = error;
      process.stderr.write(`  ${query}\n  ${' '.repeat(offset)}${'^'.repeat(Math.max(1, length))}\n`);
    }
    throw error;
  }
}

/** `focal places`: cities with how many photos were taken near each. */
export async function runPlaces(request: LibraryRequest): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: false }, async (client) => {
    const { places } = await client.ask<{ places: readonly LibraryPlace[] }>('GET', '/v1/library/places');
    if (request.json) for (const place of places) print(place);
    else if (places.length === 0) process.stdout.write('No photo or video of the library tells where it was taken.\n');
    else {
      const rows = places.map(({ name, countryName, count }) => [name, countryName, String(count)]);
      process.stdout.write(formatTable([['city', 'country', 'photos'], ...rows]));
    }
    return 0;
  });
}

/** `focal albums`: with what is in each. */
export async function runAlbums(request: LibraryRequest): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: false }, async (client) => {
    const albums = await readAlbums(client);
    if (request.json) for (const album of albums) print(album);
    else if (albums.length === 0)
      process.stdout.write('There are no albums. Make one: focal albums save NAME SEARCH\n');
    else {
      const rows = albums.map(({ id, name, count, isExact, query, problem, isPrivate }) => [
        String(id),
        name,
        isPrivate ? '' : `${count}${isExact ? '' : '+'}`,
        isPrivate ? 'private' : (problem ?? query ?? ''),
      ]);
      process.stdout.write(formatTable([['id', 'album', 'photos', 'search'], ...rows]));
    }
    return 0;
  });
}

export async function runSaveAlbum(
  request: LibraryRequest & { readonly name: string; readonly query: string },
): Promise<ExitCode> {
  const { name, query, json, quiet } = request;
  return withLibrary<ExitCode>({ focal: request.focal, works: false }, async (client) => {
    await pointAt(query, request, async () => {
      const before = (await readAlbums(client)).find((each) => each.name === name.trim());
      if (before !== undefined && (before.query === undefined || query === '')) {
        throw new FocalError('exists', `There is an album ${name} already.`, {
          hint: 'Choose another name, or delete it: focal albums remove NAME',
        });
      }
      const album =
        before === undefined
          ? await client.ask<Album>('POST', '/v1/library/albums', { name, ...(query !== '' && { query }) })
          : await client.ask<Album>('PATCH', `/v1/library/albums/${before.id}`, { query });
      if (json) print(album);
      else if (!quiet)
        process.stdout.write(`${showText(album.name)}: ${album.count}${album.isExact ? '' : ' or more'}\n`);
    });
    return 0;
  });
}

export async function runRemoveAlbum(request: LibraryRequest & { readonly name: string }): Promise<ExitCode> {
  return withLibrary<ExitCode>({ focal: request.focal, works: false }, async (client) => {
    const album = await findAlbum(client, request.name);
    await client.ask('DELETE', `/v1/library/albums/${album.id}`);
    if (request.json) print({ removed: album.name });
    else if (!request.quiet) process.stdout.write(`${showText(album.name)} is gone; its photos stay in the library.\n`);
    return 0;
  });
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
