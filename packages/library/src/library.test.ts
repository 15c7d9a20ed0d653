import { appendFile, mkdir, readFile, rename, rm, symlink, unlink, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FocalError } from '@focal/core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from './fixtures/photos.ts';
import { DATABASES, useLibraries } from './fixtures/test-library.ts';
import type { Library } from './library.ts';

const libraries = useLibraries();
const { media } = libraries;

let nextFolder = 0;
async function newFolder(): Promise<string> {
  const folder = join(libraries.folder, `photos-${nextFolder++}`);
  await mkdir(folder);
  return folder;
}

/** Adds the folder and waits until all is done. */
async function addAll(library: Library, folder: string): Promise<number> {
  const { id } = await library.folders.add(folder);
  await library.idle();
  return id;
}

async function rescan(library: Library): Promise<void> {
  await library.folders.rescan();
  await library.idle();
}

const idsOf = async (library: Library): Promise<readonly number[]> => (await library.list()).assets.map(({ id }) => id);

describe.each(DATABASES)('a library on the %s database', (kind) => {
  test('imports a folder and all in it, with what cameras and sidecars tell', async () => {
    const folder = await newFolder();
    const exif = {
      IFD0: { Make: 'Focal', Model: 'One' },
      IFD2: { DateTimeOriginal: '2023:07:14 18:30:05', OffsetTimeOriginal: '+02:00', FNumber: '28/10' },
      IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '33/1 51/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '151/1 12/1 0/1' },
    };
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 1, exif }));
    await put(join(folder, 'deep', 'er', 'b.jpg'), await drawPhoto({ seed: 2 }));
    const sidecar = {
      title: 'b.jpg',
      description: 'At the lake',
      photoTakenTime: { timestamp: '1563100000' },
      geoData: { latitude: 47.5, longitude: 8.5, altitude: 0 },
      favorited: true,
    };
    await put(join(folder, 'deep', 'er', 'b.jpg.supplemental-metadata.json'), JSON.stringify(sidecar));
    await put(join(folder, 'notes.txt'), 'no photo');
    await using library = await libraries.open(kind);
    await addAll(library, folder);

    const { assets } = await library.list();
    expect(assets).toHaveLength(2);
    const [a, b] = await Promise.all(assets.map(({ id }) => library.get(id)));
    expect(a).toMatchObject({
      takenAt: '2023-07-14T18:30:05+02:00',
      takenFrom: 'exif',
      width: 96,
      height: 64,
      camera: { make: 'Focal', model: 'One', aperture: 2.8 },
      isIndexed: true,
      isAnalysed: true,
    });
    expect(a?.location?.latitude).toBeCloseTo(-33.85, 6);
    expect(a?.location?.longitude).toBeCloseTo(151.2, 6);
    expect(b).toMatchObject({
      takenAt: new Date(1563100000_000).toISOString().replace('.000Z', '+00:00'),
      takenFrom: 'sidecar',
      caption: 'At the lake',
      isFavourite: true,
      location: { latitude: 47.5, longitude: 8.5 },
    });
    expect(await library.timeline()).toEqual([
      { month: '2023-07', count: 1 },
      { month: '2019-07', count: 1 },
    ]);
    expect((await library.list({ filter: { words: ['LAKE'] } })).assets.map(({ id }) => id)).toEqual([b?.id]);
  });

  test('makes thumbnails that stand upright, by what the file says', async () => {
    const folder = await newFolder();
    await put(join(folder, 'turned.jpg'), await drawPhoto({ seed: 3, width: 800, height: 400, orientation: 6 }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const [asset] = (await library.list()).assets;
    expect(asset).toMatchObject({ width: 400, height: 800, isIndexed: true });
    expect(asset?.placeholder?.length).toBeLessThan(400);
    for (const [which, size] of [
      ['grid', [240, 480]],
      ['preview', [400, 800]],
    ] as const) {
      const { path } = await library.picture(asset?.id ?? 0, which);
      const { width, height, format } = await sharp(await readFile(path)).metadata();
      expect([format, width, height]).toEqual(['webp', ...size]);
    }
  });

  test('lists what is not all there though it is shown and searched, wherever it moves, until it is mended', async () => {
    const folder = await newFolder();
    const path = join(folder, 'cut.jpg');
    await put(path, await drawPhoto({ seed: 4 }));
    await put(join(folder, 'whole.jpg'), await drawPhoto({ seed: 5 }));
    const message = 'The video is cut off: its file ends after 0:07 of 0:12.';
    const damage = { code: 'corrupt-input', message, hint: 'Copy it again.' } as const;
    const found = { focalPoint: { x: 0.5, y: 0.5 }, scene: {} };
    media.see((source) => (source.path.toString().includes('cut') ? { ...found, damage } : found));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const listed = async () => (await library.badFiles()).files.map((file) => [file.path, file.message, file.hint]);
    expect(await listed()).toEqual([[path, message, damage.hint]]);
    expect(await library.progress()).toMatchObject({ assets: 2, damaged: 1, bad: 0 });
    const { assets } = await library.list();
    expect(assets.map(({ isIndexed }) => isIndexed)).toEqual([true, true]);
    const details = await Promise.all(assets.map(({ id }) => library.get(id)));
    expect(details.map(({ isAnalysed }) => isAnalysed)).toEqual([true, true]);
    expect(details.flatMap(({ problem }) => problem ?? [])).toEqual([message]);

    await utimes(path, new Date(), new Date(Date.now() - 60_000));
    await rescan(library);
    expect(await listed()).toEqual([[path, message, damage.hint]]);
    const moved = join(folder, 'still-cut.jpg');
    await rename(path, moved);
    await rescan(library);
    expect(await listed()).toEqual([[moved, message, damage.hint]]);
    await library.retryBad();
    await library.idle();
    expect(await listed()).toEqual([[moved, message, damage.hint]]);
    media.see(found);
    await library.retryBad();
    await library.idle();
    expect(await listed()).toEqual([]);
    expect(await library.progress()).toMatchObject({ assets: 2, damaged: 0 });
  });

  test('lists one bad file and does the rest; tries it again when it has changed or is told to', async () => {
    const folder = await newFolder();
    const whole = await drawPhoto({ seed: 4, width: 400, height: 300 });
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 5 }));
    await put(join(folder, 'cut.jpg'), whole.subarray(0, whole.length - 2000));
    await put(join(folder, 'empty.png'), '');
    await put(join(folder, 'text.jpg'), 'no picture at all');
    await put(join(folder, 'z.jpg'), await drawPhoto({ seed: 6 }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const { files, total } = await library.badFiles();
    expect(total).toBe(3);
    expect(files.map(({ path, code }) => [path.slice(folder.length + 1), code])).toEqual([
      ['cut.jpg', 'corrupt-input'],
      ['empty.png', 'corrupt-input'],
      ['text.jpg', 'unsupported-format'],
    ]);
    const { assets } = await library.list();
    expect(assets.filter(({ isIndexed }) => isIndexed)).toHaveLength(2);
    // What the library knows of in spite of that counts as a photo alone, and says what is wrong with it.
    expect(await library.progress()).toMatchObject({ assets: 3, photos: 3, damaged: 1, bad: 2 });
    expect(await library.folders.list()).toMatchObject([{ count: 3, damaged: 1, bad: 2 }]);
    const problems = await Promise.all(assets.map(async ({ id }) => (await library.get(id)).problem));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([files[0]?.message]);

    media.counts.inspected = 0;
    await rescan(library);
    expect(media.counts.inspected).toBe(0);
    await put(join(folder, 'cut.jpg'), whole);
    await put(join(folder, 'text.jpg'), await drawPhoto({ seed: 7 }));
    await rescan(library);
    expect((await library.badFiles()).files.map(({ path }) => path)).toEqual([join(folder, 'empty.png')]);
    await put(join(folder, 'empty.png'), '');
    await library.retryBad();
    await library.idle();
    expect((await library.badFiles()).files[0]?.tries).toBeGreaterThan(1);
    expect((await library.list()).assets.filter(({ isIndexed }) => isIndexed)).toHaveLength(4);
  });

  test('no longer lists what is gone, whether it went before or while it was worked on', async () => {
    const folder = await newFolder();
    const [before, during] = [join(folder, 'before.jpg'), join(folder, 'during.jpg')];
    await put(before, await drawPhoto({ seed: 10 }));
    await put(during, await drawPhoto({ seed: 11 }));
    let onFind = async (): Promise<void> => undefined;
    await using library = await libraries.open(kind, {
      media: {
        ...media,
        async find() {
          await onFind();
          throw new FocalError('not-found', 'The file is not there.');
        },
      },
    });
    await addAll(library, folder);
    expect((await library.badFiles()).total).toBe(2);
    await unlink(before);
    await rescan(library);
    expect((await library.badFiles()).files.map(({ path }) => path)).toEqual([during]);
    onFind = async () => {
      await rm(during, { force: true });
      await library.folders.rescan();
    };
    await library.retryBad();
    await library.idle();
    expect((await library.badFiles()).total).toBe(0);
  });

  test('keeps the preview that comes along with what is found, and makes it where none does', async () => {
    const folder = await newFolder();
    await put(join(folder, 'along.jpg'), await drawPhoto({ seed: 12 }));
    await put(join(folder, 'alone.jpg'), await drawPhoto({ seed: 13 }));
    const made: string[] = [];
    await using library = await libraries.open(kind, {
      media: {
        ...media,
        async find(source, options) {
          const found = await media.find(source, options);
          const isAlong = String(source.path).endsWith('along.jpg') && options?.preview === true;
          return isAlong ? { ...found, preview: Uint8Array.of(1, 2, 3) } : found;
        },
        preview(source, options) {
          made.push(basename(String(source.path)));
          return media.preview(source, options);
        },
      },
    });
    await addAll(library, folder);
    expect(made).toEqual(['alone.jpg']);
    const previews = await Promise.all(
      (await idsOf(library)).map(async (id) => readFile((await library.picture(id, 'preview')).path)),
    );
    expect(previews.filter((bytes) => bytes.equals(Uint8Array.of(1, 2, 3)))).toHaveLength(1);
    expect(previews.filter(({ length }) => length > 3)).toHaveLength(1);
    expect(made).toEqual(['alone.jpg']);
  });

  test('reads no unchanged file again, and knows moved, renamed and copied ones by their content', async () => {
    const folder = await newFolder();
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 8 }));
    await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 9 }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const before = await idsOf(library);
    await library.change(before, { isFavourite: true, rating: 4, caption: 'kept' });
    media.counts.inspected = 0;
    await rescan(library);
    expect(media.counts.inspected).toBe(0);

    await mkdir(join(folder, 'moved'));
    await rename(join(folder, 'a.jpg'), join(folder, 'moved', 'other name.jpg'));
    await put(join(folder, 'copy of b.jpg'), await readFile(join(folder, 'b.jpg')));
    await rescan(library);
    expect(media.counts.inspected).toBe(2);
    expect(await idsOf(library)).toEqual(before);
    const details = await Promise.all(before.map((id) => library.get(id)));
    expect(details.map(({ isFavourite, rating, caption }) => [isFavourite, rating, caption])).toEqual([
      [true, 4, 'kept'],
      [true, 4, 'kept'],
    ]);
    const names = details
      .map(({ places }) => places.map(({ path }) => path.slice(folder.length + 1)).sort())
      .sort((a, b) => b.length - a.length);
    expect(names).toEqual([['b.jpg', 'copy of b.jpg'], [join('moved', 'other name.jpg')]]);
    expect(await library.duplicates()).toMatchObject({
      total: 1,
      groups: [
        { isExact: true, assets: [{ places: 2, paths: [join(folder, 'b.jpg'), join(folder, 'copy of b.jpg')] }] },
      ],
    });
  });

  test('hands what was given to a photo over to the edited file in its place, and hides what is gone', async () => {
    const folder = await newFolder();
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 10 }));
    await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 11 }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const [first = 0] = await idsOf(library);
    const place = (await library.get(first)).places[0]?.path ?? '';
    const album = await library.albums.create({ name: 'Best' });
    await library.albums.addAssets(album.id, [first]);
    await library.change([first], { isFavourite: true });
    await put(place, await drawPhoto({ seed: 12 }));
    await rescan(library);
    const favourites = (await library.list({ filter: { isFavourite: true } })).assets;
    expect(favourites).toHaveLength(1);
    expect(favourites[0]?.id).not.toBe(first);
    expect(await library.albums.listAssets(album.id, 0, 10)).toEqual([favourites[0]?.id]);

    await unlink(place);
    await rescan(library);
    expect(await library.count()).toEqual({ count: 1, isExact: true });
    expect((await library.timeline()).reduce((sum, { count }) => sum + count, 0)).toBe(1);
    // It is not forgotten: another drive may have it.
    await put(join(folder, 'back.jpg'), await drawPhoto({ seed: 12 }));
    await rescan(library);
    expect((await library.list({ filter: { isFavourite: true } })).assets.map(({ id }) => id)).toEqual([
      favourites[0]?.id,
    ]);
  });

  test('two files that swap names keep what is theirs', async () => {
    const folder = await newFolder();
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 13 }));
    await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 14 }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const [a = 0] = (await library.list({ filter: { words: ['a.jpg'] } })).assets.map(({ id }) => id);
    await library.change([a], { caption: 'mine' });
    await rename(join(folder, 'a.jpg'), join(folder, 'c'));
    await rename(join(folder, 'b.jpg'), join(folder, 'a.jpg'));
    await rename(join(folder, 'c'), join(folder, 'b.jpg'));
    await rescan(library);
    expect(await library.get(a)).toMatchObject({ caption: 'mine', places: [{ path: join(folder, 'b.jpg') }] });
    expect((await library.list()).assets).toHaveLength(2);
  });

  test('deletes nothing while a folder is away, and shows it as offline', async () => {
    const folder = await newFolder();
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 15 }));
    await using library = await libraries.open(kind);
    const folderId = await addAll(library, folder);
    const [id = 0] = await idsOf(library);
    await rename(folder, `${folder}-away`);
    await rescan(library);
    expect(await library.folders.list()).toMatchObject([{ id: folderId, isOnline: false, count: 1 }]);
    expect(await idsOf(library)).toEqual([id]);
    await expect(library.original(id)).rejects.toMatchObject({ code: 'not-found' });
    expect((await library.get(id)).places).toMatchObject([{ isOnline: false, isThere: false }]);
    await rename(`${folder}-away`, folder);
    await rescan(library);
    expect((await library.get(id)).places).toMatchObject([{ isOnline: true, isThere: true }]);
    expect(await library.folders.list()).toMatchObject([{ id: folderId, isOnline: true }]);
    expect((await library.original(id)).name).toBe('a.jpg');
  });

  test('says of a file that is gone that it is gone, before it was looked for and after', async () => {
    const folder = await newFolder();
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 16 }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const [id = 0] = await idsOf(library);
    const held = `${folder}-held.jpg`;
    await rename(join(folder, 'a.jpg'), held);
    expect((await library.get(id)).places).toMatchObject([{ isOnline: true, isThere: false }]);
    await expect(library.original(id)).rejects.toThrow('The file is not where it was');
    await rescan(library);
    expect((await library.get(id)).places).toEqual([]);
    await expect(library.original(id)).rejects.toThrow('The file of this photo or video is gone from its folder.');
    await expect(library.original(id + 1)).rejects.toThrow('There is no photo or video');
    await rename(held, join(folder, 'a.jpg'));
    await rescan(library);
    expect((await library.get(id)).places).toMatchObject([{ isThere: true }]);
  });

  test('ends on links in circles, and takes names of any kind', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'in'));
    await symlink(folder, join(folder, 'in', 'circle'));
    await symlink(join(folder, 'nowhere.jpg'), join(folder, 'dangling.jpg'));
    const names = ['🏖️ é.jpg', 'line\nbreak.jpg', 'it\'s "quoted" 100%_\\.jpg', 'deux\u0301.jpg'];
    for (const [at, name] of names.entries()) await put(join(folder, name), await drawPhoto({ seed: 20 + at }));
    const raw = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe, 0x41]), Buffer.from('.jpg')]);
    await put(raw, await drawPhoto({ seed: 30 }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    expect((await library.badFiles()).files).toEqual([]);
    const { assets } = await library.list();
    expect(assets).toHaveLength(5);
    expect(assets.every(({ isIndexed }) => isIndexed)).toBe(true);
    for (const { id } of assets) expect((await library.original(id)).sha256).toMatch(/^[0-9a-f]{64}$/);
    const [found] = (await library.list({ filter: { words: ['100%_\\'] } })).assets;
    expect((await library.get(found?.id ?? 0)).places[0]?.path).toBe(join(folder, names[2] ?? ''));
    media.counts.inspected = 0;
    await rescan(library);
    expect(media.counts.inspected).toBe(0);
  });

  test('takes no file that grows while it is read', async () => {
    const folder = await newFolder();
    const path = join(folder, 'growing.jpg');
    await put(path, await drawPhoto({ seed: 31, width: 2000, height: 1500, quality: 100 }));
    let isGrowing = true;
    const grow = async (): Promise<void> => {
      while (isGrowing) await appendFile(path, new Uint8Array(4096));
    };
    const growing = grow();
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    isGrowing = false;
    await growing;
    const bad = (await library.badFiles()).files;
    // Whatever the race gave, the end is right: the file as it is now.
    expect(bad.every(({ code }) => code === 'corrupt-input')).toBe(true);
    await library.folders.rescan(undefined, { retryBad: true });
    await library.idle();
    expect((await library.badFiles()).total).toBe(0);
    const [asset] = (await library.list()).assets;
    expect((await library.get(asset?.id ?? 0)).bytes).toBe((await readFile(path)).length);
  });

  test('pages by cursor through photos of one time, both ways, without gap or repetition', async () => {
    const folder = await newFolder();
    const time = new Date('2020-05-05T12:00:00Z');
    for (let seed = 40; seed < 52; seed++) await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed }), time);
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const walk = async (sort: 'newest' | 'oldest'): Promise<number[]> => {
      const ids: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await library.list({ sort, limit: 5, ...(cursor !== undefined && { cursor }) });
        ids.push(...page.assets.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== undefined);
      return ids;
    };
    const newest = await walk('newest');
    expect(new Set(newest).size).toBe(12);
    expect(await walk('oldest')).toEqual(newest.toReversed());
    await expect(library.list({ cursor: 'bm9wZQ' })).rejects.toMatchObject({ code: 'invalid-argument' });
    expect((await library.get(newest[0] ?? 0)).takenFrom).toBeUndefined();
  });

  test('finds by what is seen, and groups what looks the same', async () => {
    const folder = await newFolder();
    await put(join(folder, 'big.jpg'), await drawPhoto({ seed: 60, width: 400, height: 300 }));
    await put(join(folder, 'small.jpg'), await drawPhoto({ seed: 60, width: 200, height: 150, quality: 60 }));
    await put(join(folder, 'other.jpg'), await drawPhoto({ seed: 61, width: 400, height: 300 }));
    const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
    media.see({
      focalPoint: { x: 0.25, y: 0.4 },
      scene: {
        objects: { objects: [{ label: 'dog', score: 0.9, box }] },
        faces: {
          faces: [
            {
              box,
              score: 0.8,
              rollDegrees: 3,
              quality: { overall: 0.7 },
              expression: { smile: 0.9, distribution: { happy: 0.8, neutral: 0.2 } },
              vector: new Float32Array([0.5, -0.25]),
            },
          ],
        },
      },
    });
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const [group, ...more] = (await library.duplicates()).groups;
    expect(more).toEqual([]);
    expect(group).toMatchObject({ isExact: false, assets: [{ width: 400 }, { width: 200 }] });
    expect(await library.things()).toEqual([{ label: 'dog', count: 3 }]);
    const details = await library.get((await idsOf(library))[0] ?? 0);
    expect(details).toMatchObject({
      focalPoint: { x: 0.25, y: 0.4 },
      things: [{ label: 'dog', score: 0.9, box }],
      faces: [{ box, quality: 0.7, smile: 0.9, expression: 'happy' }],
    });
    const count = async (filter: NonNullable<Parameters<Library['count']>[0]>) => (await library.count(filter)).count;
    expect(await count({ things: ['Dog'] })).toBe(3);
    expect(await count({ things: ['dog', 'cat'] })).toBe(0);
    const { where } = await library.understand('dogs small');
    expect(await count(where === undefined ? {} : { where })).toBe(1);
    expect(await count({ isSmiling: true, faces: { least: 1, most: 1 } })).toBe(3);
    expect(await count({ isSmiling: false })).toBe(0);
    expect(await count({ faces: { least: 2 } })).toBe(0);
    const red = details.palette[0]?.rgb ?? [0, 0, 0];
    expect(await count({ color: red })).toBeGreaterThan(0);
    expect(await count({ color: [10, 255, 250] })).toBe(0);
  });

  test('throws away and brings back, and counts what is shown', async () => {
    const folder = await newFolder();
    for (let seed = 70; seed < 73; seed++) await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const [first = 0] = await idsOf(library);
    expect(await library.change([first], { isTrashed: true })).toBe(1);
    expect(await library.progress()).toMatchObject({ photos: 2, trashed: 1 });
    expect(await library.folders.list()).toMatchObject([{ count: 2 }]);
    expect((await library.timeline()).reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect((await library.list({ filter: { isTrashed: true } })).assets.map(({ id }) => id)).toEqual([first]);
    expect(await readFile((await library.get(first)).places[0]?.path ?? '')).not.toHaveLength(0);
    await rescan(library);
    expect(await library.count()).toMatchObject({ count: 2 });
    await library.change([first], { isTrashed: false });
    expect(await library.count()).toMatchObject({ count: 3 });
    await expect(library.change([first], { rating: 6 })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(library.change([first], {})).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('takes a folder out and in again, and makes one of a folder and the one around it', async () => {
    const folder = await newFolder();
    await put(join(folder, 'in', 'a.jpg'), await drawPhoto({ seed: 80 }));
    await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 81 }));
    await using library = await libraries.open(kind);
    const inner = await addAll(library, join(folder, 'in'));
    const [a = 0] = await idsOf(library);
    await library.change([a], { isFavourite: true });
    await library.folders.remove(inner);
    expect(await idsOf(library)).toEqual([]);
    await addAll(library, join(folder, 'in'));
    expect((await library.list({ filter: { isFavourite: true } })).assets.map(({ id }) => id)).toEqual([a]);
    await expect(library.folders.add(join(folder, 'in'))).rejects.toMatchObject({ code: 'exists' });
    media.counts.inspected = 0;
    await addAll(library, folder);
    expect(media.counts.inspected).toBe(1);
    expect(await library.folders.list()).toMatchObject([{ path: folder, count: 2 }]);
    await expect(library.folders.add(join(folder, 'in'))).rejects.toMatchObject({ code: 'exists' });
    await expect(library.folders.add(join(folder, 'b.jpg'))).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(library.folders.add(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not-found' });
    await rm(folder, { recursive: true });
  });

  test('keeps albums in their order', async () => {
    const folder = await newFolder();
    for (let seed = 90; seed < 94; seed++) await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed }));
    await using library = await libraries.open(kind);
    await addAll(library, folder);
    const ids = await idsOf(library);
    const [a = 0, b = 0, c = 0, d = 0] = ids;
    const { albums } = library;
    const one = await albums.create({ name: ' Summer ', description: 'by the sea' });
    expect(one).toMatchObject({ name: 'Summer', count: 0 });
    expect(await albums.addAssets(one.id, [c, a])).toBe(2);
    expect(await albums.addAssets(one.id, [a, d, b])).toBe(2);
    expect(await albums.listAssets(one.id, 0, 10)).toEqual([c, a, d, b]);
    expect(await albums.listAssets(one.id, 1, 2)).toEqual([a, d]);
    await albums.arrangeAssets(one.id, [b, c]);
    expect(await albums.listAssets(one.id, 0, 10)).toEqual([b, c, a, d]);
    expect(await albums.change(one.id, { coverId: d })).toMatchObject({ coverId: d, count: 4 });
    expect(await albums.removeAssets(one.id, [d, c])).toBe(2);
    expect(await albums.get(one.id)).toMatchObject({ coverId: a, count: 2 });
    await expect(albums.change(one.id, { coverId: d })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(albums.addAssets(one.id, [a, 99_999])).rejects.toMatchObject({ code: 'not-found' });
    await library.change([a], { isTrashed: true });
    expect(await albums.get(one.id)).toMatchObject({ coverId: b, count: 1 });
    expect((await library.get(b)).albums).toEqual([{ id: one.id, name: 'Summer' }]);

    const two = await albums.create({ name: 'Dogs', query: 'dog' });
    await expect(albums.addAssets(two.id, [a])).rejects.toMatchObject({ code: 'invalid-argument' });
    await albums.arrange([two.id, one.id]);
    expect((await albums.list()).map(({ id }) => id)).toEqual([two.id, one.id]);
    await albums.remove(two.id);
    await expect(albums.get(two.id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(albums.create({ name: '  ' })).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await library.count()).toMatchObject({ count: 3 });
  });

  test('goes on where it was closed in the middle', async () => {
    const folder = await newFolder();
    for (let seed = 100; seed < 130; seed++) await put(join(folder, `${seed}.jpg`), await drawPhoto({ seed }));
    const home = `resume-${kind}`;
    const first = await libraries.open(kind, { home });
    await first.folders.add(folder);
    for (let n = 0; n < 200 && (await first.progress()).assets < 5; n++)
      await new Promise((done) => setTimeout(done, 10));
    await first.close();
    await using library = await libraries.open(kind, { home });
    await library.idle();
    const { assets, next } = await library.list({ limit: 100 });
    expect([assets.length, next]).toEqual([30, undefined]);
    for (const { id } of assets) expect(await library.get(id)).toMatchObject({ isIndexed: true, isAnalysed: true });
    expect((await library.progress()).jobs).toEqual({
      thumbnails: { waiting: 0, running: 0 },
      scene: { waiting: 0, running: 0 },
    });
  });
});
