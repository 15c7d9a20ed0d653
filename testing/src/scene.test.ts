import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { boxShareWithin, createPicture, FACTS, isInBox, type Picture, type Scene } from '@focal/core';
import { type Analyser, createAnalyser, type ModelStore } from '@focal/models';
import { createNodeModelStore, createOrtRuntime, type OrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// All facts of a scene on real models and photos, without IS-Net, which has tests of its own.

const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const SLOW = 120_000;

let folder = '';
let runtime: OrtRuntime;
let store: ModelStore;
let analyser: Analyser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-scene-'));
  store = createNodeModelStore({ cacheFolder: folder, without: ['isnet-medium'] });
  runtime = await createOrtRuntime({ device: 'cpu' });
  analyser = createAnalyser({ runtime, store });
});
afterAll(async () => {
  await analyser.close();
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

async function readSample(number: number, width = 1000): Promise<Picture> {
  const { data, info } = await sharp(join(demo, `sample${number}.jpg`))
    .resize(width)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data });
}

function createBlack(width: number, height: number): Picture {
  const picture = createPicture(width, height);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return picture;
}

describe('a scene of three people', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await analyser.analyse(await readSample(1), FACTS);
  }, SLOW);

  it('holds all facts, and each person once with their own face', () => {
    expect(scene.facts).toEqual(FACTS);
    const people = scene.subjects?.subjects.filter(({ kind }) => kind === 'person') ?? [];
    const faces = scene.faces?.faces ?? [];
    expect([people.length, faces.length]).toEqual([3, 3]);
    expect(new Set(people.flatMap(({ faceIds }) => faceIds))).toEqual(new Set(['face-1', 'face-2', 'face-3']));
    for (const { faceIds, box, anchor, matte } of people) {
      const face = faces.find(({ id }) => id === faceIds[0]);
      expect(face && boxShareWithin(face.box, box)).toBeGreaterThan(0.6);
      expect(isInBox(anchor, matte.box)).toBe(true);
    }
  });

  it('sees points in their faces, who smiles, and who is who', () => {
    for (const { box, points, quality, expression, vector } of scene.faces?.faces ?? []) {
      for (const point of Object.values(points)) expect(isInBox(point, box)).toBe(true);
      expect(points.rightEye.x).toBeLessThan(points.leftEye.x);
      expect(quality.overall).toBeGreaterThan(0.3);
      expect(vector).toHaveLength(128);
      const sum = Object.values(expression?.distribution ?? {}).reduce((all, share) => all + share, 0);
      expect(sum).toBeCloseTo(1, 3);
    }
    const smiles = (scene.faces?.faces ?? []).map(({ expression }) => expression?.smile ?? 0);
    // The woman on the right laughs, the one in the middle looks down.
    expect(smiles[0]).toBeGreaterThan(0.9);
    expect(Math.min(...smiles)).toBeLessThan(0.5);
  });

  it('knows what it is about, and why', () => {
    const { classes, basis, confidence, focalPoint, map } = scene.saliency ?? {};
    expect(classes?.[0]?.label).toBe('person');
    expect([basis, (confidence ?? 0) > 0.5]).toEqual(['map-and-matte', true]);
    const face = scene.faces?.faces.some(({ box }) => focalPoint !== undefined && isInBox(focalPoint, box));
    expect(face).toBe(true);
    expect(Math.max(...(map?.data ?? []))).toBe(255);
  });

  it('is the same when facts are asked for one after the other', { timeout: SLOW }, async () => {
    const picture = await readSample(1);
    let known = await analyser.analyse(picture, []);
    for (const fact of FACTS) known = await analyser.analyse(picture, [fact], { known });
    const { saliency, ...rest } = known;
    const { saliency: expected, ...others } = scene;
    expect(rest).toEqual(others);
    expect(saliency?.subjectId).toBe(expected?.subjectId);
  });
});

describe('facts', () => {
  it('that are not asked for cost nothing: their models are not even loaded', { timeout: SLOW }, async () => {
    const asked: string[] = [];
    const watched: ModelStore = {
      ...store,
      derived: (key, build) => {
        asked.push(key.replace(/-[0-9a-f]{16}.*/, ''));
        return store.derived(key, build);
      },
    };
    const own = createAnalyser({ runtime, store: watched });
    const scene = await own.analyse(await readSample(1, 500), ['expressions']);
    await own.close();
    expect(scene.facts).toEqual(['faces', 'expressions']);
    expect(asked.sort()).toEqual(['emotion', 'face-expression', 'face-full', 'face-short', 'facemesh']);
    expect(scene.faces?.faces[0]?.vector).toBeUndefined();
  });

  it('are empty lists where there is nobody and nothing, of any size', { timeout: SLOW }, async () => {
    for (const picture of [createBlack(320, 200), createBlack(1, 1), createPicture(7, 3), createBlack(5, 900)]) {
      const scene = await analyser.analyse(picture, FACTS);
      expect([scene.objects?.objects, scene.faces?.faces, scene.subjects?.subjects]).toEqual([[], [], []]);
      expect([scene.saliency?.basis, scene.saliency?.classes]).toEqual(['centre', []]);
      expect(scene.saliency?.confidence).toBeLessThan(0.3);
    }
  });

  it('are not found out of work that was cancelled', async () => {
    const work = analyser.analyse(createBlack(30, 20), FACTS, { signal: AbortSignal.abort() });
    await expect(work).rejects.toMatchObject({ code: 'aborted' });
  });
});
