import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeBackup } from './backup/write-backup.ts';
import { createPictureFiles } from './files/picture-files.ts';
import { drawPhoto, put } from './fixtures/photos.ts';
import { useLibraries } from './fixtures/test-library.ts';
import { createLocalFiles } from './jobs/index-files.ts';
import { openEmbeddedStore } from './store/embedded/open-embedded-store.ts';
import { createUploads } from './uploads/uploads.ts';

const libraries = useLibraries();
const run = promisify(execFile);
const SMALL = `/tmp/focal-small-disk-${process.pid}`;

/** A disk of one megabyte, where this process may have one: as root on Linux. */
const canMount = await mkdir(SMALL)
  .then(() => run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', SMALL]))
  .then(
    () => true,
    () => false,
  );
afterAll(async () => {
  if (canMount) await run('umount', [SMALL]).catch(() => undefined);
  await rm(SMALL, { recursive: true, force: true });
});

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(SMALL);
  return bavail * bsize;
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024).fill(1);
}

describe.runIf(canMount)('on a disk that is full', () => {
  beforeAll(() => mkdir(join(SMALL, 'in')));

  test('a backup is told as such and leaves nothing; the library goes on', async () => {
    await (await libraries.open('embedded', { home: 'full', works: false })).close();
    await using store = await openEmbeddedStore(join(libraries.libraryFolder('full'), 'database'), 1);
    // What does not get smaller by packing it.
    for (let n = 0; n < 60; n++) {
      await store.direct.query(
        `insert into albums (name, description, created_at)
         select $1, string_agg(md5(random()::text || i::text), '') , 1 from generate_series(1, 1500) i`,
        [`album ${n}`],
      );
    }
    await expect(writeBackup(store, join(SMALL, 'in', 'a'), { now: 1 })).rejects.toMatchObject({ code: 'no-space' });
    expect(await readdir(join(SMALL, 'in'))).toEqual([]);
    const { rows } = await store.direct.query('select count(*)::integer as count from albums');
    expect(rows[0]?.count).toBe(60);
  }, 120_000);

  test('an upload keeps what is there, and goes on once there is room', async () => {
    const folder = join(SMALL, 'in', 'uploads');
    const uploads = createUploads({
      incoming: folder,
      folder: join(folder, 'done'),
      media: libraries.media,
      now: Date.now,
      find: async () => undefined,
      onPlaced: async () => undefined,
    });
    // Looked at before the first byte.
    await expect(uploads.create({ name: 'a.jpg', bytes: 2 ** 20 })).rejects.toMatchObject({ code: 'no-space' });
    const roomy = createUploads({
      incoming: folder,
      folder: join(folder, 'done'),
      media: libraries.media,
      now: Date.now,
      reserveBytes: -(2 ** 30),
      find: async () => undefined,
      onPlaced: async () => undefined,
    });
    const { id } = await roomy.create({ name: 'a.jpg', bytes: 2 ** 24 });
    await expect(roomy.append(id, 0, endless())).rejects.toMatchObject({ code: 'no-space' });
    const { offset, state } = await roomy.get(id);
    expect([offset > 2 ** 18, state]).toEqual([true, 'receiving']);
    expect(await freeBytes()).toBeLessThan(64 * 1024);
    await roomy.remove(id);
    expect(await freeBytes()).toBeGreaterThan(2 ** 19);
  });

  test('work on photos waits, and no file is called bad for it', async () => {
    const folder = join(libraries.folder, 'full-photos');
    for (let seed = 0; seed < 3; seed++) {
      await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed, width: 1600, height: 1200, quality: 100 }));
    }
    await put(join(SMALL, 'in', 'filler'), new Uint8Array((await freeBytes()) - 4096));
    const pictures = createPictureFiles(join(SMALL, 'in', 'thumbnails'));
    const errors: unknown[] = [];
    await using library = await libraries.open('embedded', {
      indexFiles: createLocalFiles(pictures),
      onError: (error) => void errors.push(error),
    });
    await library.folders.add(folder);
    while (errors.length === 0) await new Promise((done) => setTimeout(done, 50));
    expect(errors[0]).toMatchObject({ code: 'no-space' });
    expect((await library.badFiles()).total).toBe(0);
    await rm(join(SMALL, 'in', 'filler'));
    await library.idle();
    expect((await library.list()).assets.filter(({ isIndexed }) => isIndexed)).toHaveLength(3);
    expect((await library.badFiles()).total).toBe(0);
  }, 120_000);
});

test.skipIf(canMount)('full disks are left out: this process may not mount one', () => {
  expect(canMount).toBe(false);
});

test('a clock that jumps loses nothing and repeats nothing', async () => {
  const folder = join(libraries.folder, 'clock');
  await put(join(folder, '1.jpg'), await drawPhoto({ seed: 1 }));
  let time = Date.UTC(2024, 5, 1);
  await using library = await libraries.open('embedded', { now: () => time });
  await library.folders.add(folder);
  await library.idle();
  const { id: first } = await library.albums.create({ name: 'first' });
  for (const jump of [-40 * 365, 80 * 365, -1]) {
    time += jump * 86_400_000;
    libraries.media.counts.inspected = 0;
    await library.folders.rescan();
    await library.idle();
    expect(libraries.media.counts.inspected).toBe(0);
    const [asset] = (await library.list()).assets;
    await library.change([asset?.id ?? 0], { isTrashed: true });
    await library.change([asset?.id ?? 0], { isTrashed: false, rating: 2 });
  }
  await put(join(folder, '2.jpg'), await drawPhoto({ seed: 2 }));
  await library.folders.rescan();
  await library.idle();
  expect((await library.list()).assets.map(({ isIndexed }) => isIndexed)).toEqual([true, true]);
  expect((await library.albums.list()).map(({ id }) => id)).toEqual([first]);
});
