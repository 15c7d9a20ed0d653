import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readLines, runFocal, samplePhoto } from './fixtures/run-focal.ts';
import { ownModel } from './option-values.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-own-'));
  const [selfie] = ['@mediapipe/selfie_segmentation/package.json'].map((name) =>
    createRequire(join(import.meta.dirname, '../../../packages/node/package.json')).resolve(name),
  );
  await copyFile(
    (selfie ?? '').replace('package.json', 'selfie_segmentation.tflite'),
    join(folder, 'my = model.tflite'),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'home') } });

describe('--model', () => {
  test('runs the named model, from a path with blanks and an =, and names it without its folder', async () => {
    const model = `matte=${join(folder, 'my = model.tflite')}`;
    const { code, stdout } = await run('cutout', samplePhoto(1), '-o', 'a.png', '--json', '--model', model);
    expect(code).toBe(0);
    const [file] = readLines(stdout);
    expect(file?.models).toEqual(expect.arrayContaining(['my = model.tflite (8d13b7fa)', 'selfie']));
    expect(JSON.stringify(file?.models)).not.toContain(folder);
  });

  test.each([
    [['--model', 'matte'], 2, 'such as matte=./my.onnx'],
    [['--model', 'hats=x.onnx'], 2, 'There are matte, person-matte'],
    [['--model', 'matte=none.onnx'], 3, 'none.onnx'],
    [['--model', 'matte=a.onnx', '--model', 'matte=b.onnx'], 2, 'two models for matte'],
    [['--model', 'matte=.'], 2, 'got the folder'],
  ])('%j is refused before any picture is read', async (args, code, message) => {
    const ended = await run('cutout', samplePhoto(1), '-o', 'b.png', ...args);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: expect.stringContaining(message) });
  });

  test('a broken model is refused with exit code 8', async () => {
    await writeFile(join(folder, 'broken.onnx'), new Uint8Array(5000).fill(7));
    const { code, stderr } = await run('serve', '--port', '0', '--model', 'person-matte=broken.onnx');
    expect(code).toBe(8);
    expect(stderr).toMatch(/^Error: The model for person-matte: Expected .*\n {2}/);
  });
});

test('ownModel parses one more model', () => {
  expect(ownModel('matte=a=b c.onnx', { 'person-matte': 'x' })).toEqual({ 'person-matte': 'x', matte: 'a=b c.onnx' });
});
