import { createRequire } from 'node:module';
import { catalogue, type ModelEntry, toRunnableOnnx } from '@focal/models';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBundledModel } from './bundled-model.ts';
import { openFaceApi, runFaceApi } from './face-api.ts';
import { type FloatTensor, openTfjs, runGraphModel } from './tfjs.ts';

// The reference is TensorFlow.js on its WebAssembly kernels, and face-api's own code on top of it.
beforeAll(() => openTfjs());

const PHOTO = createRequire(import.meta.url)
  .resolve('@vladmandic/face-api/package.json')
  .replace('package.json', 'demo/sample1.jpg');

const graphs = catalogue.filter((entry) => entry.format === 'tfjs-graph');

/** Output of ours, net of face-api, output there. */
const FACE_NETS = [
  ['ssd-mobilenet', 'ssdMobilenetv1', { boxes: 'boxes', scores: 'scores' }],
  ['face-recognition', 'faceRecognitionNet', { descriptor: 'result' }],
  ['face-expression', 'faceExpressionNet', { probabilities: 'result' }],
] as const;

describe('an imported TensorFlow.js model', () => {
  it('is proven for all that come with Focal', () => {
    expect(graphs.map(({ id }) => id).sort()).toEqual(['blazeface', 'centernet', 'emotion', 'facemesh', 'faceres']);
    const nets = catalogue.filter((entry) => entry.format === 'tfjs-weights').map(({ id }) => id);
    expect(nets.sort()).toEqual(FACE_NETS.map(([id]) => id).sort());
  });

  it.each(graphs)('gives what TensorFlow.js gives, from $id on a photo of a person', async (entry) => {
    const bytes = await readBundledModel(entry);
    const input = await photoInput(entry);
    const outputs = entry.outputs ?? [];
    const jsonBytes = entry.source.kind === 'json-weights' ? entry.source.jsonBytes : 0;
    const expected = await runGraphModel(bytes.subarray(0, jsonBytes), bytes.subarray(jsonBytes), input, outputs);
    const given = await runOnnx(toRunnableOnnx(entry, bytes), entry, input);
    expect(Object.keys(given).sort()).toEqual([...outputs].sort());
    outputs.forEach((name, index) => {
      expect(given[name]?.dims).toEqual(expected[index]?.dims);
      expect(distance(given[name], expected[index])).toBeLessThanOrEqual(1);
    });
  });

  it.each(FACE_NETS)('gives what face-api gives, from %s on a photo of a person', async (id, net, names) => {
    const entry = catalogue.find((each) => each.id === id) as ModelEntry;
    const photo = await photoInput(entry, [0, 255]);
    const expected = await runFaceApi(openFaceApi(), net, photo);
    const input = id === 'ssd-mobilenet' ? { ...photo, data: photo.data.map((value) => value / 127.5 - 1) } : photo;
    const given = await runOnnx(toRunnableOnnx(entry, await readBundledModel(entry)), entry, input);
    for (const [ours, theirs] of Object.entries(names)) {
      expect(distance(given[ours], expected[theirs])).toBeLessThanOrEqual(1);
    }
  });

  it('gives logits that the probabilities of face-expression are the softmax of', async () => {
    const entry = catalogue.find((each) => each.id === 'face-expression') as ModelEntry;
    const onnx = toRunnableOnnx(entry, await readBundledModel(entry));
    const { logits, probabilities } = await runOnnx(onnx, entry, await photoInput(entry));
    const powers = Array.from(logits?.data as Float32Array, Math.exp);
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, index) => expect(power / sum).toBeCloseTo(Number(probabilities?.data[index]), 5));
  });
});

/** How far two tensors are apart, of the size that is allowed: at most 1 is the same. */
function distance(given: ort.Tensor | undefined, expected: FloatTensor | undefined): number {
  const [a, b] = [given?.data as Float32Array, expected?.data as Float32Array];
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const low = b.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = b.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const difference = b.reduce((most, value, at) => Math.max(most, Math.abs(value - (a[at] ?? Number.NaN))), 0);
  // Where all values are small, a comparison with 1e-3 would be one of blanks.
  const allowed = b.length === 1 ? 1e-3 : Math.min(1e-3 * Math.max(1, high - low), 0.01 * (high - low));
  return difference / allowed;
}

/** A photo of a person, cropped to the model's shape, in the model's own range. */
async function photoInput({ input }: ModelEntry, range = input.range): Promise<FloatTensor> {
  const [, height, width, channels] = input.dims;
  const photo = sharp(PHOTO).resize(width, height, { fit: 'cover' }).removeAlpha();
  const pixels = await (channels === 1 ? photo.greyscale() : photo).raw().toBuffer();
  const [black, white] = range;
  return { dims: [...input.dims], data: Float32Array.from(pixels, (byte) => black + ((white - black) * byte) / 255) };
}

async function runOnnx(
  onnx: Uint8Array,
  { input: { name } }: ModelEntry,
  { data, dims }: FloatTensor,
): Promise<Readonly<Record<string, ort.Tensor>>> {
  const session = await ort.InferenceSession.create(onnx, { logSeverityLevel: 3 });
  const outputs = await session.run({ [name]: new ort.Tensor('float32', data, [...dims]) });
  await session.release();
  return outputs;
}
