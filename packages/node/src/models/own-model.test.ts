import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPicture } from '@focal/core';
import { createAnalyser, getModel, nameOwnModels, type OwnModel, toRunnableOnnx } from '@focal/models';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOrtRuntime } from '../runtime/ort-runtime.ts';
import { createNodeModelStore } from './model-store.ts';
import { prepareOwnModel } from './own-model.ts';
import { findPackageFolder } from './package-files.ts';

vi.setConfig({ testTimeout: 60_000 });

let folder = '';
let cacheFolder = '';
let selfie = '';
let selfieOnnx: Uint8Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-own-'));
  cacheFolder = join(folder, 'cache');
  selfie = join(folder, 'my own=model, è.tflite');
  const source = join(findPackageFolder('@mediapipe/selfie_segmentation') ?? '', 'selfie_segmentation.tflite');
  await copyFile(source, selfie);
  const store = createNodeModelStore({ cacheFolder });
  selfieOnnx = toRunnableOnnx(getModel('selfie'), await store.read('selfie'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const prepare = (task: string, path: string, timeoutMs = 60_000) =>
  prepareOwnModel(task, path, { cacheFolder, timeoutMs });

async function keep(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('prepareOwnModel', () => {
  it('tells how the model is fed, and names it by file and hash, never by its folder', async () => {
    const own = await prepare('person-matte', selfie);
    expect(own).toMatchObject({
      task: 'person-matte',
      name: 'my own=model_ _.tflite (8d13b7fa)',
      fit: {
        input: { name: 'input_1', layout: 'nhwc', width: 256, height: 256, range: [0, 1] },
        output: { kind: 'alpha', name: 'activation_10', width: 256, height: 256 },
      },
    });
    expect(own.onnx).toEqual(expect.stringContaining(cacheFolder));
  });

  it('tries what it knows by its content no second time', async () => {
    const before = await readdir(cacheFolder);
    const again = await keep('another name.TFLITE', await readFile(selfie));
    expect((await prepare('person-matte', again)).onnx).toBe((await prepare('person-matte', selfie)).onnx);
    expect(await readdir(cacheFolder)).toEqual(before);
  });

  it('takes ONNX files as well, and the model.json of TensorFlow.js with the weights beside it', async () => {
    expect(await prepare('person-matte', await keep('selfie.onnx', selfieOnnx))).toMatchObject({
      fit: { input: { layout: 'nhwc', width: 256 } },
    });
    const models = join(findPackageFolder('@vladmandic/human') ?? '', 'models');
    await mkdir(join(folder, 'tfjs'), { recursive: true });
    await copyFile(join(models, 'emotion.json'), join(folder, 'tfjs', 'emotion.json'));
    await copyFile(join(models, 'emotion.bin'), join(folder, 'tfjs', 'emotion.bin'));
    // A model of another task: read whole, and refused for what it takes.
    await expect(prepare('matte', join(folder, 'tfjs', 'emotion.json'))).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/Expected one RGB picture .* got \[1, 64, 64, 1\]\.$/),
    });
  });

  it.each<[string, () => Promise<string>, string, string]>([
    ['a missing file', async () => join(folder, 'none.onnx'), 'not-found', 'none.onnx'],
    ['a folder', async () => folder, 'invalid-argument', 'got the folder'],
    [
      'a folder with a suffix',
      async () => mkdir(join(folder, 'f.onnx'), { recursive: true }).then(() => join(folder, 'f.onnx')),
      'invalid-argument',
      'got the folder',
    ],
    ['another suffix', async () => keep('model.pt', 'x'), 'invalid-argument', 'Expected a model file'],
    ['an empty file', async () => keep('empty.onnx', ''), 'model-invalid', 'Expected an ONNX model'],
    ['a file cut short', async () => keep('cut.onnx', selfieOnnx.subarray(0, 100_000)), 'model-invalid', 'Expected'],
    ['a text', async () => keep('text.tflite', 'no model at all'), 'model-invalid', 'Expected a TFLite file'],
    ['JSON of something else', async () => keep('package.json', '{"name":"x"}'), 'model-invalid', 'weight files'],
    [
      'weights of another folder',
      async () => keep('escape.json', JSON.stringify({ weightsManifest: [{ paths: ['../../etc/passwd'] }] })),
      'model-invalid',
      'one elsewhere',
    ],
  ])('refuses %s', async (_, make, code, message) => {
    await expect(prepare('matte', await make())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('refuses a task that takes none, and lists those that do', async () => {
    await expect(prepare('hats', selfie)).rejects.toMatchObject({
      code: 'invalid-argument',
      hint: expect.stringMatching(
        /^There are matte, person-matte, objects, identity, expression\. .*focal models --help$/,
      ),
    });
  });

  it('refuses a model of another task for what it gives', async () => {
    const store = createNodeModelStore({ cacheFolder });
    const [face, mesh] = await Promise.all(
      (['face-short', 'facemesh'] as const).map(async (id) => toRunnableOnnx(getModel(id), await store.read(id))),
    );
    await expect(prepare('matte', await keep('face.onnx', face as Uint8Array))).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/Expected an alpha .* got regressors float32 \[1, 896, 16\]/),
    });
    await expect(prepare('matte', await keep('mesh.onnx', mesh as Uint8Array))).rejects.toMatchObject({
      code: 'model-invalid',
    });
  });

  it.runIf(existsSync('/proc/self/status'))('outlives a model that takes too much memory', async () => {
    const options = { cacheFolder: join(folder, 'small-cache'), maxMemoryBytes: 1e6 };
    await expect(prepareOwnModel('matte', selfie, options)).rejects.toMatchObject({
      code: 'model-invalid',
      message: 'The model for matte took more than 1 MB.',
    });
  });

  it('outlives a model that takes too long', async () => {
    const fresh = join(folder, 'fresh-cache');
    await expect(prepareOwnModel('matte', selfie, { cacheFolder: fresh, timeoutMs: 1 })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('took longer'),
    });
  });
});

describe('an own model in place of another', () => {
  it('gives the same alpha where it is the same model, and is named in the scene', async () => {
    const picture = createPicture(300, 200);
    picture.data.forEach((_, i) => {
      picture.data[i] = i % 4 === 3 ? 255 : (i * 31) % 256;
    });
    const own = await prepare('person-matte', selfie);
    const runtime = await createOrtRuntime({ device: 'cpu' });
    const without = ['isnet-medium', 'isnet-small'];
    const plainStore = createNodeModelStore({ cacheFolder, without });
    const store = createNodeModelStore({ cacheFolder, without: [...without, 'selfie'], own: [own] });
    const plain = createAnalyser({ runtime, store: plainStore });
    const analyser = createAnalyser({ runtime, store });
    const expected = await plain.analyse(picture, ['matte']);
    const scene = nameOwnModels(await analyser.analyse(picture, ['matte']), store);
    expect(scene.matte?.provenance.models).toEqual([own.name]);
    expect(expected.matte?.provenance.models).toEqual(['selfie']);
    const [a, b] = [scene.matte?.matte.data ?? [], expected.matte?.matte.data ?? []];
    expect(a.length).toBe(256 * 256);
    // One is prepared for this machine and the other not: they round differently.
    const differences = Array.from(a, (alpha, i) => Math.abs(alpha - (b[i] as number)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(8);
    expect(differences.reduce((sum, each) => sum + each, 0) / a.length).toBeLessThan(0.01);
    await plain.close();
    await analyser.close();
    await runtime.close();
  });

  it('is fed its own size and layout, and its alpha is brought to the size that the task knows', async () => {
    // Selfie for the task of IS-Net: 256² NHWC 0..1 in place of 1024² NCHW -0.5..0.5.
    const own: OwnModel = { ...(await prepare('matte', selfie)), task: 'matte' };
    expect(own.fit.input).toMatchObject({ width: 256, range: [-0.5, 127 / 256] });
    const store = createNodeModelStore({ cacheFolder, without: ['isnet-medium'], own: [own] });
    const runtime = await createOrtRuntime({ device: 'cpu' });
    const analyser = createAnalyser({ runtime, store });
    const scene = await analyser.analyse(createPicture(90, 120), ['matte']);
    expect(scene.matte?.matte).toMatchObject({ width: 1024, height: 1024 });
    expect(nameOwnModels(scene, store).matte?.provenance.models[0]).toBe(own.name);
    await analyser.close();
    await runtime.close();
  });
});
