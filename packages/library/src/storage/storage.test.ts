import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecipe } from '@focal/core';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';

const libraries = useLibraries();
const MONO = createRecipe([{ effect: 'mono' }]);

describe.each(DATABASES)('what a library keeps, on the %s database', { timeout: 240_000 }, (kind) => {
  test('is told by its parts, and freed where it can be made again', async () => {
    const home = `storage-${kind}`;
    const folder = join(libraries.folder, `${home}-photos`);
    await mkdir(folder);
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 1, width: 300, height: 200 }));
    const library = await libraries.open(kind, { home, dailyBackups: false });
    await library.folders.add(folder);
    await library.idle();
    const id = (await library.list()).assets[0]?.id ?? 0;
    await library.picture(id, 'preview', { of: 'original' });
    const { id: versionId } = await library.versions.create(id, { recipe: MONO });
    const version = await library.versions.picture(id, versionId, 'preview');
    const grid = await library.picture(id, 'grid', { of: 'original' });
    const { bytes: backup } = await library.backups.create();

    const usage = await library.storage.read();
    expect(usage.folder).toBe(libraries.libraryFolder(home));
    expect(usage.freeBytes).toBeGreaterThan(0);
    expect(usage.totalBytes).toBeGreaterThan(usage.freeBytes);
    const partOf = (name: string, from = usage) => from.parts.find(({ part }) => part === name);
    expect(partOf('database')?.bytes).toBeGreaterThan(100_000);
    expect(partOf('backups')).toMatchObject({ bytes: backup, files: 1, isSpare: false });
    expect(partOf('thumbnails')).toMatchObject({ files: 1, isSpare: false });
    expect(partOf('pictures')).toMatchObject({ files: 3, isSpare: true });
    expect(partOf('covered')).toMatchObject({ files: 0, bytes: 0 });

    expect(await library.storage.free()).toBe(partOf('pictures')?.bytes);
    expect([existsSync(version.path), existsSync(grid.path)]).toEqual([false, true]);
    expect(partOf('pictures', await library.storage.read())).toMatchObject({ files: 0, bytes: 0 });
    // It is made again when it is looked at.
    expect(existsSync((await library.versions.picture(id, versionId, 'preview')).path)).toBe(true);
  });

  test('stays where it cannot be made again', async () => {
    const home = `storage-away-${kind}`;
    const folder = join(libraries.folder, `${home}-photos`);
    await mkdir(folder);
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 2, width: 300, height: 200 }));
    const library = await libraries.open(kind, { home, dailyBackups: false });
    await library.folders.add(folder);
    await library.idle();
    const id = (await library.list()).assets[0]?.id ?? 0;
    const { path } = await library.picture(id, 'preview');
    await rename(folder, `${folder} away`);
    await library.folders.rescan();
    await library.idle();
    expect((await library.folders.list())[0]?.isOnline).toBe(false);
    await writeFile(join(libraries.libraryFolder(home), 'thumbnails', 'notes.txt'), 'of somebody');
    expect(await library.storage.free()).toBe(0);
    expect(existsSync(path)).toBe(true);
    expect(await readdir(join(libraries.libraryFolder(home), 'thumbnails'))).toContain('notes.txt');
  });
});
