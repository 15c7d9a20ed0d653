import { describe, expect, it } from 'vitest';
import { TFLITE_TYPE, type TfliteTensor } from './model.ts';
import { constantFloats } from './weights.ts';

const tensor = (part: Partial<TfliteTensor>): TfliteTensor => ({
  index: 0,
  name: 'w',
  shape: [4],
  type: TFLITE_TYPE.uint8,
  data: Uint8Array.of(0, 10, 128, 255),
  sparse: false,
  quantization: { scales: [0.5], zeroPoints: [10], axis: 0 },
  ...part,
});

describe('weights of a TFLite model', () => {
  it('stand for scale × (element − zero point) where they are quantised', () => {
    expect([...constantFloats(tensor({}))]).toEqual([-5, 0, 59, 122.5]);
  });

  it('take 8-bit elements with a sign, and 32-bit ones, without a zero point', () => {
    const quantization = { scales: [2], zeroPoints: [], axis: 0 };
    expect([...constantFloats(tensor({ type: TFLITE_TYPE.int8, quantization }))]).toEqual([0, 20, -256, -2]);
    const biases = new Uint8Array(Int32Array.of(-70_000, 3).buffer);
    const wide = tensor({ type: TFLITE_TYPE.int32, shape: [2], data: biases, quantization });
    expect([...constantFloats(wide)]).toEqual([-140_000, 6]);
  });

  it('have a scale for each step along the axis that is told', () => {
    const quantization = { scales: [1, 10], zeroPoints: [0, 1], axis: 1 };
    expect([...constantFloats(tensor({ shape: [1, 2, 2], quantization }))]).toEqual([0, 10, 1270, 2540]);
    const wrong = { scales: [1, 10, 100], zeroPoints: [0, 0, 0], axis: 1 };
    expect(() => constantFloats(tensor({ shape: [1, 2, 2], quantization: wrong }))).toThrow('one scale, or 2');
  });

  it('are refused where 8-bit elements have no scale', () => {
    expect(() => constantFloats(tensor({ quantization: undefined }))).toThrow(
      expect.objectContaining({ code: 'model-invalid' }),
    );
  });

  it('may lie anywhere in a Node Buffer', () => {
    const file = Buffer.concat([Buffer.of(9), Buffer.from(Float32Array.of(1.5, -2).buffer)]);
    const floats = tensor({ type: TFLITE_TYPE.float32, shape: [2], data: file.subarray(1), quantization: undefined });
    expect([...constantFloats(floats)]).toEqual([1.5, -2]);
  });
});
