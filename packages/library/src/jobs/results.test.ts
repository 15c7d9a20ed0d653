import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { openServerStore } from '../store/open-server-store.ts';
import { createLocalFiles } from './index-files.ts';
import { createIndexer } from './indexer.ts';
import { type JobQueue, type LibraryJob, openQueue } from './queue.ts';

const libraries = useLibraries();
const { media } = libraries;

describe.each(DATABASES)('results that are kept together, on the %s database', (kind) => {
  test('one that cannot be kept is listed with the reason, and the others are kept', async () => {
    const folder = join(libraries.folder, `results-${kind}`);
    for (let seed = 0; seed < 12; seed++) await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed: seed + 1 }));
    const errors: unknown[] = [];
    await using library = await libraries.open(kind, {
      media: {
        ...media,
        async thumbnails(source, options) {
          const made = await media.thumbnails(source, options);
          return String(source.path).endsWith('/5.jpg') ? { ...made, width: 2 ** 40 } : made;
        },
      },
      onError: (error) => void errors.push(error),
    });
    media.counts.thumbnails = 0;
    await library.folders.add(folder);
    await library.idle();
    expect(errors).toEqual([]);
    expect((await library.badFiles()).files).toMatchObject([{ path: join(folder, '5.jpg'), code: 'corrupt-input' }]);
    expect(media.counts.thumbnails).toBe(12);
    const { assets } = await library.list();
    expect(assets.filter(({ isIndexed }) => isIndexed)).toHaveLength(11);
    expect((await library.progress()).jobs).toEqual({
      thumbnails: { waiting: 0, running: 0 },
      scene: { waiting: 0, running: 0 },
    });
    expect(library.jobsDone()).toBe(23);
  }, 120_000);
});

test('photos that look the same find each other also where they are kept together', async () => {
  const folder = join(libraries.folder, 'alike');
  for (const [width, seed] of [
    [400, 60],
    [300, 61],
    [200, 60],
    [180, 62],
    [160, 60],
  ] as const) {
    await put(join(folder, `${width}.jpg`), await drawPhoto({ seed, width, height: (width * 3) / 4 }));
  }
  await using library = await libraries.open('embedded');
  await library.folders.add(folder);
  await library.idle();
  const { groups, total } = await library.duplicates();
  expect(total).toBe(1);
  expect(groups[0]?.assets.map(({ width }) => width).sort((a, b) => a - b)).toEqual([160, 200, 400]);
});

test('no more is taken than is begun at once while there is work that a process has ended during', async () => {
  await (await libraries.open('embedded', { home: 'wary', works: false })).close();
  await using store = await openEmbeddedStore(join(libraries.libraryFolder('wary'), 'database'), 1);
  const job = (id: number, tries: number): LibraryJob => ({ id: `job ${id}`, kind: 'thumbnails', assetId: id, tries });
  const answers = [[job(1, 0)], [job(2, 1)], [job(3, 1), job(4, 0)], [job(5, 0)], []];
  const asked: number[] = [];
  const finished: string[] = [];
  const queue: Partial<JobQueue> = {
    async take(kind, count) {
      if (kind !== 'thumbnails') return [];
      asked.push(count);
      return answers.shift() ?? [];
    },
    add: async () => undefined,
    finish: async (jobs) => void finished.push(...jobs.map(({ id }) => id)),
  };
  const indexer = createIndexer({
    store,
    queue: queue as JobQueue,
    media,
    files: {} as never,
    ownsFolders: true,
    now: () => 1,
    together: 2,
    onError: (error) => expect.unreachable(String(error)),
  });
  await indexer.idle();
  await indexer.close();
  const [first = 0, second = 0, ...more] = asked;
  expect([first, ...more.slice(0, 2)]).toEqual([2, 2, 2]);
  // Nothing was tried before: many at once.
  expect(second).toBeGreaterThan(2);
  expect(more[2]).toBeGreaterThan(2);
  expect(finished).toEqual([1, 2, 3, 4, 5].map((id) => `job ${id}`));
  expect(indexer.done).toBe(5);
});

describe.each(DATABASES)('jobs that are taken ahead, on the %s database', (kind) => {
  test.each([
    { afterMs: 59_000, others: 'are done', left: 0 },
    { afterMs: 61_000, others: 'go back to whoever is free', left: 4 },
  ])(
    '$others where the first of them takes $afterMs ms',
    async ({ afterMs, left }) => {
      const home = `ahead-${kind}-${afterMs}`;
      const folder = join(libraries.folder, home);
      const count = 6;
      for (let seed = 0; seed < count; seed++) {
        await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed: seed + 70 }));
      }
      {
        await using library = await libraries.open(kind, { home, works: false });
        await library.folders.add(folder);
        while ((await library.progress()).scans.length > 0) await delay(20);
      }
      const url = libraries.databaseUrl(home);
      await using store =
        url === undefined
          ? await openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1)
          : await openServerStore(url, 1);
      const queue = await openQueue(store, (error) => expect.unreachable(String(error)));
      let clock = 1000;
      const begun: string[] = [];
      const indexer = createIndexer({
        store,
        // The first comes alone, until it is known that no process has ended during it. What goes back is for others.
        queue: { ...queue, take: async (each, most) => (begun.length < 2 ? queue.take(each, most) : []) },
        media: {
          ...media,
          thumbnails(source, options) {
            if (begun.length === 1) clock += afterMs;
            begun.push(String(source.path));
            return media.thumbnails(source, options);
          },
        },
        files: createLocalFiles({ has: async () => false, write: async () => undefined } as never),
        ownsFolders: true,
        now: () => clock,
        together: 1,
        onError: (error) => expect.unreachable(String(error)),
      });
      await indexer.idle();
      await indexer.close();
      expect(begun).toHaveLength(count - left);
      expect((await queue.counts()).thumbnails).toEqual({ waiting: left, running: 0 });
      // Not begun, so not tried.
      expect((await queue.take('thumbnails', 10)).map(({ tries }) => tries)).toEqual(Array(left).fill(0));
      await queue.close();
    },
    120_000,
  );
});
