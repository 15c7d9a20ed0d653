import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Library, openLibrary } from '@focal/library';
import { makeClip } from '@focal/testing/video';
import { createFocal } from 'focal';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLibraryDoor } from '../library/door.ts';
import { answers } from '../library/schemas.ts';
import { type Serving, serve } from '../serve.ts';
import { createShareApp } from './share-app.ts';
import { createSharing } from './sharing.ts';

let folder: string;
let serving: Serving;
let library: Library;
/** In the album, and beside it. */
let [inside, outside] = [0, 0];
let album = 0;
/** Where guests come, at this machine's own address. */
let guests = '';

const EXIF = {
  IFD0: { Make: 'Spycam', Model: 'X1', ImageDescription: 'Not for guests' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 22/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '8/1 32/1 0/1' },
};

function draw(color: string): Promise<Buffer> {
  return sharp({ create: { width: 2400, height: 1600, channels: 3, background: color } })
    .jpeg()
    .withExif(EXIF)
    .toBuffer();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-share-'));
  const photos = join(folder, 'secret folder');
  await mkdir(photos);
  await writeFile(join(photos, 'secret inside.jpg'), await draw('#c03020'));
  await writeFile(join(photos, 'secret outside.jpg'), await draw('#2030c0'));
  const focal = await createFocal({ home: join(folder, 'home'), device: 'cpu' });
  const door = createLibraryDoor(() => openLibrary({ folder: join(folder, 'library'), media: focal.media }));
  const started = await serve({ focal, openLibrary: () => door.open(), port: 0, sharePort: 0, uploadsFolder: folder });
  if (started.state !== 'listening') throw new Error('Another server was taken for ours.');
  serving = started;
  library = await door.open();
  await library.folders.add(photos);
  await library.idle();
  const { assets } = await library.list({ sort: 'name' });
  [inside, outside] = assets.map(({ id }) => id) as [number, number];
  album = (await library.albums.create({ name: 'Party <b>& more</b>' })).id;
  await library.albums.addAssets(album, [inside]);
}, 240_000);
afterAll(async () => {
  await serving.close(0);
  await rm(folder, { recursive: true, force: true });
});

async function ask<Name extends keyof typeof answers>(name: Name, method: string, path: string, body?: object) {
  const answer = await fetch(`${serving.url}/v1/library${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  expect([answer.status, json]).toEqual([expect.toSatisfy((status) => status < 300), json]);
  const parsed = answers[name].parse(json);
  expect(parsed).toEqual(json);
  return parsed as ReturnType<(typeof answers)[Name]['parse']>;
}

/** Turns sharing on, and gives the path of a new link. */
async function share(more: object = {}): Promise<{ readonly path: string; readonly id: number }> {
  await ask('LibrarySettings', 'PATCH', '/settings', { isSharing: true });
  const { origins } = await ask('Sharing', 'GET', '/sharing');
  guests = `http://127.0.0.1:${new URL(origins[0] ?? '').port}`;
  const { path, share: made } = await ask('NewShare', 'POST', '/shares', { album, ...more });
  return { path, id: made.id };
}

const visit = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${guests}${path}`, { redirect: 'manual', ...init });

function sendPassword(path: string, password: string): Promise<Response> {
  return visit(path, { method: 'POST', body: new URLSearchParams({ password }), headers: { origin: guests } });
}

/** A request as the tests send it. */
interface Init {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const keyIn = (html: string): string => /\/photo\/([\w-]{22})"/.exec(html)?.[1] ?? '';

describe('sharing on the local network', () => {
  test('is off until it is turned on, and listens only meanwhile', async () => {
    expect(await ask('Sharing', 'GET', '/sharing')).toEqual({ isSharing: false, isListening: false, origins: [] });
    const refused = await fetch(`${serving.url}/v1/library/shares`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ album }),
    });
    expect([refused.status, await refused.json()]).toMatchObject([403, { detail: 'Sharing is off for this library.' }]);
    const { path } = await share();
    expect((await visit(path)).status).toBe(200);
    await ask('LibrarySettings', 'PATCH', '/settings', { isSharing: false });
    await expect(visit(path)).rejects.toThrow('fetch failed');
    expect((await ask('Sharing', 'GET', '/sharing')).isListening).toBe(false);
  });

  test('gives a link with its QR code, once', async () => {
    await share();
    const made = await ask('NewShare', 'POST', '/shares', { album });
    expect(made.path).toMatch(/^\/s\/[\w-]{32}$/);
    expect(made.links[0]).toMatch(/^http:\/\/[\d.]+:\d+\/s\/[\w-]{32}$/);
    const [first = '', ...rows] = made.qr ?? [];
    expect(rows.every((row) => row.length === first.length && /^[01]+$/.test(row))).toBe(true);
    expect(rows).toHaveLength(first.length - 1);
    // A finder pattern stands in the corner, within the quiet zone.
    expect(made.qr?.[4]).toMatch(/^000011111110/);
    const list = await ask('Shares', 'GET', `/shares?album=${album}`);
    expect(JSON.stringify(list)).not.toContain(made.path.slice(3));
    expect(list.shares[0]).toMatchObject({ id: made.share.id, state: 'open' });
  });

  test('shows small pictures of the album without names, places or metadata, and nothing else', async () => {
    const { path } = await share();
    const answer = await visit(path);
    const html = await answer.text();
    expect(html).toContain('Party &lt;b&gt;&amp; more&lt;/b&gt;');
    expect(html).not.toMatch(/secret|Spycam|Not for guests|jpe?g|47\.|\bid=/i);
    expect(html.match(/<li data/g)).toHaveLength(1);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const key = keyIn(html);
    for (const [kind, side] of [
      ['small', 480],
      ['photo', 1440],
    ] as const) {
      const picture = await visit(`${path}/${kind}/${key}`);
      expect(picture.headers.get('content-type')).toBe('image/webp');
      expect(picture.headers.get('cache-control')).toBe('private, no-cache');
      expect(picture.headers.get('content-disposition')).toBeNull();
      const bytes = Buffer.from(await picture.arrayBuffer());
      const { exif, xmp, iptc, ...meta } = await sharp(bytes).metadata();
      expect([exif, xmp, iptc, Math.max(meta.width, meta.height)]).toEqual([undefined, undefined, undefined, side]);
      expect(bytes.includes('Spycam')).toBe(false);
      const { sha256 } = await library.get(inside);
      expect(picture.headers.get('etag')).not.toContain(sha256.slice(0, 8));
    }
  });

  test('shows the version that is shown in place of the original, also to who has seen the original', async () => {
    const { path } = await share();
    const [, small = ''] = /src="([^"]+\/small\/[^"]+)"/.exec(await (await fetch(guests + path)).text()) ?? [];
    const before = await fetch(guests + small);
    const tag = before.headers.get('etag') ?? '';
    expect((await fetch(guests + small, { headers: { 'if-none-match': tag } })).status).toBe(304);
    const recipe = { format: 'focal-recipe', version: 1, look: { steps: [{ effect: 'mono', on: 'everything' }] } };
    const { id } = await library.versions.create(inside, { recipe, name: 'Grey' });
    const after = await fetch(guests + small, { headers: { 'if-none-match': tag } });
    expect(after.status).toBe(200);
    const { channels } = await sharp(Buffer.from(await after.arrayBuffer())).stats();
    expect(Math.abs((channels[0]?.mean ?? 0) - (channels[2]?.mean ?? 99))).toBeLessThan(2);
    await library.versions.remove(inside, id);
  });

  test('has an icon of its own, where pages name it and where browsers look for one', async () => {
    const { path } = await share();
    const [, named = ''] = /<link rel="icon" href="([^"]+)"/.exec(await (await visit(path)).text()) ?? [];
    for (const each of [named, '/favicon.ico']) {
      const icon = await visit(each);
      expect([each, icon.status, icon.headers.get('content-type')]).toEqual([each, 200, 'image/svg+xml']);
      const { width } = await sharp(Buffer.from(await icon.arrayBuffer())).metadata();
      expect(width).toBeGreaterThan(0);
    }
  });

  test('leads nowhere beside the album', async () => {
    const { path } = await share();
    const other = await library.albums.create({ name: 'Other' });
    await library.albums.addAssets(other.id, [outside]);
    const second = (await ask('NewShare', 'POST', '/shares', { album: other.id })).path;
    const foreign = keyIn(await (await visit(second)).text());
    for (const each of [
      `${path}/photo/${foreign}`,
      `${path}/photo/${outside}`,
      `${path}/photo/${inside}`,
      `${path}/photo/..%2f..%2fsettings`,
      `${path}/original/${keyIn(await (await visit(path)).text())}`,
      '/',
      '/v1/library',
      '/v1/library/assets',
      `/v1/library/assets/${inside}/original`,
      '/health',
      '/docs',
      '/openapi.json',
      '/library',
      `/s/${'x'.repeat(32)}`,
    ]) {
      expect([each, (await visit(each)).status]).toEqual([each, 404]);
    }
    for (const method of ['PUT', 'PATCH', 'DELETE']) expect((await visit(path, { method })).status).toBe(404);
  });

  test('asks for the password before it tells anything', async () => {
    const { path } = await share({ password: 'cheese board' });
    const form = await (await visit(path)).text();
    expect(form).toContain('These photos have a password');
    expect(form).not.toContain('Party');
    const wrong = await sendPassword(path, 'cheese');
    expect([wrong.status, await wrong.text()]).toEqual([403, expect.stringContaining('That is not the password.')]);
    const right = await sendPassword(path, 'cheese board');
    expect([right.status, right.headers.get('location')]).toEqual([303, path]);
    const cookie = right.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/i);
    expect(cookie).toContain(`Path=${path}`);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    const html = await (await visit(path, { headers })).text();
    expect(html).toContain('Party');
    const picture = `${path}/small/${keyIn(html)}`;
    expect((await visit(picture, { headers })).status).toBe(200);
    expect((await visit(picture)).status).toBe(403);
    // What one link gave opens no other.
    const other = (await share({ password: 'cheese board' })).path;
    expect(await (await visit(other, { headers })).text()).toContain('These photos have a password');
  });

  test('says in clear words that a link has ended, and gives no picture any more', async () => {
    const revoked = await share();
    const picture = `${revoked.path}/small/${keyIn(await (await visit(revoked.path)).text())}`;
    expect((await visit(picture)).status).toBe(200);
    expect(await ask('Share', 'DELETE', `/shares/${revoked.id}`)).toMatchObject({ state: 'revoked' });
    const page = await visit(revoked.path);
    expect([page.status, await page.text()]).toEqual([410, expect.stringContaining('No longer shared')]);
    expect((await visit(picture)).status).toBe(410);
    const { share: short, path } = await ask('NewShare', 'POST', '/shares', { album, expiresAt: Date.now() + 1500 });
    await expect.poll(async () => (await visit(path)).status, { timeout: 20_000 }).toBe(410);
    expect(await (await visit(path)).text()).toContain('This link has expired');
    expect((await ask('Shares', 'GET', '/shares')).shares.find(({ id }) => id === short.id)?.state).toBe('expired');
  });

  test('plays a video without metadata, in parts, and leaves it out where faces are covered', async () => {
    await makeClip({
      path: join(folder, 'secret folder', 'secret clip.mp4'),
      width: 320,
      height: 240,
      audio: 'aac',
      tags: { title: 'Not for guests', comment: 'Spycam' },
    });
    await library.folders.rescan();
    await library.idle();
    const [clip] = (await library.list({ filter: { kind: 'video' } })).assets;
    const films = (await library.albums.create({ name: 'Films' })).id;
    await library.albums.addAssets(films, [clip?.id ?? 0, inside]);
    const plain = await share({ album: films });
    const html = await (await visit(plain.path)).text();
    expect(html).toContain('alt="Video 1"');
    expect(html).toContain('1 photo and 1 video.');
    const [, movie = ''] = /href="([^"]+\/video\/[\w-]{22})"/.exec(html) ?? [];
    const key = movie.slice(-22);
    const played = await visit(movie);
    expect([played.status, played.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    const bytes = Buffer.from(await played.arrayBuffer());
    expect(bytes.includes('avc1') && bytes.includes('mp4a')).toBe(true);
    for (const secret of ['Not for guests', 'Spycam', 'secret']) expect(bytes.includes(secret)).toBe(false);
    expect((await readFile(join(folder, 'secret folder', 'secret clip.mp4'))).includes('Spycam')).toBe(true);
    const part = await visit(movie, { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    const [, picture = ''] = /href="([^"]+\/photo\/[\w-]{22})"/.exec(html) ?? [];
    expect((await visit(picture)).status).toBe(200);
    expect((await visit(picture.replace('photo', 'video'))).status).toBe(404);
    for (const size of ['small', 'photo']) {
      const still = await visit(`${plain.path}/${size}/${key}`);
      const { format, width } = await sharp(Buffer.from(await still.arrayBuffer())).metadata();
      expect([still.status, format, width]).toEqual([200, 'webp', 320]);
    }
    const covered = await share({ album: films, cover: {} });
    const other = await (await visit(covered.path)).text();
    expect(other).toContain('1 photo. A video is not shown: only faces in photos are covered.');
    expect(other.match(/data-key=/g)).toHaveLength(1);
    // Of the video there is no key in this link.
    for (const kind of ['small', 'photo', 'video']) {
      expect((await visit(`${covered.path}/${kind}/${key}`)).status).toBe(404);
    }
    await ask('Share', 'DELETE', `/shares/${plain.id}`);
    expect((await visit(movie, { headers: { range: 'bytes=4-7' } })).status).toBe(410);
  });

  test('is refused to pages of other sites and under foreign names', async () => {
    const { path } = await share({ password: 'cheese board' });
    const foreign = await visit(path, {
      method: 'POST',
      body: new URLSearchParams({ password: 'cheese board' }),
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    const app = createShareApp({ door: createLibraryDoor(async () => library), addressOf: () => 'here' });
    expect((await app.request(`http://evil.example:4680${path}`)).status).toBe(403);
    expect((await app.request(`http://192.168.1.5:4680${path}`)).status).toBe(200);
  });

  test('slows down who tries links or passwords, each address by itself', async () => {
    const { path } = await share({ password: 'cheese board' });
    const clock = { ms: Date.now() };
    const app = createShareApp({
      door: createLibraryDoor(async () => library),
      addressOf: (context) => context.req.header('x-test-address') ?? '',
      now: () => clock.ms,
    });
    const from = (address: string, to: string, init: Init = {}) =>
      app.request(`http://127.0.0.1:4680${to}`, { ...init, headers: { ...init.headers, 'x-test-address': address } });
    for (let tries = 0; tries < 10; tries++) expect((await from('a', `/s/${'x'.repeat(32)}`)).status).toBe(404);
    const slowed = await from('a', path);
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '600']);
    expect((await from('b', path)).status).toBe(200);
    clock.ms += 600_000;
    expect((await from('a', path)).status).toBe(200);

    const body = (password: string): Init => {
      const text = new URLSearchParams({ password }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(text.length) };
      return { method: 'POST', body: text, headers };
    };
    for (let tries = 0; tries < 10; tries++) expect((await from('a', path, body(`wrong ${tries}`))).status).toBe(403);
    expect((await from('a', path, body('cheese board'))).status).toBe(429);
    expect((await from('b', path, body('cheese board'))).status).toBe(303);
    expect((await from('c', path, { method: 'POST', body: 'x'.repeat(10_000) })).status).toBe(403);
  }, 60_000);

  test('tells where its port is taken, and takes it later', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '0.0.0.0', resolve));
    const { port } = taken.address() as AddressInfo;
    await using sharing = createSharing({ door: createLibraryDoor(async () => library), port });
    await sharing.turn(true);
    expect(sharing.state).toMatchObject({
      isListening: false,
      problem: expect.stringContaining(`Port ${port} is taken`),
    });
    await new Promise((resolve) => taken.close(resolve));
    await sharing.turn(true);
    expect(sharing.state).toMatchObject({ isListening: true });
    await sharing.turn(false);
    await sharing.turn(false);
    expect(sharing.state).toEqual({ isListening: false, origins: [] });
  });

  test('refuses what no link can be', async () => {
    await share();
    for (const [body, detail] of [
      [{ album, password: 'short' }, 'Expected a password of 6 to 200 characters, got 5.'],
      [{ album, expiresAt: 1000 }, 'Expected a link to end within the next 366 days.'],
      [{ album: 99_999 }, 'There is no album 99999.'],
      [{}, 'The body is not as expected.'],
      [{ album, forever: true }, 'The body is not as expected.'],
    ] as const) {
      const answer = await fetch(`${serving.url}/v1/library/shares`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(await answer.json()).toMatchObject({ detail: expect.stringContaining(detail) });
    }
  });
});
