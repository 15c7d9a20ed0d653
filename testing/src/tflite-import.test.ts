import { createRequire } from 'node:module';
import { catalogue, importTflite, type ModelEntry } from '@focal/models';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundledModel } from './bundled-model.ts';
import { type LiteRt, openLiteRt, type ReferenceTensor } from './litert.ts';

// The reference is LiteRT, Google's own runtime, on its CPU kernels in Chromium.
let reference: LiteRt;
beforeAll(async () => {
  reference = await openLiteRt();
});
afterAll(() => reference?.close());

const entries = catalogue.filter((entry) => entry.format === 'tflite' && entry.source.kind !== 'download');

describe('an imported TFLite model', () => {
  it('is proven for all seven that come with Focal', () => {
    expect(entries.map((entry) => entry.id).sort()).toEqual([
      'face-full',
      'face-short',
      'pose-full',
      'pose-heavy',
      'pose-lite',
      'selfie',
      'selfie-landscape',
    ]);
  });

  it.each(entries)(
    'gives what LiteRT gives, from $id on a photo of a person',
    async (entry) => {
      const bytes = await readBundledModel(entry);
      const input = await photoInput(entry);
      const expected = await reference.run(bytes, input);
      const outputs = await runOnnx(importTflite(bytes), entry, input);

      expect(Object.keys(outputs).sort()).toEqual(expected.map(({ name }) => name).sort());
      for (const { name, dims, data } of expected) {
        const output = outputs[name];
        expect({ name, dims: output?.dims }).toEqual({ name, dims });
        const tolerance = 1e-3 * Math.max(1, range(data));
        expect(maxDifference(output?.data as Float32Array, data)).toBeLessThanOrEqual(tolerance);
      }
      // Not a comparison of blanks: the largest output must have seen something in the picture.
      const largest = expected.toSorted((a, b) => b.data.length - a.data.length)[0] as ReferenceTensor;
      expect(range(largest.data)).toBeGreaterThan(0.9);
    },
    120_000,
  );

  it('keeps names, order and NHWC shapes of inputs and outputs', async () => {
    const entry = entries.find(({ id }) => id === 'selfie') as ModelEntry;
    const session = await ort.InferenceSession.create(importTflite(await readBundledModel(entry)));
    expect(session.inputMetadata).toMatchObject([{ name: entry.input.name, shape: entry.input.dims }]);
    expect(session.outputMetadata).toMatchObject([{ name: 'activation_10', shape: [1, 256, 256, 1] }]);
    await session.release();
  });
});

/** A photo with a person in it, cropped to the model's shape, in the model's own range. */
async function photoInput({ input }: ModelEntry): Promise<{ dims: number[]; data: Float32Array }> {
  const [, height, width] = input.dims;
  const require = createRequire(import.meta.url);
  const path = require.resolve('@vladmandic/face-api/package.json').replace('package.json', 'demo/sample1.jpg');
  const pixels = await sharp(path).resize(width, height, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  const [black, white] = input.range;
  const data = Float32Array.from(pixels, (byte) => black + ((white - black) * byte) / 255);
  return { dims: [...input.dims], data };
}

async function runOnnx(
  onnx: Uint8Array,
  { input: { name } }: ModelEntry,
  { data, dims }: { data: Float32Array; dims: number[] },
): Promise<Readonly<Record<string, ort.Tensor>>> {
  const session = await ort.InferenceSession.create(onnx, { logSeverityLevel: 3 });
  const outputs = await session.run({ [name]: new ort.Tensor('float32', data, dims) });
  await session.release();
  return outputs;
}

function maxDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  let max = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs((a[index] as number) - (b[index] as number));
    if (!(difference <= max)) max = difference;
  }
  return max;
}

function range(values: Float32Array): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}
