import { appendFile, mkdir, open, rename, rm, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import { createFolderWatcher } from './watch.ts';

const libraries = useLibraries();
const { media } = libraries;
const watchTimes = { quietMs: 100, longestMs: 1000, offlineMs: 200 };

async function namesOf(library: Library): Promise<readonly string[]> {
  const { assets } = await library.list({ limit: 100 });
  const details = await Promise.all(assets.map(({ id }) => library.get(id)));
  return details.flatMap(({ places }) => places.map(({ path }) => path.split('/').slice(-2).join('/'))).sort();
}

/** Until the library has just these files. */
async function expectNames(library: Library, names: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await namesOf(library)).toEqual(names), { timeout: 20_000, interval: 50 });
}

test('what comes, changes, moves and goes is taken up by itself, and nothing else is read', async () => {
  const folder = join(libraries.folder, 'in');
  await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 1 }));
  await put(join(folder, 'sub', 'b.jpg'), await drawPhoto({ seed: 2 }));
  await using library = await libraries.open('embedded', { watches: true, watchTimes });
  const { id } = await library.folders.add(folder);
  await library.idle();
  expect((await library.progress()).watching).toEqual([{ folderId: id, mode: 'events' }]);
  const [first] = (await library.list()).assets;
  await library.change([first?.id ?? 0], { rating: 5 });
  media.counts.inspected = 0;

  await put(join(folder, 'c.jpg'), await drawPhoto({ seed: 3 }));
  await expectNames(library, ['in/a.jpg', 'in/c.jpg', 'sub/b.jpg']);
  expect(media.counts.inspected).toBe(1);
  await put(join(folder, 'new', 'deep', 'd.jpg'), await drawPhoto({ seed: 4 }));
  await expectNames(library, ['deep/d.jpg', 'in/a.jpg', 'in/c.jpg', 'sub/b.jpg']);
  // A folder that was made while watching is watched.
  await put(join(folder, 'new', 'deep', 'e.jpg'), await drawPhoto({ seed: 5 }));
  await expectNames(library, ['deep/d.jpg', 'deep/e.jpg', 'in/a.jpg', 'in/c.jpg', 'sub/b.jpg']);
  await rename(join(folder, 'new', 'deep'), join(folder, 'moved'));
  await expectNames(library, ['in/a.jpg', 'in/c.jpg', 'moved/d.jpg', 'moved/e.jpg', 'sub/b.jpg']);
  await rename(join(folder, 'a.jpg'), join(folder, 'sub', 'f.jpg'));
  await unlink(join(folder, 'c.jpg'));
  await rm(join(folder, 'moved'), { recursive: true });
  await expectNames(library, ['sub/b.jpg', 'sub/f.jpg']);
  await put(join(folder, 'sub', 'b.jpg'), await drawPhoto({ seed: 6 }));
  await vi.waitFor(async () => expect((await library.list()).assets[0]?.isIndexed).toBe(true), { timeout: 20_000 });
  await library.idle();
  expect((await library.list()).assets.map(({ rating }) => rating).sort((a, b) => a - b)).toEqual([0, 5]);
  expect((await library.badFiles()).total).toBe(0);
}, 120_000);

test('a file that still grows is left alone until it has come to rest', async () => {
  const folder = join(libraries.folder, 'growing');
  await mkdir(folder);
  await using library = await libraries.open('embedded', { watches: true, watchTimes });
  await library.folders.add(folder);
  await library.idle();
  media.counts.inspected = 0;
  const bytes = await drawPhoto({ seed: 7, width: 600, height: 400 });
  const path = join(folder, 'copy.jpg');
  for (let at = 0; at < bytes.length; at += bytes.length / 8) {
    await appendFile(path, bytes.subarray(Math.floor(at), Math.floor(at + bytes.length / 8)));
    await delay(400);
  }
  expect(media.counts.inspected).toBe(0);
  await expectNames(library, ['growing/copy.jpg']);
  expect(media.counts.inspected).toBe(1);
  expect((await library.badFiles()).total).toBe(0);
}, 60_000);

test('is switched off and on, stops for folders that are taken out, and comes back to those that were away', async () => {
  const folder = join(libraries.folder, 'switched');
  await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 8 }));
  await using library = await libraries.open('embedded', { watches: true, watchTimes });
  const { id } = await library.folders.add(folder);
  await library.idle();
  expect(await library.settings.change({ isWatching: false })).toEqual({
    isWatching: false,
    hasDailyBackups: true,
    isSharing: false,
  });
  expect((await library.progress()).watching).toEqual([]);
  await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 9 }));
  await delay(3000);
  expect(await namesOf(library)).toEqual(['switched/a.jpg']);
  await library.settings.change({ isWatching: true });
  await library.folders.rescan();
  await expectNames(library, ['switched/a.jpg', 'switched/b.jpg']);

  await rename(folder, `${folder}-away`);
  await vi.waitFor(async () => expect((await library.progress()).watching[0]?.mode).toBe('offline'), 30_000);
  await vi.waitFor(async () => expect((await library.folders.list())[0]?.isOnline).toBe(false), 30_000);
  expect((await library.list()).assets).toHaveLength(2);
  await put(join(`${folder}-away`, 'c.jpg'), await drawPhoto({ seed: 10 }));
  await rename(`${folder}-away`, folder);
  await expectNames(library, ['switched/a.jpg', 'switched/b.jpg', 'switched/c.jpg']);
  await vi.waitFor(async () => expect((await library.progress()).watching[0]?.mode).toBe('events'), 30_000);
  await library.folders.remove(id);
  expect((await library.progress()).watching).toEqual([]);
}, 90_000);

test('where the system watches no more, the folder is looked through every so often, and that is told', async () => {
  const folder = join(libraries.folder, 'polled');
  await mkdir(join(folder, 'inner'), { recursive: true });
  await symlink(folder, join(folder, 'inner', 'circle'));
  const looks: unknown[] = [];
  const full = Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });
  let watched = 0;
  const { watch } = await import('node:fs');
  const watcher = createFolderWatcher({
    folders: async () => [{ id: 1, path: folder }],
    onDirty: (id, targets) => looks.push([id, targets]),
    onChange: () => undefined,
    onError: (error) => looks.push(error),
    times: { pollMs: 50 },
    watch: ((...args: Parameters<typeof watch>) => {
      if (++watched > 1) throw full;
      return watch(...args);
    }) as typeof watch,
  });
  await watcher.setOn(true);
  expect(watcher.list()).toEqual([
    { folderId: 1, mode: 'polling', reason: expect.stringContaining('fs.inotify.max_user_watches') },
  ]);
  await vi.waitFor(() => expect(looks.length).toBeGreaterThan(2), 30_000);
  expect(looks[0]).toEqual([1, undefined]);
  await watcher.close();
  const count = looks.length;
  await delay(150);
  expect(looks).toHaveLength(count);
});

test('many changes at once are looked at once', async () => {
  const folder = join(libraries.folder, 'many');
  await mkdir(folder);
  const looks: (readonly { readonly path: string }[] | undefined)[] = [];
  const watcher = createFolderWatcher({
    folders: async () => [{ id: 1, path: folder }],
    onDirty: (_, targets) => looks.push(targets),
    onChange: () => undefined,
    onError: (error) => looks.push(error as never),
    times: { quietMs: 200, longestMs: 60_000 },
  });
  await watcher.setOn(true);
  const file = await open(join(folder, 'written.jpg'), 'w');
  for (let part = 0; part < 30; part++) {
    await file.write('part');
    await delay(10);
  }
  await file.close();
  await delay(600);
  expect(looks).toEqual([[{ path: folder, isDeep: false }]]);
  looks.length = 0;
  for (let n = 0; n < 300; n++) await mkdir(join(folder, `folder ${n}`));
  await delay(1000);
  // So many that all is looked through.
  expect(looks).toEqual([undefined]);
  await watcher.close();
}, 30_000);
