import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecipe, type Recipe } from '@focal/core';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';

const libraries = useLibraries();
const { media } = libraries;

const BRIGHT = createRecipe([{ effect: 'tone', params: { exposure: 2 } }]);
const DARK = createRecipe([{ effect: 'tone', params: { exposure: -2 } }]);

let nextFolder = 0;
/** A library with one photo of 300 × 200. */
async function openWithPhoto(kind: 'embedded' | 'server'): Promise<{ library: Library; id: number; path: string }> {
  const folder = join(libraries.folder, `versions-${nextFolder++}`);
  const path = join(folder, 'a.jpg');
  await mkdir(folder);
  await put(path, await drawPhoto({ seed: 20 + nextFolder, width: 300, height: 200 }));
  const library = await libraries.open(kind);
  await library.folders.add(folder);
  await library.idle();
  return { library, path, id: (await library.list()).assets[0]?.id ?? 0 };
}

async function brightness(path: string | Uint8Array): Promise<number> {
  const { channels } = await sharp(typeof path === 'string' ? await readFile(path) : path)
    .removeAlpha()
    .stats();
  return channels.reduce((sum, { mean }) => sum + mean, 0) / channels.length;
}

const shownIn = async (library: Library): Promise<string> =>
  (await library.picture((await library.list()).assets[0]?.id ?? 0, 'grid')).path;

describe.each(DATABASES)('versions of photos on the %s database', (kind) => {
  test('lie beside the original, which stays as it is, and are shown in its place until they are not', async () => {
    const { library, id, path } = await openWithPhoto(kind);
    await using _ = library;
    const before = await readFile(path);
    const original = await brightness(await shownIn(library));
    const [plain] = (await library.list()).assets;
    expect(plain?.shown).toBeUndefined();

    const bright = await library.versions.create(id, { recipe: BRIGHT });
    expect(bright).toMatchObject({ name: 'Version 1', isCurrent: true, warnings: [] });
    const dark = await library.versions.create(id, { recipe: JSON.stringify(DARK), name: ' Night ', isCurrent: false });
    expect(dark).toMatchObject({ name: 'Night', isCurrent: false });
    expect(await brightness(await shownIn(library))).toBeGreaterThan(original + 20);
    const [edited] = (await library.list()).assets;
    expect(edited).toMatchObject({ width: 300, height: 200, shown: { versionId: bright.id } });
    expect(edited?.version).not.toBe(plain?.version);
    expect(await brightness((await library.picture(id, 'grid', { of: 'original' })).path)).toBeCloseTo(original, 5);

    await library.versions.show(id, dark.id);
    expect(await brightness(await shownIn(library))).toBeLessThan(original - 10);
    await library.versions.show(id, null);
    expect(await brightness(await shownIn(library))).toBeCloseTo(original, 5);
    expect((await library.list()).assets[0]?.version).toBe(plain?.version);
    expect((await library.get(id)).versions.map(({ name, isCurrent }) => [name, isCurrent])).toEqual([
      ['Version 1', false],
      ['Night', false],
    ]);
    expect(JSON.parse(await library.versions.recipe(id, dark.id))).toMatchObject(DARK);
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  test('are renamed, replaced, deleted and brought back', async () => {
    const { library, id } = await openWithPhoto(kind);
    await using _ = library;
    const original = await brightness(await shownIn(library));
    const made = await library.versions.create(id, { recipe: BRIGHT });
    const first = await library.versions.picture(id, made.id, 'grid');
    expect(await library.versions.change(id, made.id, { name: 'Day' })).toMatchObject({ name: 'Day', tag: made.tag });
    const replaced = await library.versions.change(id, made.id, { recipe: DARK });
    expect(replaced).toMatchObject({ name: 'Day', isCurrent: true });
    expect(replaced.tag).not.toBe(made.tag);
    expect(await brightness(await shownIn(library))).toBeLessThan(original - 10);
    // Nothing shows the first any more.
    await expect(readFile(first.path)).rejects.toMatchObject({ code: 'ENOENT' });

    await library.versions.remove(id, made.id);
    expect(await library.versions.list(id)).toEqual([]);
    const { deletedVersions } = await library.get(id);
    expect(deletedVersions).toMatchObject([{ id: made.id, name: 'Day', isCurrent: false }]);
    expect(Math.abs((deletedVersions[0]?.deletedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await brightness(await shownIn(library))).toBeCloseTo(original, 5);
    await expect(library.versions.get(id, made.id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await library.versions.restore(id, made.id)).toMatchObject({ name: 'Day', isCurrent: true });
    expect(await brightness(await shownIn(library))).toBeLessThan(original - 10);
    await expect(library.versions.restore(id, made.id)).rejects.toMatchObject({ code: 'not-found' });
    expect((await library.get(id)).deletedVersions).toEqual([]);
  });

  test('that were deleted are forgotten after 30 days', async () => {
    let now = Date.now();
    const folder = join(libraries.folder, `versions-${nextFolder++}`);
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 60 }));
    await using library = await libraries.open(kind, { now: () => now });
    await library.folders.add(folder);
    await library.idle();
    const id = (await library.list()).assets[0]?.id ?? 0;
    const [old, young] = [
      await library.versions.create(id, { recipe: BRIGHT }),
      await library.versions.create(id, { recipe: DARK }),
    ];
    const { path } = await library.versions.picture(id, old.id, 'grid');
    await library.versions.remove(id, old.id);
    now += 31 * 24 * 3600_000;
    await library.versions.remove(id, young.id);
    await expect(library.versions.restore(id, old.id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await library.versions.restore(id, young.id)).id).toBe(young.id);
  });

  test('tell the size of what they make of the photo, and are made again where that is gone', async () => {
    const { library, id, path } = await openWithPhoto(kind);
    await using _ = library;
    await library.versions.create(id, { recipe: BRIGHT });
    // Rendered without being asked for.
    await vi.waitFor(async () => {
      expect((await library.list()).assets[0]?.shown?.size).toEqual({ width: 300, height: 200 });
    }, 30_000);
    expect((await library.versions.list(id))[0]?.size).toEqual({ width: 300, height: 200 });
    const shown = await shownIn(library);
    media.counts.rendered = 0;
    await shownIn(library);
    expect(media.counts.rendered).toBe(0);
    await rm(shown);
    expect((await sharp(await readFile(await shownIn(library))).metadata()).width).toBe(300);
    expect(media.counts.rendered).toBe(1);

    const versionId = (await library.versions.list(id))[0]?.id ?? 0;
    const { bytes, format, width } = await library.versions.render(id, versionId, { format: 'webp', quality: 80 });
    expect([format, width, (await sharp(bytes).metadata()).format]).toEqual(['webp', 300, 'webp']);
    expect(await readdir(join(path, '..'))).toEqual(['a.jpg']);
  });

  test('go over to the file that takes the place of their photo, without corrections made for the old one', async () => {
    const { library, id, path } = await openWithPhoto(kind);
    await using _ = library;
    const { sha256 } = await library.get(id);
    const corrections = [{ kind: 'shift' as const, on: { role: 'main' as const }, amount: 0.5 }];
    const bound: Recipe = { ...BRIGHT, edits: { corrections } };
    const made = await library.versions.create(id, { recipe: bound });
    const deleted = await library.versions.create(id, { recipe: DARK, isCurrent: false });
    await library.versions.remove(id, deleted.id);
    expect(JSON.parse(await library.versions.recipe(id, made.id)).edits.picture).toBe(sha256);
    await shownIn(library);
    expect((await library.versions.list(id))[0]?.warnings).toEqual([]);

    await put(path, await drawPhoto({ seed: 90, width: 240, height: 160 }), new Date(1_700_000_000_000));
    await library.folders.rescan();
    await library.idle();
    const [asset] = (await library.list()).assets;
    expect(asset).toMatchObject({ width: 240, shown: { versionId: made.id } });
    expect(asset?.id).not.toBe(id);
    const newId = asset?.id ?? 0;
    const original = await brightness((await library.picture(newId, 'grid', { of: 'original' })).path);
    expect(await brightness(await shownIn(library))).toBeGreaterThan(original + 20);
    const [version] = await library.versions.list(newId);
    expect(version?.size).toEqual({ width: 240, height: 160 });
    expect(version?.warnings).toEqual([expect.stringContaining('made for another picture')]);
    expect(JSON.parse(await library.versions.recipe(newId, made.id)).edits.picture).toBe(sha256);
    expect(await library.versions.restore(newId, deleted.id)).toMatchObject({ isCurrent: false });
  });

  test('are kept in backups', async () => {
    const { library, id } = await openWithPhoto(kind);
    await using _ = library;
    await library.versions.create(id, { recipe: BRIGHT, name: 'Day' });
    const { name } = await library.backups.create();
    const text = await readFile(await library.backups.path(name));
    const { gunzipSync } = await import('node:zlib');
    expect(gunzipSync(text).toString()).toContain('Day');
  });

  test('take no recipe of another photo, no nonsense and no video', async () => {
    const { library, id } = await openWithPhoto(kind);
    await using _ = library;
    const { versions } = library;
    const other = createHash('sha256').update('other').digest('hex');
    const bad = { code: 'invalid-argument' };
    await expect(
      versions.create(id, { recipe: { ...BRIGHT, edits: { picture: other, corrections: [] } } }),
    ).rejects.toMatchObject({ ...bad, message: expect.stringContaining('another picture') });
    await expect(versions.create(id, { recipe: '{' })).rejects.toMatchObject(bad);
    await expect(versions.create(id, { recipe: {} })).rejects.toMatchObject(bad);
    await expect(versions.create(id, { recipe: BRIGHT, name: '  ' })).rejects.toMatchObject(bad);
    await expect(versions.create(id, { recipe: BRIGHT, name: 'x'.repeat(201) })).rejects.toMatchObject(bad);
    const made = await versions.create(id, { recipe: BRIGHT });
    await expect(versions.change(id, made.id, {})).rejects.toMatchObject(bad);
    const gone = { code: 'not-found' };
    await expect(versions.create(id + 1000, { recipe: BRIGHT })).rejects.toMatchObject(gone);
    await expect(versions.list(id + 1000)).rejects.toMatchObject(gone);
    await expect(versions.show(id, made.id + 1000)).rejects.toMatchObject(gone);
    await expect(versions.recipe(id + 1000, made.id)).rejects.toMatchObject(gone);
    await expect(versions.picture(id, made.id + 1000, 'grid')).rejects.toMatchObject(gone);
  });

  test('that cannot be rendered say why, and hold up no others', async () => {
    const { library, id } = await openWithPhoto(kind);
    await using _ = library;
    const text = await library.get(id).then(({ sha256 }) => sha256);
    // A picture within the recipe that is none.
    const broken = {
      ...createRecipe([{ effect: 'background', params: { kind: 'picture' }, assets: { background: 'beach' } }]),
      pictures: { beach: { base64: Buffer.from(text).toString('base64') } },
    };
    const bad = await library.versions.create(id, { recipe: broken });
    const good = await library.versions.create(id, { recipe: BRIGHT, isCurrent: false });
    await expect(library.versions.picture(id, bad.id, 'grid')).rejects.toMatchObject({
      message: expect.stringContaining('beach'),
    });
    expect((await library.versions.get(id, bad.id)).problem).toContain('beach');
    expect((await library.versions.picture(id, good.id, 'grid')).path).toBeTruthy();
  });
});
