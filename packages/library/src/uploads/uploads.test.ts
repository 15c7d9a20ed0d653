import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import { toSafeName } from './names.ts';

const libraries = useLibraries();

async function* inParts(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* breaking(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error('The connection broke.');
}

async function send(library: Library, name: string, bytes: Uint8Array, more: object = {}) {
  const { id } = await library.uploads.create({ name, bytes: bytes.length, ...more });
  return library.uploads.append(id, 0, inParts(bytes));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('a file comes in parts, goes on where it broke, and lies in the folder of its month', async () => {
  await using library = await libraries.open('embedded', { home: 'parts' });
  const exif = { IFD2: { DateTimeOriginal: '2023:07:14 18:30:05' } };
  const bytes = await drawPhoto({ seed: 1, exif });
  const { uploads } = library;
  const made = await uploads.create({
    name: 'A photo.jpg',
    bytes: bytes.length,
    modifiedMs: 1_690_000_000_000,
    sha256: sha256(bytes),
  });
  expect(made).toMatchObject({ offset: 0, state: 'receiving', name: 'A photo.jpg' });
  await expect(uploads.append(made.id, 0, breaking(bytes.subarray(0, 700)))).rejects.toThrow('connection broke');
  expect(await uploads.get(made.id)).toMatchObject({ offset: 700 });
  await expect(uploads.append(made.id, 300, inParts(bytes.subarray(300)))).rejects.toMatchObject({
    code: 'exists',
    message: 'The upload goes on at 700, not at 300.',
  });
  // One that hangs ends when its client comes again.
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
  const hanging = uploads.append(made.id, 700, silent).catch((error: unknown) => error);
  const ended = await uploads.append(made.id, 700, inParts(bytes.subarray(700)));
  expect(await hanging).toMatchObject({ code: 'aborted' });
  expect(ended).toMatchObject({ state: 'done', offset: bytes.length });
  await library.idle();
  const path = join(libraries.libraryFolder('parts'), 'uploads', '2023', '2023-07', 'A photo.jpg');
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect((await stat(path)).mtimeMs).toBe(1_690_000_000_000);
  const { assetId } = await uploads.get(made.id);
  expect(await library.get(assetId ?? 0)).toMatchObject({ isIndexed: true, places: [{ path }] });

  // The same once more is not kept twice; another of its name gets one of its own.
  expect(await send(library, 'again.jpg', bytes)).toMatchObject({ state: 'done', isDuplicate: true, assetId });
  await send(library, 'A photo.jpg', await drawPhoto({ seed: 2, exif }));
  await send(library, 'A photo.jpg', await drawPhoto({ seed: 3, exif }));
  await library.idle();
  expect((await readdir(join(path, '..'))).sort()).toEqual(['A photo (2).jpg', 'A photo (3).jpg', 'A photo.jpg']);
  expect((await library.list()).assets).toHaveLength(3);
  expect(await library.folders.list()).toHaveLength(1);
  expect((await uploads.list()).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
});

test('of two that send the same upload the later one goes on, however close they come', async () => {
  await using library = await libraries.open('embedded', { home: 'close' });
  const { uploads } = library;
  for (let i = 0; i < 100; i++) {
    const { id } = await uploads.create({ name: 'a.jpg', bytes: 10 });
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const hanging = uploads.append(id, 0, silent).catch((error: unknown) => error);
    expect(await uploads.append(id, 0, inParts(Buffer.from('12345')))).toMatchObject({ offset: 5 });
    expect(await hanging).toMatchObject({ code: 'aborted' });
    await uploads.remove(id);
  }
});

test('what is broken, no photo, or not what it was said to be is refused, and nothing is kept of it', async () => {
  await using library = await libraries.open('embedded', { home: 'refused' });
  const bytes = await drawPhoto({ seed: 4 });
  const { uploads } = library;
  expect(await send(library, 'text.jpg', Buffer.from('no picture'))).toMatchObject({
    state: 'failed',
    error: { code: 'unsupported-format' },
  });
  expect(await send(library, 'a.jpg', bytes, { sha256: '0'.repeat(64) })).toMatchObject({
    state: 'failed',
    error: { code: 'corrupt-input' },
  });
  const { id } = await uploads.create({ name: 'b.jpg', bytes: bytes.length });
  const checksum = { algorithm: 'sha1', value: createHash('sha1').update(bytes).digest() } as const;
  await expect(uploads.append(id, 0, inParts(bytes.subarray(1)), { checksum })).rejects.toMatchObject({
    code: 'corrupt-input',
  });
  expect(await uploads.get(id)).toMatchObject({ offset: 0 });
  await expect(uploads.append(id, 0, inParts(Buffer.concat([bytes, bytes])))).rejects.toMatchObject({
    code: 'too-large',
  });
  expect(await uploads.get(id)).toMatchObject({ offset: 0 });
  expect(await uploads.append(id, 0, inParts(bytes), { checksum })).toMatchObject({ state: 'done' });
  for (const size of [0, -1, 1.5, Number.NaN]) {
    await expect(uploads.create({ name: 'a', bytes: size })).rejects.toMatchObject({ code: 'invalid-argument' });
  }
  await expect(uploads.create({ name: 'a', bytes: 0 })).rejects.toThrow('got an empty file');
  await expect(uploads.create({ name: 'a', bytes: 2 ** 50 })).rejects.toMatchObject({ code: 'too-large' });
  await expect(uploads.get('../../secret')).rejects.toMatchObject({ code: 'not-found' });
  const cancelled = await uploads.create({ name: 'c.jpg', bytes: 10 });
  await uploads.append(cancelled.id, 0, inParts(Buffer.from('12345')));
  await uploads.remove(cancelled.id);
  await expect(uploads.get(cancelled.id)).rejects.toMatchObject({ code: 'not-found' });
  const left = await readdir(join(libraries.libraryFolder('refused'), 'incoming'));
  expect(left.filter((name) => !name.endsWith('.json'))).toEqual([]);
});

test('an upload survives the end of the process, also after its last part; old ones are forgotten', async () => {
  const bytes = await drawPhoto({ seed: 5 });
  let time = 1_700_000_000_000;
  const open = () => libraries.open('embedded', { home: 'survives', now: () => time });
  const first = await open();
  const { id } = await first.uploads.create({ name: 'a.jpg', bytes: bytes.length });
  const { id: old } = await first.uploads.create({ name: 'old.jpg', bytes: 10 });
  await first.uploads.append(id, 0, inParts(bytes.subarray(0, 900)));
  await first.close();
  await appendFile(join(libraries.libraryFolder('survives'), 'incoming', `${id}.part`), bytes.subarray(900));
  time += 3_600_000;
  {
    await using second = await open();
    await vi.waitFor(async () => expect(await second.uploads.get(id)).toMatchObject({ state: 'done' }), 30_000);
    await second.idle();
    expect((await second.list()).assets).toHaveLength(1);
  }
  time += 8 * 86_400_000;
  await using third = await open();
  await third.uploads.create({ name: 'new.jpg', bytes: 10 });
  await expect(third.uploads.get(old)).rejects.toMatchObject({ code: 'not-found' });
});

test('names are made safe for any system', () => {
  const names = {
    'a.jpg': 'a.jpg',
    '../../etc/passwd': 'passwd',
    'C:\\Users\\ada\\b.JPG': 'b.JPG',
    '..': 'upload',
    '.hidden.jpg': 'hidden.jpg',
    'a\u0000b<c>:"|?*.png': 'a_b_c______.png',
    'con.jpg': '_con.jpg',
    '': 'upload',
    'trailing. . ': 'trailing',
    'Zoë \ud83d.jpg': 'Zoë \ufffd.jpg',
  };
  expect(Object.fromEntries(Object.keys(names).map((name) => [name, toSafeName(name)]))).toEqual(names);
  const long = toSafeName(`${'ä'.repeat(300)}.jpeg`);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200);
  expect(long).toMatch(/^ä+\.jpeg$/);
});

test('what lies in the folder of uploads already is never replaced', async () => {
  await using library = await libraries.open('embedded', { home: 'kept' });
  const folder = join(libraries.libraryFolder('kept'), 'uploads', '2020', '2020-01');
  await mkdir(folder, { recursive: true });
  const mine = await drawPhoto({ seed: 6 });
  await put(join(folder, 'IMG_20200105.jpg'), mine);
  await send(library, 'IMG_20200105.jpg', await drawPhoto({ seed: 7 }));
  await library.idle();
  expect((await readFile(join(folder, 'IMG_20200105.jpg'))).equals(mine)).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(['IMG_20200105 (2).jpg', 'IMG_20200105.jpg']);
  expect((await library.list()).assets).toHaveLength(2);
});
