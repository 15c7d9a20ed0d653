import { importTflite } from '@focal/models';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiteRt, openLiteRt } from './litert.ts';
import { type FlatFields, type OperatorModel, writeOperatorModel } from './tflite-writer.ts';

// Each operator alone, with the settings that the bundled models leave out, against LiteRT.
let reference: LiteRt;
beforeAll(async () => {
  reference = await openLiteRt();
});
afterAll(() => reference?.close());

const SAME = 0;
const VALID = 1;
const RELU6 = 3;

/** Options by their kind in schema version 3. */
const convolution = (fields: FlatFields) => ({ type: 1, fields });
const depthwise = (fields: FlatFields) => ({ type: 2, fields });
const pool = (padding: number, stride: readonly [x: number, y: number], size: readonly [x: number, y: number]) => ({
  type: 5,
  fields: {
    0: { int8: padding },
    1: { int32: stride[0] },
    2: { int32: stride[1] },
    3: { int32: size[0] },
    4: { int32: size[1] },
  },
});
const strides = (padding: number, x: number, y: number): FlatFields => ({
  0: { int8: padding },
  1: { int32: x },
  2: { int32: y },
});

const cases: readonly (readonly [title: string, model: OperatorModel])[] = [
  [
    'CONV_2D with unequal strides, same padding and RELU6 inside',
    {
      code: 3,
      options: convolution({ ...strides(SAME, 2, 3), 3: { int8: RELU6 } }),
      inputs: [[1, 11, 8, 3]],
      constants: [wave([5, 4, 3, 3]), wave([5], 2)],
      output: [1, 4, 4, 5],
    },
  ],
  [
    'CONV_2D with dilation and valid padding',
    {
      code: 3,
      options: convolution({ ...strides(VALID, 1, 1), 4: { int32: 2 }, 5: { int32: 3 } }),
      inputs: [[1, 12, 9, 4]],
      constants: [wave([2, 3, 3, 4]), wave([2])],
      output: [1, 6, 5, 2],
    },
  ],
  [
    'DEPTHWISE_CONV_2D with two channels from each and same padding',
    {
      code: 4,
      options: depthwise({ ...strides(SAME, 2, 2), 3: { int32: 2 } }),
      inputs: [[1, 9, 10, 3]],
      constants: [wave([1, 5, 3, 6]), wave([6])],
      output: [1, 5, 5, 6],
    },
  ],
  [
    'AVERAGE_POOL_2D that leaves padding out of the mean',
    { code: 1, options: pool(SAME, [2, 2], [3, 3]), inputs: [[1, 8, 7, 4]], output: [1, 4, 4, 4] },
  ],
  [
    'AVERAGE_POOL_2D over the whole picture',
    { code: 1, options: pool(VALID, [1, 1], [7, 6]), inputs: [[1, 6, 7, 4]], output: [1, 1, 1, 4] },
  ],
  [
    'MAX_POOL_2D with same padding',
    { code: 17, options: pool(SAME, [2, 3], [3, 2]), inputs: [[1, 7, 6, 3]], output: [1, 3, 3, 3] },
  ],
  [
    'MEAN over rows and columns that keeps the rank',
    {
      code: 40,
      options: { type: 27, fields: { 0: { int8: 1 } } },
      inputs: [[1, 5, 6, 3]],
      constants: [ints([1, 2])],
      output: [1, 1, 1, 3],
    },
  ],
  [
    'MEAN over rows and columns that drops them',
    { code: 40, options: { type: 27, fields: {} }, inputs: [[1, 5, 6, 3]], constants: [ints([1, 2])], output: [1, 3] },
  ],
  ...(['asymmetric', 'align_corners', 'half_pixel'] as const).flatMap((placement) =>
    [
      [9, 7],
      [3, 5],
      [16, 10],
    ].map(
      ([height = 0, width = 0]) =>
        [
          `RESIZE_BILINEAR ${placement} to ${height} × ${width}`,
          {
            code: 23,
            options: {
              type: 15,
              fields: {
                ...(placement === 'align_corners' ? { 2: { int8: 1 } } : {}),
                ...(placement === 'half_pixel' ? { 3: { int8: 1 } } : {}),
              },
            },
            inputs: [[1, 8, 5, 3]],
            constants: [ints([height, width])],
            output: [1, height, width, 3],
          },
        ] as const,
    ),
  ),
  [
    'PAD on every side of rows, columns and channels',
    {
      code: 34,
      options: { type: 22, fields: {} },
      inputs: [[1, 3, 4, 2]],
      constants: [{ dims: [4, 2], data: Int32Array.of(0, 0, 1, 2, 3, 0, 0, 1) }],
      output: [1, 6, 7, 3],
    },
  ],
  [
    'ADD of a constant for every channel, with RELU inside',
    {
      code: 0,
      options: { type: 11, fields: { 0: { int8: 1 } } },
      inputs: [[1, 3, 4, 5]],
      constants: [wave([5])],
      output: [1, 3, 4, 5],
    },
  ],
  [
    'MUL of a constant for every pixel',
    {
      code: 18,
      options: { type: 21, fields: {} },
      inputs: [[1, 3, 4, 5]],
      constants: [wave([1, 3, 4, 1])],
      output: [1, 3, 4, 5],
    },
  ],
  ...[1, 2, -1].map(
    (axis) =>
      [
        `CONCATENATION with a constant along axis ${axis}`,
        {
          code: 2,
          options: { type: 10, fields: { 0: { int32: axis } } },
          inputs: [[1, 3, 4, 2]],
          constants: [wave([1, 3, 4, 2], 3)],
          output: [1, 3, 4, 2].map((size, at) => (at === (axis + 4) % 4 ? size * 2 : size)),
        },
      ] as const,
  ),
  [
    'RESHAPE that joins pixels',
    { code: 22, inputs: [[1, 3, 4, 2]], constants: [ints([1, 12, 2])], output: [1, 12, 2] },
  ],
  [
    'RESHAPE that splits channels',
    { code: 22, inputs: [[1, 12]], constants: [ints([1, 3, 2, 2])], output: [1, 3, 2, 2] },
  ],
  ['RELU6', { code: 21, inputs: [[1, 5, 5, 2]], output: [1, 5, 5, 2] }],
  ['HARD_SWISH of a plain list', { code: 117, inputs: [[1, 40]], output: [1, 40] }],
  ['LOGISTIC', { code: 14, inputs: [[1, 5, 5, 2]], output: [1, 5, 5, 2] }],
  ...([1, 2] as const).map(
    (padding) =>
      [
        `Convolution2DTransposeBias with ${padding === 1 ? 'same' : 'valid'} padding`,
        {
          code: 32,
          custom: { name: 'Convolution2DTransposeBias', options: new Uint8Array(Int32Array.of(padding, 2, 2).buffer) },
          inputs: [[1, 4, 5, 3]],
          constants: [wave([2, 3, 3, 3]), wave([2])],
          output: padding === 1 ? [1, 8, 10, 2] : [1, 9, 11, 2],
        },
      ] as const,
  ),
];

describe('an imported TFLite operator', () => {
  it.each(cases)('gives what LiteRT gives: %s', async (_title, model) => {
    const tflite = writeOperatorModel(model);
    const [dims = []] = model.inputs;
    const { data } = wave(dims, 7);
    const [expected] = await reference.run(tflite, { data, dims });
    const session = await ort.InferenceSession.create(importTflite(tflite), { logSeverityLevel: 3 });
    const { out } = await session.run({ in0: new ort.Tensor('float32', data, dims) });
    await session.release();
    expect(out?.dims).toEqual(model.output);
    expect(new Set(out?.data as Float32Array).size).toBeGreaterThan(2);
    expect(expected?.data.length).toBe(out?.data.length);
    const apart = [...(expected?.data ?? [])].filter(
      (value, index) => !(Math.abs(Number(out?.data[index]) - value) <= 1e-5 * Math.max(1, Math.abs(value))),
    );
    expect(apart).toEqual([]);
  });
});

/** Numbers of both signs up to 4 that do not repeat soon. */
function wave(dims: readonly number[], phase = 0): { dims: number[]; data: Float32Array } {
  const count = dims.reduce((product, size) => product * size, 1);
  return {
    dims: [...dims],
    data: Float32Array.from({ length: count }, (_, index) => 4 * Math.sin(index * 1.7 + phase)),
  };
}

function ints(values: readonly number[]): { dims: number[]; data: Int32Array } {
  return { dims: [values.length], data: Int32Array.from(values) };
}
