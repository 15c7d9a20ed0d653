import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Fact } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFocal } from './create-focal.ts';
import type { Focal, Progress } from './types.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder = '';
let photo = '';
let focal: Focal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-analyse-'));
  photo = join(folder, 'photo.jpg');
  await sharp(join(PHOTOS, 'sample1.jpg')).resize(480).jpeg({ quality: 92 }).toFile(photo);
  focal = await createFocal({ home: join(folder, 'home'), device: 'cpu', withoutModels: ['isnet-medium'] });
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

/** The files of the cache that hold scenes. */
async function listScenes(): Promise<readonly string[]> {
  const { folder: cache } = await focal.cache();
  return (await readdir(cache)).filter((name) => name.endsWith('.scene.json')).map((name) => join(cache, name));
}

describe('analyseFile', () => {
  it('finds out what is asked for once, also where the file was copied, and tells its progress', async () => {
    const seen: Progress[] = [];
    const first = await focal.analyseFile(photo, ['matte'], { onProgress: (progress) => seen.push(progress) });
    expect(first.recalled).toEqual([]);
    expect(first.scene.facts).toEqual(['matte']);
    expect(first.picture).toBeUndefined();
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(1);

    const copy = join(folder, 'copy.jpg');
    await copyFile(photo, copy);
    const second = await focal.analyseFile(await readFile(copy), ['matte'], { withPicture: true });
    expect(second.recalled).toEqual(['matte']);
    expect(second.scene).toEqual(first.scene);
    expect([second.picture?.width, second.picture?.height]).toEqual([480, 320]);
  });

  it('knows faces again, as they were', async () => {
    const first = await focal.analyseFile(photo, ['faces', 'saliency']);
    expect(first.scene.faces?.faces.length).toBeGreaterThan(0);
    const second = await focal.analyseFile(photo, ['faces', 'saliency']);
    expect(second.recalled).toEqual(second.scene.facts);
    expect(second.scene.faces?.faces.map(({ id, points }) => [id, Object.keys(points.nose)])).toEqual(
      first.scene.faces?.faces.map(({ id }) => [id, ['x', 'y']]),
    );
  });

  it('looks again where the cache is not to be used, was cut short, or other models are there', async () => {
    await focal.analyseFile(photo, ['matte']);
    expect((await focal.analyseFile(photo, ['matte'], { cache: false })).recalled).toEqual([]);

    for (const path of await listScenes()) await writeFile(path, (await readFile(path)).subarray(0, 200));
    const again = await focal.analyseFile(photo, ['matte']);
    expect(again.recalled).toEqual([]);
    expect((await focal.analyseFile(photo, ['matte'])).recalled).toEqual(['matte']);

    const withoutModels = ['isnet-medium', 'pose-lite'];
    await using other = await createFocal({ home: join(folder, 'home'), device: 'cpu', withoutModels });
    expect((await other.analyseFile(photo, ['matte'])).recalled).toEqual([]);
  });

  it('refuses facts that there are not, and files that are no pictures', async () => {
    await expect(focal.analyseFile(photo, ['mood' as Fact])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'There is no fact mood.',
    });
    const text = join(folder, 'text.jpg');
    await writeFile(text, 'not a picture');
    await expect(focal.analyseFile(text, ['matte'])).rejects.toMatchObject({ code: 'unsupported-format' });
    await expect(focal.analyseFile(join(folder, 'none.jpg'), ['matte'])).rejects.toMatchObject({ code: 'not-found' });
    await expect(focal.analyseFile(photo, ['matte'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('saliency drawn', () => {
  it('is the map or the photo under its heat, in the size of the photo', async () => {
    const { scene, picture, format } = await focal.analyseFile(photo, ['saliency'], { withPicture: true });
    expect(format).toBe('jpeg');
    const map = await focal.drawSaliency(scene);
    expect([map.width, map.height]).toEqual([480, 320]);
    expect(map.data.some((value) => value > 200)).toBe(true);
    expect(map.data.some((value) => value < 30)).toBe(true);
    if (picture === undefined) throw new Error('There is no picture.');
    const heat = await focal.drawHeat(picture, scene);
    expect([heat.width, heat.height]).toEqual([480, 320]);
    expect(heat.data).not.toEqual(picture.data);
  });

  it('is refused for a scene without one', async () => {
    const { scene } = await focal.analyseFile(photo, ['matte']);
    await expect(focal.drawSaliency(scene)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
