import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Library, openLibrary } from '@focal/library';
import { createFocal, type Focal } from 'focal';
import type { Hono } from 'hono';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { createLibraryDoor, type LibraryDoor } from './door.ts';
import { answers } from './schemas.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder: string;
let focal: Focal;
let door: LibraryDoor;
let library: Library;
let app: Hono;
let id: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-version-routes-'));
  await mkdir(join(folder, 'photos'));
  await copyFile(join(PHOTOS, 'sample2.jpg'), join(folder, 'photos', 'a.jpg'));
  focal = await createFocal({ home: join(folder, 'home'), device: 'cpu' });
  door = createLibraryDoor(() => openLibrary({ folder: join(folder, 'library'), media: focal.media }));
  app = createApp({ focal, library: door });
  library = await door.open();
  await library.folders.add(join(folder, 'photos'));
  await library.idle();
  id = (await library.list()).assets[0]?.id ?? 0;
}, 300_000);
afterAll(async () => {
  await door.close();
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  return app.request(`/v1/library/assets/${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function ask<Name extends keyof typeof answers>(name: Name, method: string, path: string, body?: object) {
  const answer = await send(method, path, body);
  const json: unknown = await answer.json();
  expect([answer.status, json]).toEqual([expect.toSatisfy((status) => status < 300), json]);
  const parsed = answers[name].parse(json);
  expect(json).toEqual(parsed);
  return parsed as { [K in keyof typeof answers]: ReturnType<(typeof answers)[K]['parse']> }[Name];
}

/** A square around who is seen, in black and white. */
const RECIPE = {
  format: 'focal-recipe',
  version: 1,
  look: {
    steps: [
      { effect: 'mono', on: 'everything' },
      { effect: 'reframe', params: { aspect: '1:1' } },
    ],
  },
};

const isGrey = async (bytes: Uint8Array): Promise<boolean> => {
  const [r, g, b] = (await sharp(bytes).removeAlpha().stats()).channels.map(({ mean }) => mean);
  return Math.abs((r ?? 0) - (g ?? 0)) < 2 && Math.abs((g ?? 0) - (b ?? 0)) < 2;
};
const bytesOf = async (path: string): Promise<Uint8Array> => {
  const answer = await send('GET', path);
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
};

describe('/v1/library/assets/{id}/versions', () => {
  test('keeps a recipe, shows what it makes of the photo in its place, and the original again', async () => {
    const before = await readFile(join(folder, 'photos', 'a.jpg'));
    const version = await ask('Version', 'POST', `${id}/versions`, { recipe: RECIPE, name: 'Portrait' });
    expect(version).toMatchObject({ name: 'Portrait', isCurrent: true, assetId: id });
    const thumbnail = await bytesOf(`${id}/thumbnail`);
    const { width, height } = await sharp(thumbnail).metadata();
    expect(width).toBe(height);
    expect(await isGrey(thumbnail)).toBe(true);
    expect(await isGrey(await bytesOf(`${id}/thumbnail?of=original`))).toBe(false);
    expect((await send('GET', `${id}/thumbnail?of=both`)).status).toBe(400);
    const asset = await ask('Asset', 'GET', `${id}`);
    expect(asset.shown?.size?.width).toBe(asset.shown?.size?.height);
    expect(asset.versions).toEqual([{ ...version, size: asset.shown?.size }]);

    const shown = await ask('Versions', 'PUT', `${id}/versions/current`, { version: null });
    expect(shown.versions[0]?.isCurrent).toBe(false);
    expect(await isGrey(await bytesOf(`${id}/thumbnail`))).toBe(false);
    expect(await isGrey(await bytesOf(`${id}/versions/${version.id}/preview`))).toBe(true);
    expect((await readFile(join(folder, 'photos', 'a.jpg'))).equals(before)).toBe(true);
  });

  test('gives recipe and full picture with ETags, and says 304 without rendering again', async () => {
    const { versions } = await ask('Versions', 'GET', `${id}/versions`);
    const root = `${id}/versions/${versions[0]?.id}`;
    const recipe = await send('GET', `${root}/recipe`);
    expect(await recipe.json()).toMatchObject({ format: 'focal-recipe', look: { steps: [{ effect: 'mono' }, {}] } });
    const tag = recipe.headers.get('etag') ?? '';
    expect(tag).not.toBe('');
    expect((await send('GET', `${root}/recipe`, undefined, { 'if-none-match': tag })).status).toBe(304);

    const picture = await send('GET', `${root}/picture?format=webp&quality=80&metadata=all`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(picture.headers.get('content-disposition')).toBe(`inline; filename*=UTF-8''a%20%28Portrait%29.webp`);
    const meta = await sharp(Buffer.from(await picture.arrayBuffer())).metadata();
    expect([meta.format, meta.width]).toEqual(['webp', versions[0]?.size?.width]);
    const etag = picture.headers.get('etag') ?? '';
    const again = await send('GET', `${root}/picture?format=webp&quality=80&metadata=all`, undefined, {
      'if-none-match': etag,
    });
    expect(again.status).toBe(304);
    const other = await send('GET', `${root}/picture?format=jpeg`, undefined, { 'if-none-match': etag });
    expect([other.status, other.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    for (const query of ['format=gif', 'quality=0', 'metadata=some', 'size=3']) {
      expect((await send('GET', `${root}/picture?${query}`)).status).toBe(400);
    }
  });

  test('is renamed, replaced, deleted and brought back; says what is wrong', async () => {
    const { versions } = await ask('Versions', 'GET', `${id}/versions`);
    const root = `${id}/versions/${versions[0]?.id}`;
    expect(await ask('Version', 'PATCH', root, { name: 'Square' })).toMatchObject({ name: 'Square' });
    const replaced = await ask('Version', 'PATCH', root, {
      recipe: { ...RECIPE, look: { steps: [{ effect: 'tone', params: { exposure: 1 } }] } },
    });
    expect(replaced.tag).not.toBe(versions[0]?.tag);
    expect((await send('DELETE', root)).status).toBe(204);
    expect((await send('GET', root)).status).toBe(404);
    expect(await ask('Version', 'POST', `${root}/restore`)).toMatchObject({ name: 'Square' });
    const nonsense = await send('POST', `${id}/versions`, { recipe: { format: 'focal-recipe', version: 9 } });
    expect([nonsense.status, (await nonsense.json()).detail]).toEqual([
      400,
      'Expected a recipe of version 1, got version 9.',
    ]);
    const unknown = { ...RECIPE, look: { steps: [{ effect: 'sparkle' }] } };
    expect((await send('POST', `${id}/versions`, { recipe: unknown })).status).toBe(400);
    expect((await send('PATCH', root, {})).status).toBe(400);
    expect((await send('GET', `${id}/versions/99999`)).status).toBe(404);
    expect((await send('GET', `${id}/versions/none`)).status).toBe(404);
    expect((await send('PUT', `${id}/versions/current`, { version: 99999 })).status).toBe(404);
    expect((await send('GET', '99999/versions')).status).toBe(404);
  });
});
