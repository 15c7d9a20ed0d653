import { FocalError } from '@focal/core';
import { type Context, Hono } from 'hono';
import { IMMUTABLE, REVALIDATE, sendFile } from '../files.ts';
import { toChoice } from '../option-values.ts';
import { receiveBytes } from '../uploads/bytes.ts';
import type { LibraryDoor } from './door.ts';
import { toDisposition } from './file-names.ts';
import { PAGE_OPTIONS, readPage } from './read-page.ts';
import { FILTER_OPTIONS, REPEATABLE_FILTERS, readBody, readFilter, readId, readQuery } from './read-request.ts';
import { requests } from './schemas.ts';
import { NEVER_KEPT, unlockedOf } from './unlocked.ts';

/** `/v1/library/assets…` */
export function assetRoutes(door: LibraryDoor): Hono {
  const app = new Hono();
  app.get('/v1/library/assets', async (context) => {
    const query = readQuery(context, [...PAGE_OPTIONS, ...FILTER_OPTIONS], REPEATABLE_FILTERS);
    return context.json(await readPage(await door.open(), query, readFilter(query)));
  });
  app.patch('/v1/library/assets', async (context) => {
    const { ids, ...change } = await readBody(context, requests.changeAssets);
    const library = await door.open();
    return context.json({ changed: await library.change(ids, defined(change), unlockedOf(context, library)) });
  });
  app.get('/v1/library/assets/:id', async (context) => {
    const id = readId(context);
    const library = await door.open();
    const asset = await library.get(id, unlockedOf(context, library));
    if (asset.isPrivate) context.header('cache-control', NEVER_KEPT);
    return context.json(asset);
  });
  app.patch('/v1/library/assets/:id', async (context) => {
    const id = readId(context);
    const change = await readBody(context, requests.changeAsset);
    const library = await door.open();
    const unlocked = unlockedOf(context, library);
    await library.change([id], defined(change), unlocked);
    return context.json(await library.get(id, unlocked));
  });
  app.get('/v1/library/assets/:id/thumbnail', (context) => answerPicture(context, door, 'grid'));
  app.get('/v1/library/assets/:id/preview', (context) => answerPicture(context, door, 'preview'));
  app.put('/v1/library/assets/:id/thumbnail', (context) => keepPicture(context, door, 'grid'));
  app.put('/v1/library/assets/:id/preview', (context) => keepPicture(context, door, 'preview'));
  app.get('/v1/library/assets/:id/original', async (context) => {
    const id = readId(context);
    const library = await door.open();
    const { path, name, format, sha256, isPrivate } = await library.original(id, unlockedOf(context, library));
    return sendFile(context.req.raw, path, {
      cacheControl: isPrivate ? NEVER_KEPT : REVALIDATE,
      type: MEDIA_TYPES[format] ?? 'application/octet-stream',
      tag: sha256.slice(0, 32),
      headers: { 'content-disposition': toDisposition(name) },
    });
  });
  app.get('/v1/library/assets/:id/xmp', async (context) => {
    const id = readId(context);
    const library = await door.open();
    const text = await library.sidecars.text(id, unlockedOf(context, library));
    const headers = { 'content-type': 'application/rdf+xml; charset=utf-8', 'cache-control': NEVER_KEPT };
    return context.body(text, 200, headers);
  });
  app.post('/v1/library/sidecars', async (context) => {
    const { ids } = await readBody(context, requests.ids);
    const library = await door.open();
    const options = { signal: context.req.raw.signal, unlocked: unlockedOf(context, library) };
    return context.json(await library.sidecars.write(ids, options));
  });
  app.post('/v1/library/hurry', async (context) => {
    const { ids } = await readBody(context, requests.ids);
    await (await door.open()).hurry(ids);
    return context.body(null, 204);
  });
  return app;
}

async function answerPicture(context: Context, door: LibraryDoor, kind: 'grid' | 'preview'): Promise<Response> {
  const id = readId(context);
  const of = toChoice('of', ['shown', 'original'] as const, context.req.query('of'));
  const library = await door.open();
  const unlocked = unlockedOf(context, library);
  const options = { ...(of !== undefined && { of }), ...(unlocked !== undefined && { unlocked }) };
  const { path, tag, isPrivate } = await library.picture(id, kind, options);
  const kept = context.req.query('v') === undefined ? REVALIDATE : IMMUTABLE.replace('public', 'private');
  const cacheControl = isPrivate ? NEVER_KEPT : kept;
  return sendFile(context.req.raw, path, { cacheControl, type: 'image/webp', tag });
}

/** What a worker on another machine made. */
async function keepPicture(context: Context, door: LibraryDoor, kind: 'grid' | 'preview'): Promise<Response> {
  const id = readId(context);
  const sha256 = readQuery(context, ['sha256']).one('sha256') ?? '';
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new FocalError('invalid-argument', 'Expected the SHA-256 of the original.');
  const signal = AbortSignal.any([context.req.raw.signal, AbortSignal.timeout(PICTURE_TIMEOUT_MS)]);
  const bytes = await receiveBytes(context.req.raw, { maxBytes: MOST_PICTURE_BYTES, signal });
  await (await door.open()).keepPicture(id, kind, sha256, bytes);
  return context.body(null, 204);
}

const MOST_PICTURE_BYTES = 4 * 2 ** 20;
const PICTURE_TIMEOUT_MS = 60_000;

/** By the names that the library has for formats. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
  gif: 'image/gif',
  heic: 'image/heic',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/matroska',
  ts: 'video/mp2t',
};

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. Throws `invalid-argument` where nothing is left. */
export function defined<T extends object>(change: T): Defined<T> {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  if (entries.length === 0) throw new FocalError('invalid-argument', 'Expected something to change, got nothing.');
  return Object.fromEntries(entries) as Defined<T>;
}
