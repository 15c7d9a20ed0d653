import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import { readXmp } from './read-xmp.ts';
import { type Orientation, toStored } from './regions.ts';
import { writeXmp } from './write-xmp.ts';

const libraries = useLibraries();

async function rescan(library: Library): Promise<void> {
  await library.folders.rescan();
  await library.idle();
}

async function byName(library: Library, name: string) {
  const { assets } = await library.list({ limit: 100 });
  const all = await Promise.all(assets.map(({ id }) => library.get(id)));
  const found = all.find(({ places }) => places.some(({ path }) => path.endsWith(name)));
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

describe.each(DATABASES)('XMP in a library on the %s database', (kind) => {
  test('comes in from sidecars of either name, goes on when they change, and never over what the user said since', async () => {
    const folder = join(libraries.folder, `in-${kind}`);
    const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.25 };
    const regions = (orientation: Orientation) => ({
      width: 96,
      height: 64,
      faces: [{ name: 'Zoë', type: 'Face', box: toStored(box, orientation) }],
    });
    await put(join(folder, 'a.jpg'), await drawPhoto({ seed: 1, orientation: 6 }));
    await put(
      join(folder, 'a.jpg.xmp'),
      writeXmp({ rating: 4, caption: 'Am See', keywords: ['lake', 'Été'], regions: regions(6) }),
    );
    await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 2 }));
    await put(join(folder, 'b.xmp'), writeXmp({ rating: 2, isFavourite: true }));
    await put(join(folder, 'broken.jpg'), await drawPhoto({ seed: 3 }));
    await put(join(folder, 'broken.xmp'), '<x:xmpmeta');
    // This one is of the raw photo.
    await put(join(folder, 'c.jpg'), await drawPhoto({ seed: 4 }));
    await put(join(folder, 'c.NEF'), await drawPhoto({ seed: 5 }));
    await put(join(folder, 'c.xmp'), writeXmp({ rating: 5 }));
    await using library = await libraries.open(kind);
    await library.folders.add(folder);
    await library.idle();
    const a = await byName(library, 'a.jpg');
    expect(a).toMatchObject({ rating: 4, caption: 'Am See', keywords: ['lake', 'Été'] });
    expect(a.regions).toEqual([
      {
        name: 'Zoë',
        type: 'Face',
        box: {
          x: expect.closeTo(0.1, 6),
          y: expect.closeTo(0.2, 6),
          width: expect.closeTo(0.3, 6),
          height: expect.closeTo(0.25, 6),
        },
      },
    ]);
    expect(await byName(library, 'b.jpg')).toMatchObject({ rating: 2, isFavourite: true });
    expect(await byName(library, 'c.jpg')).toMatchObject({ rating: 0 });
    expect(await byName(library, 'c.NEF')).toMatchObject({ rating: 5 });
    expect((await library.badFiles()).total).toBe(0);
    expect((await library.list({ filter: { words: ['été'] } })).assets.map(({ id }) => id)).toEqual([a.id]);

    await library.change([a.id], { rating: 1, caption: 'Mine' });
    await put(join(folder, 'a.jpg.xmp'), writeXmp({ rating: 4, caption: 'Am Meer', keywords: ['sea'] }));
    await rescan(library);
    // The rating is as it was there, the caption is another one.
    expect(await byName(library, 'a.jpg')).toMatchObject({ rating: 1, caption: 'Am Meer', keywords: ['sea'] });
    expect((await library.list({ filter: { words: ['été'] } })).assets).toEqual([]);
  });

  test('comes from within the file, where nothing lies beside it', async () => {
    const folder = join(libraries.folder, `within-${kind}`);
    const { default: sharp } = await import('sharp');
    const xmp = writeXmp({ rating: 3, keywords: ['inside'] });
    await put(
      join(folder, 'a.jpg'),
      await sharp(await drawPhoto({ seed: 6 }))
        .withXmp(xmp)
        .jpeg()
        .toBuffer(),
    );
    await using library = await libraries.open(kind);
    await library.folders.add(folder);
    await library.idle();
    expect(await byName(library, 'a.jpg')).toMatchObject({ rating: 3, keywords: ['inside'] });
  });

  test('goes out beside originals, keeps what others wrote, and does not come back as news', async () => {
    const folder = join(libraries.folder, `out-${kind}`);
    const bytes = await drawPhoto({ seed: 7, orientation: 8 });
    await put(join(folder, 'a.jpg'), bytes);
    await put(join(folder, 'b.jpg'), await drawPhoto({ seed: 8 }));
    const others = writeXmp({ rating: 1 }).replace('rdf:about=""', 'rdf:about="" xmlns:o="urn:o" o:kept="yes"');
    await put(join(folder, 'b.xmp'), others);
    await put(join(folder, 'silent.jpg'), await drawPhoto({ seed: 9 }));
    await using library = await libraries.open(kind);
    await library.folders.add(folder);
    await library.idle();
    const ids = (await library.list()).assets.map(({ id }) => id);
    await library.change([(await byName(library, 'a.jpg')).id], {
      rating: 5,
      caption: 'Zwei <Leute>',
      isFavourite: true,
    });
    await library.change([(await byName(library, 'b.jpg')).id], { rating: 2 });
    libraries.media.counts.inspected = 0;
    expect(await library.sidecars.write(ids)).toEqual({ written: 2, unchanged: 1, failed: [] });
    expect(await library.sidecars.write(ids)).toEqual({ written: 0, unchanged: 3, failed: [] });
    expect(readXmp(await readFile(join(folder, 'a.jpg.xmp'), 'utf8'))).toEqual({
      rating: 5,
      caption: 'Zwei <Leute>',
      isFavourite: true,
    });
    const kept = await readFile(join(folder, 'b.xmp'), 'utf8');
    expect([readXmp(kept).rating, kept.includes('o:kept="yes"')]).toEqual([2, true]);
    expect((await readFile(join(folder, 'a.jpg'))).equals(bytes)).toBe(true);
    await rescan(library);
    expect(libraries.media.counts.inspected).toBe(0);
    await library.change(ids, { rating: 3 });
    await rename(join(folder, 'a.jpg'), join(folder, 'gone.jpg'));
    await mkdir(join(folder, 'b.xmp.folder'));
    await writeFile(join(folder, 'note.txt'), 'a');
    const report = await library.sidecars.write(ids);
    expect(report).toMatchObject({ failed: [], written: 3 });
    expect(readXmp(await library.sidecars.text((await byName(library, 'b.jpg')).id)).rating).toBe(3);
  });
});
