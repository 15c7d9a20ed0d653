import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import { openOwnStore } from '../open-own-store.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { openServerStore } from '../store/open-server-store.ts';
import type { Store } from '../store/store.ts';
import { createBackups, createDailyBackups } from './backups.ts';
import { readBackup } from './read-backup.ts';
import { restoreLibrary } from './restore.ts';
import { writeBackup } from './write-backup.ts';

const libraries = useLibraries();

/** Three photos with faces, ratings, captions in several scripts, an album and a smart one. */
async function fill(library: Library, name: string): Promise<void> {
  const folder = join(libraries.folder, name);
  for (const seed of [1, 2, 3]) await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed }));
  libraries.media.see({
    focalPoint: { x: 0.25, y: 1 / 3 },
    scene: {
      objects: { objects: [{ label: 'dog', score: 0.1 + 0.2, box: { x: 0.1, y: 0.2, width: 0.3, height: 1 / 7 } }] },
      faces: {
        faces: [
          {
            box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
            score: 0.9,
            rollDegrees: -12.5,
            quality: { overall: 0.7 },
            vector: Float32Array.from({ length: 128 }, (_, index) => Math.sin(index) / 11),
          },
        ],
      },
    },
  });
  await library.folders.add(folder);
  await library.idle();
  const { assets } = await library.list();
  const [first, second] = assets.map(({ id }) => id) as [number, number];
  await library.change([first], { rating: 4, caption: 'Zoë\'s "cake" \\ 🎂\n第二行', isFavourite: true });
  await library.change([second], { isTrashed: true });
  const { id } = await library.albums.create({ name: 'Été', description: 'of {it}, "all"' });
  await library.albums.addAssets(id, [second, first]);
  await library.albums.create({ name: 'Dogs', query: 'dog' });
}

/** All that a library shows of itself, and all rows of its tables. */
async function snapshot(store: Store): Promise<string> {
  const { rows: tables } = await store.direct.query(
    "select table_name from information_schema.tables where table_schema = 'focal' and table_name not in ('migrations', 'fingerprint') order by 1",
  );
  const hash = createHash('sha256');
  for (const name of tables.map(({ table_name }) => String(table_name))) {
    const { rows } = await store.direct.query(`select to_jsonb(t)::text as line from ${name} t order by 1`);
    hash.update(`${name}\n${rows.map(({ line }) => line).join('\n')}\n`);
  }
  return hash.digest('hex');
}

async function openStore(kind: 'embedded' | 'server', home: string): Promise<Store> {
  return kind === 'embedded'
    ? openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1)
    : openServerStore(libraries.databaseUrl(home) ?? '', 1);
}

const target = (home: string) => {
  const databaseUrl = libraries.databaseUrl(home);
  return { folder: libraries.libraryFolder(home), ...(databaseUrl !== undefined && { databaseUrl }) };
};

/** A library of so many photos in a file; closed again. */
async function makeBackup(kind: 'embedded' | 'server', home: string): Promise<string> {
  const path = join(libraries.folder, `${home}.focal-backup`);
  const library = await libraries.open(kind, { home });
  await fill(library, `photos-${home}`);
  await library.close();
  await using store = await openStore(kind, home);
  await writeBackup(store, path, { now: 1_700_000_000_000 });
  return path;
}

describe.each(DATABASES.flatMap((from) => DATABASES.map((to) => [from, to] as const)))(
  'a backup from %s to %s',
  (from, to) => {
    const [source, home] = [`from-${from}-${to}`, `to-${from}-${to}`];

    test('has everything, and the library goes on with it', async () => {
      const path = await makeBackup(from, source);
      await (await libraries.open(to, { home, works: false })).close();
      const restored = await restoreLibrary({ ...target(home), backup: path });
      expect(restored).toMatchObject({ assets: 3, albums: 2, createdAt: 1_700_000_000_000 });
      // An empty one is not worth keeping.
      expect(restored.before).toBeUndefined();
      {
        await using before = await openStore(from, source);
        await using after = await openStore(to, home);
        // Thumbnails lie in the folder of the other library.
        expect((await after.direct.query('select sum(thumbnail_version) as made from assets')).rows[0]?.made).toBe(0);
        await after.direct.query('update assets set thumbnail_version = 1');
        expect(await snapshot(after)).toBe(await snapshot(before));
        await after.direct.query('update assets set thumbnail_version = 0');
      }
      await using library = await libraries.open(to, { home });
      await library.idle();
      const { assets } = await library.list();
      expect(assets).toHaveLength(2);
      expect(assets.every(({ isIndexed }) => isIndexed)).toBe(true);
      expect(await library.get(assets[0]?.id ?? 0)).toMatchObject({
        rating: 4,
        caption: expect.stringContaining('🎂'),
      });
      expect((await library.timeline()).reduce((sum, { count }) => sum + count, 0)).toBe(2);
      // Ids go on where they were.
      const { id } = await library.albums.create({ name: 'New' });
      expect(id).toBe(3);
      await library.change([assets[0]?.id ?? 0], { isTrashed: true });
      expect((await library.timeline()).reduce((sum, { count }) => sum + count, 0)).toBe(1);
    });

    test('takes the place of a library only when told to, and keeps that one', async () => {
      const path = join(libraries.folder, `${source}.focal-backup`);
      await expect(restoreLibrary({ ...target(home), backup: path })).rejects.toMatchObject({ code: 'exists' });
      const { before } = await restoreLibrary({ ...target(home), backup: path, overwrite: true });
      const inFolder = to === 'embedded';
      {
        await using kept = inFolder ? await openEmbeddedStore(before ?? '', 1) : await openStore(to, home);
        const schema = inFolder ? 'focal' : before?.replace('schema ', '');
        const { rows } = await kept.direct.query(`select name from ${schema}.albums order by id`);
        expect(rows.map(({ name }) => name)).toEqual(['Été', 'Dogs', 'New']);
      }
      await using library = await libraries.open(to, { home, works: false });
      expect((await library.albums.list()).map(({ name }) => name).sort()).toEqual(['Dogs', 'Été']);
    });
  },
);

describe.each(DATABASES)('a backup of the %s database', (kind) => {
  const home = `whole-${kind}`;

  test('is refused where it is broken, of another kind or of a newer Focal, and nothing changes', async () => {
    const path = await makeBackup(kind, home);
    const whole = await readFile(path);
    const lines = gunzipSync(whole).toString('utf8').split('\n');
    const other = join(libraries.folder, `${home}-other`);
    const attempt = async (bytes: Uint8Array): Promise<unknown> => {
      await writeFile(other, bytes);
      return restoreLibrary({ ...target(home), backup: other, overwrite: true }).catch((error: unknown) => error);
    };
    const header = JSON.parse(lines[0] ?? '') as { migrations: object[] };
    const withHeader = (change: object): Uint8Array =>
      gzipSync([JSON.stringify({ ...header, ...change }), ...lines.slice(1)].join('\n'));
    await using before = await openStore(kind, home);
    const was = await snapshot(before);
    await before.close();

    expect(await attempt(whole.subarray(0, whole.length - 9))).toMatchObject({
      code: 'corrupt-input',
      message: expect.stringContaining('it ends too early'),
    });
    expect(await attempt(gzipSync(lines.join('\n').replace('Dogs', 'Cats')))).toMatchObject({
      message: expect.stringContaining('its checksum differs'),
    });
    expect(await attempt(gzipSync(lines.slice(0, -2).join('\n')))).toMatchObject({
      message: expect.stringContaining('its end is missing'),
    });
    expect(await attempt(await drawPhoto())).toMatchObject({ code: 'unsupported-format' });
    expect(await attempt(gzipSync('{"a":1}\n'))).toMatchObject({ code: 'unsupported-format' });
    expect(await attempt(withHeader({ version: 2 }))).toMatchObject({
      message: expect.stringContaining('newer Focal (format 2)'),
    });
    const later = [...header.migrations, { number: 99, name: 'later', sha256: '' }];
    expect(await attempt(withHeader({ migrations: later }))).toMatchObject({ code: 'unsupported-format' });
    await expect(restoreLibrary({ ...target(home), backup: join(libraries.folder, 'none') })).rejects.toMatchObject({
      code: 'not-found',
    });
    await using after = await openStore(kind, home);
    expect(await snapshot(after)).toBe(was);
  });

  test('is refused while the library is open', async () => {
    const path = join(libraries.folder, `${home}.focal-backup`);
    await using library = await libraries.open(kind, { home });
    await library.idle();
    await expect(restoreLibrary({ ...target(home), backup: path, overwrite: true })).rejects.toMatchObject({
      code: 'busy',
    });
  });

  test('holds one moment, while others write', async () => {
    await using library = await libraries.open(kind, { home, works: false });
    const ids = (await library.list()).assets.map(({ id }) => id);
    await library.change(ids, { rating: 5 });
    let isOver = false;
    const writing = (async () => {
      // All change together, always.
      for (let rating = 1; !isOver; rating = (rating % 5) + 1) await library.change(ids, { rating });
    })();
    for (let round = 0; round < 3; round++) {
      const { name } = await library.backups.create();
      const ratings = new Set<string | null>();
      let table = '';
      let [at, trashed] = [-1, -1];
      await readBackup(await library.backups.path(name), {
        onTable: (each, columns) => {
          table = each;
          [at, trashed] = [columns.indexOf('rating'), columns.indexOf('trashed_at')];
        },
        onRow: (row) => {
          if (table === 'assets' && row[trashed] === null) ratings.add(row[at] ?? null);
        },
      });
      expect(ratings.size).toBe(1);
    }
    isOver = true;
    await writing;
    expect((await library.backups.list()).map(({ isDaily }) => isDaily)).toEqual([false, false, false]);
    for (const { name } of await library.backups.list()) await library.backups.remove(name);
    await expect(library.backups.path('../library.lock')).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('a restore that was interrupted at its very end is finished when the library is opened', async () => {
  const path = await makeBackup('embedded', 'interrupted');
  const { before } = await restoreLibrary({ ...target('interrupted'), backup: path, overwrite: true });
  const folder = libraries.libraryFolder('interrupted');
  await rename(join(folder, 'database'), join(folder, 'database.restored'));
  expect(before).toContain('database.before-');
  await using store = await openOwnStore(folder, 1);
  expect((await store.direct.query('select count(*)::integer as count from assets')).rows[0]?.count).toBe(3);
});

test('a backup is made each day, and the oldest go', async () => {
  const folder = join(libraries.folder, 'daily-backups');
  await using library = await libraries.open('embedded', { home: 'daily', works: false });
  await library.close();
  await using store = await openStore('embedded', 'daily');
  const day = 86_400_000;
  let time = Date.UTC(2024, 1, 1, 12);
  const errors: unknown[] = [];
  const backups = createBackups(store, folder, () => time);
  const daily = createDailyBackups({ store, backups, now: () => time, onError: (error) => errors.push(error) });
  await daily.tick();
  // Nothing to keep.
  expect(await backups.list()).toEqual([]);
  await store.direct.query(
    "insert into assets (sha256, kind, format, bytes, width, height, added_at, sort_time, month) values ('a', 'photo', 'jpeg', 1, 1, 1, 1, 1, 197001)",
  );
  for (let round = 0; round < 8; round++, time += day) {
    await daily.tick();
    await daily.tick();
  }
  const list = await backups.list();
  expect(list.map(({ createdAt }) => (time - createdAt) / day)).toEqual([1, 2, 3, 4, 5]);
  // The clock is put back by a month: the next is made all the same, and no other goes that is newer than it.
  time -= 30 * day;
  await daily.tick();
  await daily.tick();
  expect((await backups.list()).some(({ createdAt }) => createdAt === time)).toBe(true);
  expect(await backups.list()).toHaveLength(5);
  await daily.close();
  expect(errors).toEqual([]);
  await rm(folder, { recursive: true });
});

test('what goes wrong with the file is told, and nothing is left', async () => {
  const folder = join(libraries.folder, 'errors');
  await mkdir(folder);
  await writeFile(join(folder, 'taken'), 'mine');
  await (await libraries.open('embedded', { home: 'errors', works: false })).close();
  await using store = await openStore('embedded', 'errors');
  const write = (name: string, options = {}) => writeBackup(store, join(folder, name), { now: 1, ...options });
  await expect(write('taken')).rejects.toMatchObject({ code: 'exists' });
  await expect(write('no/where')).rejects.toMatchObject({ code: 'not-found' });
  await expect(write('new', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  expect(await readFile(join(folder, 'taken'), 'utf8')).toBe('mine');
  expect(await readdir(folder)).toEqual(['taken']);
  // The connection is free again.
  await write('taken', { overwrite: true });
  expect(await readdir(folder)).toEqual(['taken']);
});
