import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { createIndexer } from './indexer.ts';
import type { JobQueue, LibraryJob } from './queue.ts';

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
