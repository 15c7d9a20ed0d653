import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InspectedFile } from '@focal/core';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { type JobQueue, openQueue } from '../jobs/queue.ts';
import type { Library } from '../library.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { openServerStore } from '../store/open-server-store.ts';
import type { Store } from '../store/store.ts';
import { type ScanReport, scanFolder } from './scan.ts';

const libraries = useLibraries();
const failed = (error: unknown): never => {
  throw error;
};

/** Files with a line of text each, read as photos by {@link reader}. */
async function putFiles(name: string, contents: readonly string[]): Promise<string> {
  const folder = join(libraries.folder, name);
  for (const [at, content] of contents.entries()) await put(join(folder, `${at}.jpg`), content);
  return folder;
}

const some = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `photo ${at}`);

/** What is said of a file goes by its text alone. */
const reader = {
  ...libraries.media,
  async inspect(path: string | Uint8Array): Promise<InspectedFile> {
    const bytes = await readFile(path as string);
    const text = bytes.toString();
    return {
      kind: 'photo',
      format: 'jpeg',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      width: text.includes('huge') ? 2 ** 40 : 40,
      height: 30,
      capture: text.includes('half') ? { caption: 'half a pair: \ud83d' } : {},
    };
  },
};

async function openStore(kind: 'embedded' | 'server', home: string): Promise<Store> {
  await (await libraries.open(kind, { home, works: false })).close();
  if (kind === 'embedded') return openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1);
  return openServerStore(libraries.databaseUrl(home) ?? '', 1);
}

async function scan(store: Store, queue: JobQueue, path: string): Promise<ScanReport> {
  const folder = await store.db
    .insertInto('folders')
    .values({ path, added_at: 1 })
    .onConflict((conflict) => conflict.column('path').doUpdateSet({ added_at: 1 }))
    .returning(['id', 'path'])
    .executeTakeFirstOrThrow();
  return scanFolder({ store, queue, media: reader, folder, now: () => 1, together: 2 });
}

async function scansOf(library: Library): Promise<void> {
  while ((await library.progress()).scans.length > 0) await delay(10);
}

describe.each(DATABASES)('many files at once, on the %s database', (kind) => {
  test('one that cannot be kept is listed with the reason, and those around it are kept', async () => {
    const folder = await putFiles(`bad-${kind}`, [
      ...some(20),
      'huge',
      'half a pair',
      'huge as well',
      ...some(40).slice(23),
    ]);
    await using library = await libraries.open(kind, { media: reader, works: false, onError: failed });
    await library.folders.add(folder);
    await scansOf(library);
    const { files, total } = await library.badFiles();
    expect(total).toBe(2);
    expect(files.map(({ path, code }) => [path, code])).toEqual([
      [join(folder, '20.jpg'), 'corrupt-input'],
      [join(folder, '22.jpg'), 'corrupt-input'],
    ]);
    const { photos, jobs } = await library.progress();
    expect([photos, jobs.thumbnails.waiting]).toEqual([38, 38]);
    const { where } = await library.understand('half');
    const [half] = (await library.list({ filter: where === undefined ? {} : { where } })).assets;
    expect((await library.get(half?.id ?? 0)).caption).toBe('half a pair: \ufffd');
  });

  test('copies among them are one photo with one job, and each place is kept', async () => {
    await using store = await openStore(kind, `copies-${kind}`);
    const queue = await openQueue(store, failed);
    try {
      const folder = await putFiles(`copies-${kind}`, ['one', 'two', 'one', 'three', 'two', 'one']);
      expect(await scan(store, queue, folder)).toMatchObject({ found: 6, added: 3, moved: 3, bad: 0 });
      expect((await queue.counts()).thumbnails.waiting).toBe(3);
      const places = await store.db.selectFrom('places').select(['path', 'asset_id']).orderBy('path').execute();
      const [a, b, , c] = places.map((place) => place.asset_id);
      expect(places.map((place) => place.asset_id)).toEqual([a, b, a, c, b, a]);
      expect(new Set([a, b, c]).size).toBe(3);
      const assets = await store.db.selectFrom('assets').select(['id', 'places']).orderBy('id').execute();
      expect(assets.map((asset) => asset.places).sort((a, b) => a - b)).toEqual([1, 2, 3]);
      expect(await scan(store, queue, folder)).toMatchObject({ found: 6, unchanged: 6, added: 0 });
    } finally {
      await queue.close();
    }
  });

  test('no photo is kept without its job', async () => {
    await using store = await openStore(kind, `jobs-${kind}`);
    const queue = await openQueue(store, failed);
    try {
      const folder = await putFiles(`jobs-${kind}`, some(12));
      const full: JobQueue = {
        ...queue,
        add: async () => {
          throw new Error('The queue takes nothing.');
        },
      };
      await expect(scan(store, full, folder)).rejects.toThrow('The queue takes nothing.');
      expect(await store.db.selectFrom('assets').select('id').execute()).toEqual([]);
      expect(await scan(store, queue, folder)).toMatchObject({ added: 12 });
      expect((await queue.counts()).thumbnails.waiting).toBe(12);
    } finally {
      await queue.close();
    }
  });

  test('what moved to another place keeps what is its own, though its place was taken at the same time', async () => {
    const folder = await putFiles(`taken-${kind}`, ['first', 'second']);
    await using library = await libraries.open(kind, { media: reader, works: false, onError: failed });
    await library.folders.add(folder);
    await scansOf(library);
    const [first] = (await library.list({ filter: { words: ['0.jpg'] } })).assets;
    await library.change([first?.id ?? 0], { rating: 5 });
    await rename(join(folder, '0.jpg'), join(folder, '1.jpg'));
    await put(join(folder, '0.jpg'), 'third');
    await library.folders.rescan();
    await scansOf(library);
    expect(await library.get(first?.id ?? 0)).toMatchObject({ rating: 5, places: [{ path: join(folder, '1.jpg') }] });
    const [third] = (await library.list({ filter: { words: ['0.jpg'] } })).assets;
    expect((await library.get(third?.id ?? 0)).rating).toBe(0);
  });

  test('a process that is killed leaves each photo with its job, and the next one does the rest', async () => {
    const home = `killed-scan-${kind}`;
    const count = 1500;
    const folder = await putFiles(home, some(count));
    await (await libraries.open(kind, { home, works: false })).close();
    for (const least of [1, count / 3]) {
      const child = spawn(process.execPath, [
        '--input-type=module',
        '-e',
        SCRIPT,
        new URL('../../dist/index.js', import.meta.url).href,
        libraries.libraryFolder(home),
        folder,
        libraries.databaseUrl(home) ?? '',
      ]);
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += String(chunk);
      });
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk) => {
          if (Number(String(chunk).trim().split('\n').at(-1)) >= least) resolve();
        });
        child.once('exit', () => reject(new Error(`The process ended by itself: ${errors}`)));
      });
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      await once(child, 'close');
      await using library = await libraries.open(kind, { home, works: false });
      const { photos, jobs } = await library.progress();
      expect(photos).toBeGreaterThanOrEqual(least);
      expect(jobs.thumbnails.waiting).toBe(photos);
    }
    await using library = await libraries.open(kind, { home, media: reader, works: false, onError: failed });
    await library.folders.rescan();
    await scansOf(library);
    const { photos, jobs, bad } = await library.progress();
    expect([photos, jobs.thumbnails.waiting, bad]).toEqual([count, count, 0]);
    expect(await library.folders.list()).toMatchObject([{ count }]);
  }, 240_000);
});

/** A process that looks through a folder, reading files as {@link reader} does, and prints how many are kept. */
const SCRIPT = `
  const [library, folder, photos, databaseUrl] = process.argv.slice(1);
  const { createHash } = await import('node:crypto');
  const { readFile } = await import('node:fs/promises');
  const { openLibrary } = await import(library);
  const inspect = async (path) => {
    const bytes = await readFile(path);
    return { kind: 'photo', format: 'jpeg', sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length, width: 40, height: 30, capture: {} };
  };
  const opened = await openLibrary({
    folder, media: { inspect }, works: false, ...(databaseUrl && { databaseUrl }), onError: (error) => console.error(error) });
  await opened.folders.add(photos).catch(() => opened.folders.rescan());
  for (;;) console.log((await opened.progress()).photos);`;

test('a commit holds many files', async () => {
  await (await libraries.open('embedded', { home: 'commits', works: false })).close();
  await using store = await openEmbeddedStore(join(libraries.libraryFolder('commits'), 'database'), 1);
  const queue = await openQueue(store, failed);
  try {
    const count = 600;
    const folder = await putFiles('commits', some(count));
    const before = await store.syncs();
    expect(await scan(store, queue, folder)).toMatchObject({ added: count });
    // Slow machines keep fewer at once, as nothing waits long.
    expect((await store.syncs()) - before).toBeLessThan(count / 4);
  } finally {
    await queue.close();
  }
}, 120_000);

test.runIf(DATABASES.includes('server'))(
  'two processes that look through a folder at once keep each file once',
  async () => {
    const home = 'both';
    const count = 900;
    const folder = await putFiles(home, some(count));
    const errors: unknown[] = [];
    const open = () =>
      libraries.open('server', { home, media: reader, works: false, onError: (error) => void errors.push(error) });
    await using one = await open();
    await using other = await open();
    await one.folders.add(folder);
    while ((await other.folders.list()).length === 0) await delay(1);
    await other.folders.rescan();
    await Promise.all([scansOf(one), scansOf(other)]);
    expect(errors).toEqual([]);
    expect(await one.folders.list()).toMatchObject([{ count }]);
    expect(await one.progress()).toMatchObject({ photos: count, bad: 0 });
    expect((await one.duplicates()).total).toBe(0);
  },
  120_000,
);

test('a photo whose XMP holds what no text may hold is taken all the same', async () => {
  const folder = join(libraries.folder, 'xmp-halves');
  const xmp = (caption: string) => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:description><rdf:Alt><rdf:li xml:lang="x-default">${caption}</rdf:li></rdf:Alt></dc:description>
    </rdf:Description></rdf:RDF></x:xmpmeta>`;
  await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 1 }));
  await put(join(folder, 'a.jpg.xmp'), xmp('half &#xd83d;'));
  await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 2 }));
  await using library = await libraries.open('embedded', { works: false, onError: failed });
  await library.folders.add(folder);
  await scansOf(library);
  const { assets } = await library.list();
  const details = await Promise.all(assets.map(({ id }) => library.get(id)));
  expect(details.map(({ caption }) => caption).sort()).toEqual(['', 'half \ufffd']);
});
