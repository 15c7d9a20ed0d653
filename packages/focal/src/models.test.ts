import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFocal } from './create-focal.ts';

vi.setConfig({ testTimeout: 120_000 });

const here = createRequire(import.meta.url);
const photo = join(dirname(here.resolve('@vladmandic/face-api/package.json')), 'demo', 'sample1.jpg');
let folder = '';
let own = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-models-'));
  own = join(folder, 'mine.tflite');
  const manifest = here.resolve('@mediapipe/selfie_segmentation/package.json');
  await copyFile(join(dirname(manifest), 'selfie_segmentation.tflite'), own);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = (): { home: string; device: 'cpu'; withoutModels: string[] } => ({
  home: join(folder, 'home'),
  device: 'cpu',
  withoutModels: ['isnet-medium'],
});

describe('models that can be downloaded', () => {
  it('are told as available, with their source and what to do', async () => {
    await using focal = await createFocal(options());
    const models = await focal.models();
    expect(models.find(({ id }) => id === 'mobilenet-v2')).toMatchObject({
      state: 'available',
      licence: 'Apache-2.0',
      source: expect.stringMatching(/^https:\/\/.*mobilenet_v2_1\.0_224_quant\.tflite$/),
      hint: 'Download it with: focal models pull mobilenet-v2',
    });
    expect(models.find(({ id }) => id === 'selfie')?.source).toMatch(/^npm @mediapipe\/selfie_segmentation@/);
  });

  it('are refused where there is nothing to download or remove', async () => {
    await using focal = await createFocal(options());
    await expect(focal.pullModel('selfie')).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(focal.pullModel('nothing')).rejects.toMatchObject({ code: 'not-found' });
    await expect(focal.pullModel('mobilenet-v2', { from: 'ftp://x/' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    await expect(focal.pullModel('mobilenet-v2', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(await focal.removeModel('mobilenet-v2')).toBe(false);
  });
});

describe('a model of your own', () => {
  it('runs in place of the model that is missing, and is named by file and hash', async () => {
    await using focal = await createFocal({ ...options(), models: { matte: own } });
    const { provenance } = await focal.edit(photo, 'cutout');
    expect(provenance.models[0]).toBe('mine.tflite (8d13b7fa)');
    expect(provenance.notice).toBeUndefined();
  });

  it('has scenes of its own in the cache', async () => {
    await using plain = await createFocal(options());
    const first = await plain.analyseFile(photo, ['matte']);
    expect(first.scene.matte?.provenance.models).toEqual(['selfie']);
    await using focal = await createFocal({ ...options(), models: { matte: own } });
    const { scene, recalled } = await focal.analyseFile(photo, ['matte']);
    expect(recalled).toEqual([]);
    expect(scene.matte?.provenance.models[0]).toBe('mine.tflite (8d13b7fa)');
    expect((await focal.analyseFile(photo, ['matte'])).recalled).toEqual(['matte']);
  });

  it('is refused before anything runs', async () => {
    const broken = join(folder, 'broken.onnx');
    await writeFile(broken, 'no model');
    const refused = (models: Record<string, string>) => createFocal({ ...options(), models });
    await expect(refused({ matte: broken })).rejects.toMatchObject({ code: 'model-invalid' });
    await expect(refused({ matte: '' })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(refused({ matte: join(folder, 'none.onnx') })).rejects.toMatchObject({ code: 'not-found' });
    await expect(refused({ hats: own })).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
