import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GraphBuilder, writeOnnx } from '@focal/models';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFocal } from './create-focal.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-own-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A model that gives these numbers whatever it sees. */
async function keepConstant(name: string, dims: readonly number[], values: Float32Array): Promise<string> {
  const graph = new GraphBuilder(name);
  graph.input('x', [1, 3, 64, 64]);
  const mean = graph.node('ReduceMean', ['x'], { attributes: { keepdims: { int: 0 } } });
  const nothing = graph.node('Mul', [mean, graph.scalar(0)]);
  graph.output(graph.node('Add', [graph.floats('values', dims, values), nothing], { output: 'out' }), dims);
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, writeOnnx(graph.build()));
  return path;
}

it('runs own models for things, expressions and identities, and names them where they ran', async () => {
  // One zebra (23rd of COCO's names) in the left half of the photo.
  const boxes = new Float32Array(2 * 84);
  [16, 32, 32, 40].forEach((value, i) => {
    boxes[i * 2] = value;
  });
  boxes[(4 + 22) * 2] = 0.8;
  const models = {
    objects: await keepConstant('yolo', [1, 84, 2], boxes),
    expression: await keepConstant('sad', [1, 7], Float32Array.of(0, 0, 9, 0, 0, 0, 0)),
    identity: await keepConstant('same', [1, 128], new Float32Array(128).fill(0.25)),
  };
  await using focal = await createFocal({ home: folder, device: 'cpu', models, withoutModels: ['isnet-medium'] });
  const photo = await sharp(join(PHOTOS, 'sample1.jpg')).resize(480, 480, { fit: 'cover' }).jpeg().toBuffer();
  const { picture } = await focal.decode(photo);
  const scene = await focal.analyse(picture, ['objects', 'expressions', 'identities', 'saliency']);
  expect(scene.objects?.objects).toEqual([{ label: 'zebra', score: expect.closeTo(0.8, 5), box: expect.anything() }]);
  const box = scene.objects?.objects[0]?.box;
  expect([box?.x, box?.y, box?.width, box?.height]).toEqual(
    [0, 12 / 64, 0.5, 40 / 64].map((n) => expect.closeTo(n, 5)),
  );
  const faces = scene.faces?.faces ?? [];
  expect(faces.length).toBeGreaterThan(0);
  for (const { expression, vector } of faces) {
    expect(expression?.distribution.sad).toBeGreaterThan(0.8);
    expect([vector?.length, vector?.[0]]).toEqual([128, 0.25]);
  }
  expect(scene.objects?.provenance.models).toEqual([expect.stringMatching(/^yolo\.onnx \([0-9a-f]{8}\)$/)]);
  expect(scene.faces?.provenance.models).toEqual(
    expect.arrayContaining([expect.stringMatching(/^sad\.onnx/), expect.stringMatching(/^same\.onnx/)]),
  );
  expect(scene.faces?.provenance.models).not.toContain('emotion');
  // Evidence is that of Focal's own detector.
  expect(scene.saliency?.classes[0]?.label).toBe('person');
  expect(scene.saliency?.provenance.models).toEqual(['centernet']);
});
