import { FocalError } from '@focal/core';
import { TFLITE_TYPE, type TfliteQuantization, type TfliteTensor } from './model.ts';

/**
 * Elements of a constant float tensor as float32, in the file's order. Throws `model-invalid` when the data is not as
 * long as the shape says, or is sparse. Quantised elements become the real numbers that they stand for.
 */
export function constantFloats(tensor: TfliteTensor): Float32Array {
  if (tensor.type === TFLITE_TYPE.float16) return fromHalfs(bytesOf(tensor, 2));
  const quantized = QUANTIZED_BYTES[tensor.type];
  if (quantized !== undefined && tensor.quantization !== undefined) {
    return dequantize(tensor, bytesOf(tensor, quantized), tensor.quantization);
  }
  if (tensor.type !== TFLITE_TYPE.float32) throw wrongType(tensor, 'float32 or float16');
  const bytes = bytesOf(tensor, 4);
  if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  // Copied by the constructor: `slice` of a Node Buffer would be a view.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Element sizes of the types that may be quantised. */
const QUANTIZED_BYTES: Readonly<Record<number, number>> = {
  [TFLITE_TYPE.uint8]: 1,
  [TFLITE_TYPE.int8]: 1,
  [TFLITE_TYPE.int32]: 4,
};

function dequantize(
  tensor: TfliteTensor,
  bytes: Uint8Array,
  { scales, zeroPoints, axis }: TfliteQuantization,
): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = tensor.shape[axis] ?? 1;
  if (scales.length !== 1 && scales.length !== size) {
    throw new FocalError('model-invalid', `Expected one scale, or ${size}, for ${nameOf(tensor)}.`);
  }
  const inner = tensor.shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  const read = (index: number): number => {
    if (tensor.type === TFLITE_TYPE.int32) return view.getInt32(index * 4, true);
    return tensor.type === TFLITE_TYPE.int8 ? view.getInt8(index) : view.getUint8(index);
  };
  const values = new Float32Array(bytes.length / (QUANTIZED_BYTES[tensor.type] ?? 1));
  for (let index = 0; index < values.length; index++) {
    const step = scales.length === 1 ? 0 : Math.floor(index / inner) % size;
    values[index] = (read(index) - (zeroPoints[step] ?? 0)) * (scales[step] ?? 0);
  }
  return values;
}

/** Elements of a constant int32 tensor: shapes, paddings, axes. */
export function constantInts(tensor: TfliteTensor): readonly number[] {
  if (tensor.type !== TFLITE_TYPE.int32) throw wrongType(tensor, 'int32');
  const bytes = bytesOf(tensor, 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getInt32(index * 4, true));
}

/** IEEE 754 binary16, little-endian, as float32: exact. */
export function fromHalfs(bytes: Uint8Array): Float32Array {
  const out = new Float32Array(bytes.length >> 1);
  const bits = new Uint32Array(out.buffer);
  for (let index = 0; index < out.length; index++) {
    const half = (bytes[index * 2] as number) | ((bytes[index * 2 + 1] as number) << 8);
    const magnitude = half & 0x7fff;
    if (magnitude >= 0x0400 && magnitude < 0x7c00) {
      // Normal: the exponent's bias goes from 15 to 127, the mantissa from 10 to 23 bits.
      bits[index] = ((half & 0x8000) << 16) | ((magnitude << 13) + 0x38000000);
    } else if (magnitude < 0x0400) {
      out[index] = (half & 0x8000 ? -1 : 1) * magnitude * 2 ** -24;
    } else {
      bits[index] = ((half & 0x8000) << 16) | 0x7f800000 | ((magnitude & 0x03ff) << 13);
    }
  }
  return out;
}

/** The order of a 4-D array's axes after a transposition: axis `n` of the result is axis `order[n]` of the input. */
export type AxisOrder = readonly [number, number, number, number];

/** Whether a transposition leaves every element where it is in memory. */
export function onlyMovesOnes(shape: AxisOrder, order: AxisOrder): boolean {
  const moved = order.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, index) => index === 0 || axis > (moved[index - 1] ?? 0));
}

/** A transposed copy of a dense 4-D array; the array itself where only axes of size 1 move. */
export function transpose(values: Float32Array, shape: AxisOrder, order: AxisOrder): Float32Array {
  if (onlyMovesOnes(shape, order)) return values;
  const strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
  const sizes = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 1);
  const [size0 = 1, size1 = 1, size2 = 1, size3 = 1] = sizes;
  const [step0 = 1, step1 = 1, step2 = 1, step3 = 1] = steps;
  const out = new Float32Array(values.length);
  let to = 0;
  for (let a = 0; a < size0; a++) {
    for (let b = 0; b < size1; b++) {
      for (let c = 0; c < size2; c++) {
        let from = a * step0 + b * step1 + c * step2;
        for (let d = 0; d < size3; d++) {
          out[to++] = values[from] as number;
          from += step3;
        }
      }
    }
  }
  return out;
}

function bytesOf(tensor: TfliteTensor, elementBytes: number): Uint8Array {
  const expected = tensor.shape.reduce((product, size) => product * size, elementBytes);
  if (tensor.sparse)
    throw new FocalError('model-invalid', `Expected a dense TFLite tensor, got ${nameOf(tensor)}, which is sparse.`);
  if (tensor.data?.length !== expected) {
    throw new FocalError(
      'model-invalid',
      `Expected ${expected} bytes for ${nameOf(tensor)}, got ${tensor.data?.length ?? 'a computed value'}.`,
      { hint: 'The file is damaged, or uses what Focal does not import.' },
    );
  }
  return tensor.data;
}

function wrongType(tensor: TfliteTensor, expected: string): FocalError {
  const names = Object.entries(TFLITE_TYPE);
  const got = names.find(([, type]) => type === tensor.type)?.[0] ?? `type ${tensor.type}`;
  return new FocalError('model-invalid', `Expected ${expected} for ${nameOf(tensor)}, got ${got}.`, {
    hint: 'Quantised tensors need scales.',
  });
}

/** For messages: names in files may be long or hold anything. */
export function nameOf(tensor: TfliteTensor): string {
  return `TFLite tensor ${tensor.index} [${tensor.shape.join()}]`;
}
