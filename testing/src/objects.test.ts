import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { boxIou, createPicture, type Picture, resizePicture } from '@focal/core';
import { findObjects, loadModel, type Session } from '@focal/models';
import { createNodeModelStore, createOrtRuntime, type OrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder = '';
let runtime: OrtRuntime;
let session: Session;
let photo: Picture;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-objects-'));
  const store = createNodeModelStore({ cacheFolder: folder });
  runtime = await createOrtRuntime({ device: 'cpu' });
  session = await loadModel(runtime, store, 'centernet');
  const { data, info } = await sharp(join(demo, 'sample1.jpg'))
    .resize(900)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  photo = createPicture(info.width, info.height, { data });
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

const persons = async (picture: Picture, effort: 'fast' | 'quality' = 'fast') =>
  (await findObjects(session, picture, { effort })).filter(({ label }) => label === 'person');

describe('objects in a photo', () => {
  it('are the three people, once each, surest first, with one look and with two', async () => {
    for (const effort of ['fast', 'quality'] as const) {
      const found = await persons(photo, effort);
      expect(found).toHaveLength(3);
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
      for (const { box } of found) expect(box.height).toBeGreaterThan(0.5);
    }
  });

  it('are found at the same place in any size, also in tiles of a large one', async () => {
    const plain = await persons(photo);
    const { width, height } = photo;
    for (const scale of [0.4, 3.2]) {
      const found = await persons(resizePicture(photo, Math.round(width * scale), Math.round(height * scale)));
      for (const { box } of plain) {
        expect(Math.max(0, ...found.map((each) => boxIou(each.box, box)))).toBeGreaterThan(0.8);
      }
    }
  });

  it('are none in a black picture and in one pixel', async () => {
    const black = createPicture(300, 200);
    for (let i = 3; i < black.data.length; i += 4) black.data[i] = 255;
    expect(await findObjects(session, black)).toEqual([]);
    expect(await findObjects(session, createPicture(1, 1), { effort: 'quality' })).toEqual([]);
  });

  it('are not looked for when the work was cancelled', async () => {
    await expect(findObjects(session, photo, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
