import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeOwnTask, GraphBuilder, OWN_TASKS, type OwnTask, writeOnnx } from '@focal/models';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readLines, runFocal, samplePhoto } from './fixtures/run-focal.ts';
import { OWN_MODELS } from './models-program.ts';
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

/** A matte that fails where the picture is bright: a table of three is asked for what lies past its end. */
function moodyModel(): Uint8Array {
  const graph = new GraphBuilder('moody');
  graph.input('x', [1, 3, 64, 64]);
  const grey = graph.node('ReduceMean', ['x'], { attributes: { axes: { ints: [1] }, keepdims: { int: 1 } } });
  const alpha = graph.node('Add', [grey, graph.scalar(0.5)]);
  const mean = graph.node('ReduceMean', [alpha], { attributes: { keepdims: { int: 0 } } });
  const index = graph.node('Cast', [graph.node('Mul', [mean, graph.scalar(4)])], { attributes: { to: { int: 7 } } });
  const table = graph.floats('table', [3], Float32Array.of(1, 1, 1));
  const one = graph.node('Gather', [table, index]);
  graph.output(graph.node('Mul', [alpha, one], { output: 'alpha' }), [1, 1, 64, 64]);
  return writeOnnx(graph.build());
}

describe('--model', () => {
  test('that fails at one picture is named there, and the next picture goes on', async () => {
    await writeFile(join(folder, 'moody.onnx'), moodyModel());
    for (const [name, background] of [
      ['1.png', '#334'],
      ['2.png', '#fff'],
      ['3.png', '#454'],
    ] as const) {
      const create = { width: 80, height: 60, channels: 3, background } as const;
      await sharp({ create }).png().toFile(join(folder, name));
    }
    const args = ['1.png', '2.png', '3.png', '-o', 'moody/', '--model', 'matte=moody.onnx'];
    const { code, stdout, stderr } = await run('cutout', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^2\.png: The model moody\.onnx \([0-9a-f]{8}\) failed at this picture: .*\n {2}Other pictures/m,
    );
    expect(stdout.toString().match(/[13]\.png$/gm)).toEqual(['1.png', '3.png']);
    expect((await readdir(join(folder, 'moody'))).sort()).toEqual(['1.png', '3.png']);
  });

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
    [['--model', 'hats=x.onnx'], 2, 'There are matte, person-matte, objects'],
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

test('what own models take and give is said in the help as it is checked', () => {
  const rows = (Object.keys(OWN_TASKS) as OwnTask[]).map((task) => {
    const { side, range } = OWN_TASKS[task];
    const [black, white] = range.map((value) => Number(value.toFixed(3)));
    return `${task} ${black}, ${white} ${side} ${describeOwnTask(task).gives}`;
  });
  const said = OWN_MODELS.replaceAll(/\s+/g, ' ');
  for (const row of rows) expect(said).toContain(row);
});

test('ownModel parses one more model', () => {
  expect(ownModel('matte=a=b c.onnx', { 'person-matte': 'x' })).toEqual({ 'person-matte': 'x', matte: 'a=b c.onnx' });
});
