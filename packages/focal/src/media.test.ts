import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFocal } from './create-focal.ts';
import type { Focal } from './types.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let focal: Focal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-media-'));
  focal = await createFocal({ device: 'cpu' });
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

const sample = () => sharp(join(PHOTOS, 'sample1.jpg'));
const photo = (width: number) => sample().resize(width).jpeg({ quality: 90 });
const hole = Buffer.from('<svg><circle cx="400" cy="300" r="200" fill="#fff"/></svg>');

test.each([
  ['a photo a little larger than its preview', '.jpg', () => photo(1632)],
  ['a photo smaller than its preview', '.jpg', () => photo(900)],
  ['a photo that is decoded at half its size', '.jpg', () => photo(3200)],
  ['a photo that stands on its head', '.jpg', () => photo(1632).withMetadata({ orientation: 3 })],
  ['a photo in Display P3', '.jpg', () => photo(1632).withIccProfile('p3')],
  ['a photo in CMYK', '.jpg', () => photo(1632).toColourspace('cmyk')],
  ['a grey photo', '.jpg', () => photo(1632).greyscale()],
  [
    'a picture with a hole',
    '.png',
    () =>
      sample()
        .resize(1600)
        .ensureAlpha()
        .composite([{ input: hole, blend: 'dest-out' }])
        .png(),
  ],
])('of %s the preview that comes along with who is seen is that of the file', async (name, extension, draw) => {
  const path = join(folder, `${name}${extension}`);
  await writeFile(path, await draw().toBuffer());
  const source = { path, kind: 'photo' } as const;
  const { preview, ...found } = await focal.media.find(source, { preview: true });
  expect(Buffer.compare(preview ?? Buffer.alloc(0), await focal.media.preview(source))).toBe(0);
  const { width, height } = await sharp(preview).metadata();
  expect(Math.max(width, height)).toBeLessThanOrEqual(1440);
  expect(await focal.media.find(source)).toEqual(found);
});

test('of a photo that lies on its side it is the same to the eye, turned before it is reduced', async () => {
  const path = join(folder, 'side.jpg');
  await writeFile(path, await photo(1632).withMetadata({ orientation: 6 }).toBuffer());
  const source = { path, kind: 'photo' } as const;
  const { preview } = await focal.media.find(source, { preview: true });
  const read = (picture: Uint8Array = Buffer.alloc(0)) => sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const along = await read(preview);
  const alone = await read(await focal.media.preview(source));
  expect(along.info).toEqual(alone.info);
  expect(along.info.height).toBe(1440);
  const apart = along.data.reduce((sum, value, i) => sum + Math.abs(value - (alone.data[i] ?? 0)), 0);
  expect(apart / along.data.length).toBeLessThan(2);
});

test('photos one after the other, whose memory is used again, show what each shows', async () => {
  const sources = ['sample1.jpg', 'sample2.jpg', 'sample3.jpg'].map((name) => ({
    path: join(PHOTOS, name),
    kind: 'photo' as const,
  }));
  const alone = [];
  for (const source of sources) {
    await using fresh = await createFocal({ device: 'cpu' });
    alone.push(await fresh.media.find(source, { preview: true }));
  }
  for (let round = 0; round < 2; round++) {
    expect(await Promise.all(sources.map((source) => focal.media.find(source, { preview: true })))).toEqual(alone);
  }
});
