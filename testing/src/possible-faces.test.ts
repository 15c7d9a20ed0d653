import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  allocateLocal,
  anonymise,
  boxCentre,
  boxShareWithin,
  createPicture,
  type Picture,
  parseParameters,
  runPlan,
} from '@focal/core';
import { type Analyser, createAnalyser } from '@focal/models';
import { createNodeModelStore, createOrtRuntime, type OrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder = '';
let runtime: OrtRuntime;
let analyser: Analyser;
/** Four people side by side. */
let photo: Picture;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-possible-'));
  runtime = await createOrtRuntime({ device: 'cpu' });
  const store = createNodeModelStore({ cacheFolder: folder, without: ['isnet-medium'] });
  analyser = createAnalyser({ runtime, store });
  const { data, info } = await sharp(join(demo, 'sample6.jpg'))
    .resize(900)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  photo = createPicture(info.width, info.height, { data });
});
afterAll(async () => {
  await analyser.close();
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

describe('possible faces', () => {
  it('are where heads of people are whose faces cannot be seen', async () => {
    const scene = await analyser.analyse(photo, ['faces']);
    const faces = scene.faces?.faces ?? [];
    expect(faces).toHaveLength(4);
    const params = parseParameters(anonymise, { fast: true });
    const hidden = runPlan(anonymise.plan({ picture: photo, scene, params, assets: {}, allocate: allocateLocal }));
    const { possibleFaces, faces: seen } = await analyser.analyse(hidden, ['possible-faces']);
    expect(seen?.faces).toHaveLength(0);
    const places = possibleFaces?.places ?? [];
    expect(places.map(({ id }) => id)).toEqual(places.map((_, i) => `maybe-${i + 1}`));
    const found = faces.filter(({ box }) => {
      const { x, y } = boxCentre(box);
      return places.some((place) => {
        const centre = boxCentre(place.box);
        return Math.abs(centre.x - x) < box.width && Math.abs(centre.y - y) < box.height;
      });
    });
    expect(found).toHaveLength(4);
    expect(places.some(({ basis }) => basis === 'head')).toBe(true);
  });

  it('are none of the faces that are known', async () => {
    const { possibleFaces, faces } = await analyser.analyse(photo, ['possible-faces']);
    expect(faces?.faces).toHaveLength(4);
    for (const { box } of possibleFaces?.places ?? []) {
      for (const face of faces?.faces ?? []) expect(boxShareWithin(box, face.box)).toBeLessThan(0.75);
    }
  });
});
