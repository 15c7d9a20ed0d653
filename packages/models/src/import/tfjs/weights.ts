import { type FilterValues, toFloats } from '../nhwc/filters.ts';
import { fromHalfs } from '../tflite/weights.ts';
import { asInteger, asList, asObject, asString, broken, field, type JsonObject } from './json.ts';

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** One tensor of a weights file, decoded when it is asked for. */
export interface Weight {
  readonly shape: readonly number[];
  /** Throws `model-invalid` for a tensor of another type. */
  floats(): Float32Array;
  /** The same, as bytes where the file has such. */
  coded(): FilterValues;
  ints(): readonly number[];
}

/**
 * The tensors of a TensorFlow.js weights manifest, by name: `[{ paths, weights: [{ name, shape, dtype, quantization }] }]`,
 * one after another in the file. `float16` weights and those of 8 or 16 bits (value × scale + min) are float32 once
 * decoded. Throws `model-invalid` when the file is not as long as the manifest says.
 */
export function readWeights(manifest: unknown, bytes: Uint8Array): ReadonlyMap<string, Weight> {
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const group of asList(manifest, 'weightsManifest')) {
    for (const each of asList(field(asObject(group, 'a group of weights'), 'weights'), 'weights')) {
      const spec = asObject(each, 'a weight');
      const name = asString(field(spec, 'name'), 'the name of a weight');
      const shape = asList(field(spec, 'shape'), 'a shape').map((size) => asInteger(size, 'a size'));
      const { stored, dtype, scale, min } = readType(spec);
      const count = shape.reduce((product, size) => product * size, 1);
      const length = count * (ELEMENT_BYTES[stored] ?? 1);
      const isSound = shape.length <= 8 && shape.every((size) => size >= 0) && Number.isSafeInteger(length);
      if (!isSound || length > bytes.length - offset) {
        throw broken('weights as long as their shapes say', `${bytes.length} bytes`);
      }
      if (weights.has(name)) throw broken('names of weights that differ');
      const data = bytes.subarray(offset, offset + length);
      offset += length;
      weights.set(name, {
        shape,
        floats() {
          return toFloats(this.coded());
        },
        coded() {
          if (dtype !== 'float32') throw broken('float32 weights', dtype);
          return decode(data, stored, scale, min);
        },
        ints() {
          if (dtype !== 'int32' || stored !== 'int32' || count > 4096) throw broken('a short list of int32', dtype);
          const view = new DataView(data.buffer, data.byteOffset, data.length);
          return Array.from({ length: count }, (_, index) => view.getInt32(index * 4, true));
        },
      });
    }
  }
  if (offset !== bytes.length) throw broken(`${offset} bytes of weights`, `${bytes.length}`);
  return weights;
}

interface WeightType {
  /** Type of the elements in the file. */
  readonly stored: string;
  /** Type that they stand for. */
  readonly dtype: string;
  readonly scale: number;
  readonly min: number;
}

function readType(spec: JsonObject): WeightType {
  const dtype = asString(field(spec, 'dtype'), 'the type of a weight');
  const written = field(spec, 'quantization');
  const quantization = written === undefined ? undefined : asObject(written, 'a quantization');
  const stored = quantization === undefined ? dtype : asString(field(quantization, 'dtype'), 'a quantized type');
  const isKnown = Object.hasOwn(ELEMENT_BYTES, stored) && Object.hasOwn(ELEMENT_BYTES, dtype);
  if (!isKnown) throw broken(`weights of ${Object.keys(ELEMENT_BYTES).join(', ')}`, 'another type');
  const isScaled = quantization !== undefined && (stored === 'uint8' || stored === 'uint16');
  if (!isScaled) return { stored, dtype, scale: 1, min: 0 };
  const scale = field(quantization, 'scale');
  const min = field(quantization, 'min');
  if (!Number.isFinite(scale) || !Number.isFinite(min)) throw broken('a finite scale and min of quantized weights');
  return { stored, dtype, scale: scale as number, min: min as number };
}

function decode(data: Uint8Array, stored: string, scale: number, min: number): FilterValues {
  if (stored === 'float16') return fromHalfs(data);
  if (stored === 'float32') {
    if (data.byteOffset % 4 === 0) return new Float32Array(data.buffer, data.byteOffset, data.length / 4);
    // Copied by the constructor: `slice` of a Node Buffer would be a view.
    return new Float32Array(new Uint8Array(data).buffer);
  }
  if (stored === 'uint8') return { codes: data, table: Float32Array.from({ length: 256 }, (_, q) => q * scale + min) };
  if (stored !== 'uint16') throw broken('weights of a floating type', stored);
  const values = new Float32Array(data.length / 2);
  for (let index = 0; index < values.length; index++) {
    const value = (data[index * 2] as number) | ((data[index * 2 + 1] as number) << 8);
    values[index] = value * scale + min;
  }
  return values;
}
