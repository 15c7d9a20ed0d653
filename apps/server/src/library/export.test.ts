import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { problemOf, useRealLibrary } from '../fixtures/real-library.ts';

const EXIF = {
  IFD0: { Make: 'Zorki', Model: 'C1' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 22/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '8/1 32/1 0/1' },
};
const NAMES = ['green.jpg', 'red ü.jpg', 'same.jpg'];

const real = useRealLibrary(async (folder) => {
  for (const [i, name] of NAMES.entries()) {
    const color = { r: 60 * i, g: 120, b: 90 };
    await sharp({ create: { width: 120 + i, height: 90, channels: 3, background: color } })
      .jpeg()
      .withExif(EXIF)
      .toFile(join(folder, name));
  }
});
let ids: readonly number[] = [];
beforeAll(async () => {
  await real.library.folders.add(real.photos);
  await real.library.idle();
  ids = (await real.library.list({ sort: 'name' })).assets.map(({ id }) => id);
  const recipe = { format: 'focal-recipe', version: 1, look: { steps: [{ effect: 'mono' }] } };
  await real.library.versions.create(ids[0] ?? 0, { recipe, name: 'Grey/1' });
}, 240_000);

/** The files of a ZIP whose files are stored as they are, by its directory (APPNOTE 6.3). */
async function unzip(answer: Response): Promise<ReadonlyMap<string, Buffer>> {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const zip = Buffer.from(await answer.arrayBuffer());
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [size, name, extra, note] = [20, 28, 30, 32].map((offset) =>
      offset === 20 ? zip.readUInt32LE(at + offset) : zip.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    const start = zip.readUInt32LE(at + 42);
    const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    files.set(zip.toString('utf8', at + 46, at + 46 + name), zip.subarray(from, from + size));
    at += 46 + name + extra + note;
  }
  return files;
}

const take = (query: string) => real.send('GET', `/export?ids=${ids.join()}${query}`);
const exifOf = async (file: Buffer | undefined) => (await sharp(file).metadata()).exif;

describe('the route export', () => {
  test('gives originals as they are, and XMP beside them where it is asked for', async () => {
    const plain = await unzip(await take(''));
    expect([...plain.keys()]).toEqual(NAMES);
    const original = await real.send('GET', `/assets/${ids[0]}/original`);
    expect(plain.get('green.jpg')?.equals(Buffer.from(await original.arrayBuffer()))).toBe(true);
    const withXmp = await unzip(await take('&sidecars=true'));
    expect([...withXmp.keys()]).toEqual(NAMES.flatMap((name) => [name, `${name}.xmp`]));
    expect(withXmp.get('green.jpg.xmp')?.toString()).toContain('<rdf:RDF');
  });

  test('gives edited photos beside their originals or in their place, with the metadata that is asked for', async () => {
    const beside = await unzip(await take('&edits=beside'));
    expect([...beside.keys()]).toEqual(['green.jpg', 'green (Grey_1).jpg', ...NAMES.slice(1)]);
    expect(await exifOf(beside.get('green (Grey_1).jpg'))).toBeUndefined();
    const instead = await unzip(await take('&edits=instead&metadata=all&sidecars=true'));
    expect([...instead.keys()]).toEqual(['green.jpg', ...NAMES.slice(1).flatMap((name) => [name, `${name}.xmp`])]);
    const { channels } = await sharp(instead.get('green.jpg')).stats();
    expect(Math.abs((channels[0]?.mean ?? 0) - (channels[2]?.mean ?? 255))).toBeLessThan(3);
    expect((await exifOf(instead.get('green.jpg')))?.includes('Zorki')).toBe(true);
  });

  test('refuses what is not there or not understood, and tells what could not be read', async () => {
    for (const [query, status, detail] of [
      ['ids=', 400, 'ids'],
      ['ids=1,x', 400, 'ids'],
      [`ids=${ids[0]},99999`, 404, '99999'],
      [`ids=${ids[0]}&edits=all`, 400, 'edits'],
      [`ids=${Array.from({ length: 1001 }, (_, i) => i + 1).join()}`, 413, 'at most 1000 items'],
    ] as const) {
      const problem = await problemOf(await real.send('GET', `/export?${query}`));
      expect([query.slice(0, 30), problem.status, problem.detail]).toEqual([
        query.slice(0, 30),
        status,
        expect.stringContaining(detail),
      ]);
    }
    await rm(join(real.photos, 'same.jpg'));
    const files = await unzip(await take(''));
    expect([...files.keys()]).toEqual(['green.jpg', 'red ü.jpg', 'Not saved.txt']);
    expect(files.get('Not saved.txt')?.toString()).toContain('same.jpg: The file is not where it was');
  });
});
