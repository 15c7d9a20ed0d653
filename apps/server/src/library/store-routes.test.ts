import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Library, openLibrary, readBackup } from '@focal/library';
import { createFocal, type Focal } from 'focal';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Serving, serve } from '../serve.ts';
import { answers } from './schemas.ts';

let folder: string;
let focal: Focal;
let library: Library | undefined;
let serving: Serving;
let url: string;

/** On a real socket: what breaks off in the middle is the point of it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-store-routes-'));
  focal = await createFocal({ home: join(folder, 'home'), device: 'cpu' });
  const open = async (): Promise<Library> => {
    library = await openLibrary({ folder: join(folder, 'library'), media: focal.media, works: false, watches: true });
    return library;
  };
  serving = (await serve({
    focal,
    openLibrary: open,
    opensLibraryAtOnce: true,
    port: 0,
    uploadsFolder: folder,
  })) as Serving;
  url = `${serving.url.replace(/\/$/, '')}/v1/library`;
}, 240_000);
afterAll(async () => {
  await serving.close(0);
  await rm(folder, { recursive: true, force: true });
});

const TUS = { 'tus-resumable': '1.0.0' };
const PART = { ...TUS, 'content-type': 'application/offset+octet-stream' };
const draw = (seed: number): Promise<Buffer> =>
  sharp({ create: { width: 300, height: 200, channels: 3, background: { r: seed, g: 90, b: 30 } } })
    .jpeg()
    .toBuffer();
const encode = (text: string): string => Buffer.from(text).toString('base64');

async function begin(name: string, bytes: number, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`${url}/uploads`, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(bytes), 'upload-metadata': `filename ${encode(name)}`, ...headers },
  });
  expect([answer.status, answer.headers.get('tus-resumable')]).toEqual([201, '1.0.0']);
  return new URL(answer.headers.get('location') ?? '', url).href;
}

describe('/v1/library/uploads', () => {
  test('the library is open before anybody asks', async () => {
    await vi.waitFor(() => expect(library).toBeDefined(), { timeout: 60_000 });
  });

  test('tells what it can, and takes no other version', async () => {
    const options = await fetch(`${url}/uploads`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('tus-version'), options.headers.get('tus-extension')]).toEqual([
      204,
      '1.0.0',
      'creation,creation-with-upload,checksum,termination,expiration',
    ]);
    const other = await fetch(`${url}/uploads`, { method: 'POST', headers: { 'upload-length': '1' } });
    expect([other.status, other.headers.get('tus-version')]).toEqual([412, '1.0.0']);
    const none = await fetch(`${url}/uploads`, { method: 'POST', headers: TUS });
    expect([none.status, (await none.json()).detail]).toEqual([
      400,
      'Expected a whole number as upload-length, got "".',
    ]);
  });

  test('goes on where the connection broke, and ends as a photo of the library', async () => {
    const bytes = await draw(1);
    const address = await begin('Zoë.jpg', bytes.length, {
      'upload-metadata': `filename ${encode('Zoë.jpg')},modified ${encode('1600000000000')}`,
    });
    const stop = new AbortController();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Uint8Array.from(bytes.subarray(0, 500))),
    });
    const broken = fetch(address, {
      method: 'PATCH',
      headers: { ...PART, 'upload-offset': '0' },
      body,
      duplex: 'half',
      signal: stop.signal,
    } as RequestInit).catch((error: Error) => error.name);
    await vi.waitFor(async () => {
      const files = await readFile(join(folder, 'library', 'incoming', `${address.split('/').at(-1)}.part`));
      expect(files.length).toBe(500);
    }, 30_000);
    stop.abort();
    expect(await broken).toBe('AbortError');
    const head = await fetch(address, { method: 'HEAD', headers: TUS });
    expect(Object.fromEntries(head.headers)).toMatchObject({
      'upload-offset': '500',
      'upload-length': String(bytes.length),
      'cache-control': 'no-store',
    });
    const conflict = await fetch(address, {
      method: 'PATCH',
      headers: { ...PART, 'upload-offset': '0' },
      body: Uint8Array.from(bytes),
    });
    expect(conflict.status).toBe(409);
    const part = Uint8Array.from(bytes.subarray(500));
    const wrong = await fetch(address, {
      method: 'PATCH',
      headers: { ...PART, 'upload-offset': '500', 'upload-checksum': `sha1 ${encode('nonsense')}` },
      body: part,
    });
    expect([wrong.status, (await wrong.json()).code]).toEqual([460, 'corrupt-input']);
    const sum = createHash('sha256').update(part).digest('base64');
    const last = await fetch(address, {
      method: 'PATCH',
      headers: { ...PART, 'upload-offset': '500', 'upload-checksum': `sha256 ${sum}` },
      body: part,
    });
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(bytes.length)]);
    await library?.idle();
    const upload = answers.Upload.parse(await (await fetch(address)).json());
    expect(upload).toMatchObject({ state: 'done', name: 'Zoë.jpg' });
    const { places } = await (await fetch(`${url}/assets/${upload.assetId}`)).json();
    expect(places[0].path).toBe(join(folder, 'library', 'uploads', '2020', '2020-09', 'Zoë.jpg'));
  });

  test('takes a first part with the request that begins, tells of a full list, and forgets what is cancelled', async () => {
    const bytes = await draw(2);
    const answer = await fetch(`${url}/uploads`, {
      method: 'POST',
      headers: { ...PART, 'upload-length': String(bytes.length), 'upload-metadata': `filename ${encode('b.jpg')}` },
      body: Uint8Array.from(bytes),
    });
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, String(bytes.length)]);
    const address = await begin('c.jpg', 10);
    const { uploads } = answers.Uploads.parse(await (await fetch(`${url}/uploads`)).json());
    expect(uploads.map(({ name, state }) => [name, state])).toEqual(
      expect.arrayContaining([
        ['c.jpg', 'receiving'],
        ['b.jpg', 'done'],
      ]),
    );
    expect((await fetch(address, { method: 'DELETE', headers: TUS })).status).toBe(204);
    expect((await fetch(address, { method: 'HEAD', headers: TUS })).status).toBe(404);
    const type = await fetch(address, { method: 'PATCH', headers: { ...TUS, 'upload-offset': '0' }, body: 'a' });
    expect(type.status).toBe(415);
  });
});

describe('/v1/library/backups', () => {
  test('are made, listed, fetched whole and deleted', async () => {
    const made = answers.Backup.parse(await (await fetch(`${url}/backups`, { method: 'POST' })).json());
    const list = answers.Backups.parse(await (await fetch(`${url}/backups`)).json());
    expect(list.backups).toEqual([made]);
    const answer = await fetch(`${url}/backups/${made.name}`);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${made.name}"`);
    const path = join(folder, 'fetched');
    await writeFile(path, Buffer.from(await answer.arrayBuffer()));
    expect(await readBackup(path, {})).toMatchObject({ bytes: made.bytes, assets: 2 });
    expect((await fetch(`${url}/backups/${made.name}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${url}/backups/${made.name}`)).status).toBe(404);
    expect((await fetch(`${url}/backups/..%2Flibrary.lock`)).status).toBe(404);
  });
});

test('/v1/library/settings says whether folders are watched, and the state how', async () => {
  const state = answers.LibraryState.parse(await (await fetch(url)).json());
  expect(state.watching).toEqual([{ folderId: expect.any(Number), mode: 'events' }]);
  const changed = await fetch(`${url}/settings`, {
    method: 'PATCH',
    body: JSON.stringify({ isWatching: false }),
    headers: { 'content-type': 'application/json' },
  });
  expect(answers.LibrarySettings.parse(await changed.json())).toEqual({
    isWatching: false,
    hasDailyBackups: true,
    isSharing: false,
  });
  expect(answers.LibraryState.parse(await (await fetch(url)).json()).watching).toEqual([]);
});

test('small pictures of workers elsewhere are kept, by the content that they are of', async () => {
  const [asset] = (await library?.list())?.assets ?? [];
  const { sha256 } = (await library?.get(asset?.id ?? 0)) ?? { sha256: '' };
  const webp = await sharp(await draw(3))
    .webp()
    .toBuffer();
  const put = (hash: string, body: Uint8Array) =>
    fetch(`${url}/assets/${asset?.id}/preview?sha256=${hash}`, { method: 'PUT', body: Uint8Array.from(body) });
  expect((await put(sha256, webp)).status).toBe(204);
  const kept = await fetch(`${url}/assets/${asset?.id}/preview`);
  expect(Buffer.from(await kept.arrayBuffer()).equals(webp)).toBe(true);
  expect((await put('0'.repeat(64), webp)).status).toBe(404);
  expect((await put('nothing', webp)).status).toBe(400);
  expect((await put(sha256, await draw(3))).status).toBe(400);
  expect((await put(sha256, Buffer.alloc(5 * 2 ** 20))).status).toBe(413);
});
