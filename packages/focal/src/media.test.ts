import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { faceDistance } from '@focal/core';
import { makeClip } from '@focal/testing/video';
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

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
const VOID = new Float32Array(128);

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

test('a video is looked through: who comes later is found, and shown where they are seen', {
  timeout: 120_000,
}, async () => {
  const path = join(folder, 'party.mp4');
  const size = { width: 960, height: 720 };
  const frames: Buffer[] = [];
  for (const name of ['sample1.jpg', 'sample2.jpg']) {
    frames.push(
      await sharp(join(PHOTOS, name))
        .resize({ ...size, fit: 'cover' })
        .ensureAlpha()
        .raw()
        .toBuffer(),
    );
  }
  const [RATE, HALF] = [2, 6];
  await makeClip({
    path,
    ...size,
    timestamps: Array.from({ length: 2 * HALF * RATE }, (_, i) => i / RATE),
    draw: (frame) => frames[frame < HALF * RATE ? 0 : 1] ?? Buffer.alloc(0),
  });
  const source = { path, kind: 'video', durationMs: 2 * HALF * 1000 } as const;
  const { scene, focalPoint } = await focal.media.find(source);
  const seen = scene.faces?.faces ?? [];
  const alone = await Promise.all(
    frames.map(async (data) => {
      const picture = await sharp(data, { raw: { ...size, channels: 4 } })
        .png()
        .toBuffer();
      return focal.media.facesOf(picture);
    }),
  );
  const [early = [], late = []] = alone;
  expect(Math.min(early.length, late.length)).toBeGreaterThan(2);
  const found = (face: (typeof late)[number]) =>
    seen.find(({ vector }) => vector !== undefined && faceDistance(vector, face.vector) < 0.45);
  for (const face of early) expect(found(face)?.atMs).toBeUndefined();
  for (const face of late) expect(found(face)?.atMs).toBeGreaterThan(HALF * 1000);
  // Each is kept once, though seen in two frames and more.
  expect(seen.length).toBeLessThanOrEqual(early.length + late.length);
  const people = scene.objects?.objects.filter(({ label }) => label === 'person') ?? [];
  expect(people.length).toBeGreaterThan(2);
  expect(new Set(people.map(({ atMs }) => atMs)).size).toBe(1);
  expect(focalPoint).toEqual((await focal.media.find({ ...source, durationMs: 1000 })).focalPoint);

  const [last] = seen.filter(({ atMs }) => atMs !== undefined);
  const shown = await focal.media.facePicture({ ...source, atMs: last?.atMs }, last?.box ?? WHOLE);
  const [same] = await focal.media.facesOf(shown);
  expect(faceDistance(same?.vector ?? VOID, last?.vector ?? VOID)).toBeLessThan(0.5);
});

test('a video that breaks off is looked at as far as it goes, and one that ends the work ends', {
  timeout: 120_000,
}, async () => {
  const whole = join(folder, 'whole-party.mp4');
  const data = await sharp(join(PHOTOS, 'sample1.jpg'))
    .resize(640, 480, { fit: 'cover' })
    .ensureAlpha()
    .raw()
    .toBuffer();
  const timestamps = Array.from({ length: 24 }, (_, i) => i / 2);
  await makeClip({ path: whole, width: 640, height: 480, timestamps, draw: () => data, indexFirst: true });
  const bytes = await readFile(whole);
  const path = join(folder, 'cut-party.mp4');
  await writeFile(path, bytes.subarray(0, Math.round(bytes.length * 0.6)));
  const source = { path, kind: 'video', durationMs: 12_000 } as const;
  const { scene, damage } = await focal.media.find(source);
  expect(scene.faces?.faces.length).toBeGreaterThan(2);
  expect(damage).toMatchObject({
    code: 'corrupt-input',
    message: expect.stringMatching(/^The video is cut off: its file ends after 0:0[5-8] of 0:11\.$/),
  });
  const { damage: none } = await focal.media.find({ ...source, path: whole });
  expect(none).toBeUndefined();
  const signal = AbortSignal.timeout(1);
  await expect(focal.media.find({ ...source, path: whole }, { signal })).rejects.toMatchObject({ code: 'aborted' });
});

test('a video is copied as it is stored, without what the file says of itself', { timeout: 120_000 }, async () => {
  const source = join(folder, 'tagged.mp4');
  const tags = { title: 'Granny at home', comment: 'Not for guests' };
  await makeClip({ path: source, rotation: 90, audio: 'aac', timestamps: [0, 0.3, 0.5, 0.6, 0.65], tags });
  const copy = join(folder, 'copy.mp4');
  expect(await focal.media.copyVideo({ path: source, kind: 'video' }, copy)).toEqual({ format: 'mp4', warnings: [] });
  const [before, after] = [await focal.video.info(source), await focal.video.info(copy)];
  expect(after.video).toEqual(before.video);
  expect(after.audio).toEqual(before.audio);
  expect(after.duration).toBeCloseTo(before.duration, 2);
  expect((await readFile(source)).includes('Granny')).toBe(true);
  const bytes = await readFile(copy);
  for (const secret of ['Granny', 'Not for guests']) expect(bytes.includes(secret)).toBe(false);

  // Where something is there already, it stays.
  await expect(focal.media.copyVideo({ path: source, kind: 'video' }, copy)).rejects.toMatchObject({ code: 'exists' });
  expect((await readFile(copy)).equals(bytes)).toBe(true);
});

test('a video is copied into the container that browsers play its codec in, or refused', async () => {
  const webm = join(folder, 'clip.webm');
  await makeClip({ path: webm, audio: 'opus' });
  const copy = join(folder, 'copy.webm');
  const { format } = await focal.media.copyVideo({ path: webm, kind: 'video' }, copy);
  expect([format, (await focal.video.info(copy)).video.frames]).toEqual(['webm', 10]);

  const mov = join(folder, 'clip.mov');
  await focal.video.background(webm, { path: mov }, { transparent: true });
  const refused = join(folder, 'refused.mp4');
  await expect(focal.media.copyVideo({ path: mov, kind: 'video' }, refused)).rejects.toMatchObject({
    code: 'unsupported-format',
  });
  const controller = new AbortController();
  controller.abort();
  const options = { signal: controller.signal };
  await expect(focal.media.copyVideo({ path: webm, kind: 'video' }, refused, options)).rejects.toMatchObject({
    code: 'aborted',
  });
  await expect(
    focal.media.copyVideo({ path: join(PHOTOS, 'sample1.jpg'), kind: 'photo' }, refused),
  ).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(stat(refused)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('of a video that breaks off, what is there is copied, and said', async () => {
  const path = join(folder, 'cut.mp4');
  await makeClip({ path, indexFirst: true, width: 320, height: 240 });
  const bytes = await readFile(path);
  const copy = join(folder, 'cut-copy.mp4');
  // Only its index is there.
  await writeFile(path, bytes.subarray(0, Math.round(bytes.length * 0.7)));
  await expect(focal.media.copyVideo({ path, kind: 'video' }, copy)).rejects.toMatchObject({ code: 'corrupt-input' });
  await writeFile(path, bytes.subarray(0, Math.round(bytes.length * 0.9)));
  const { warnings } = await focal.media.copyVideo({ path, kind: 'video' }, copy);
  expect(warnings).toEqual([expect.stringContaining('The video ends early')]);
  const { video } = await focal.video.info(copy);
  expect(video.frames).toBeGreaterThan(2);
  expect(video.frames).toBeLessThan(10);
});
