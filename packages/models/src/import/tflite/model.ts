import { FocalError } from '@focal/core';
import { FlatTable } from './flatbuffer.ts';
import { operatorName } from './operator-names.ts';

/** A TFLite model as data: what the import needs of the schema (tensorflow/lite/schema/schema.fbs, version 3). */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** In the order in which they run. */
  readonly operators: readonly TfliteOperator[];
}

export interface TfliteTensor {
  readonly index: number;
  readonly name: string;
  /** Rank 4 is batch, height, width, channels. */
  readonly shape: readonly number[];
  /** A number of `TensorType`: see {@link TFLITE_TYPE}. */
  readonly type: number;
  /** The constant's bytes as a view into the file; undefined for values that are computed. */
  readonly data: Uint8Array | undefined;
  /** Whether `data` leaves out zeros, which is not imported. */
  readonly sparse: boolean;
  /** How 8- and 32-bit elements stand for real numbers; undefined for tensors that are not quantised. */
  readonly quantization: TfliteQuantization | undefined;
}

/** real = scale × (element − zero point), with one pair for all, or one for each step along `axis`. */
export interface TfliteQuantization {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

export interface TfliteOperator {
  /** `CONV_2D` …, a custom operator's own name, or `builtin 200` for one that is not known. */
  readonly name: string;
  /** Tensor indices; -1 for an optional one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
  readonly customOptions: Uint8Array | undefined;
}

export const TFLITE_TYPE = { float32: 0, float16: 1, int32: 2, uint8: 3, int64: 4, int8: 9 } as const;

const MAX_RANK = 8;

/** Reads a TFLite file with one graph. Throws `model-invalid` for anything broken; weights are views into `bytes`. */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const model = FlatTable.root(bytes, 'TFL3');
  const [graph, ...others] = model.tables(2);
  if (graph === undefined || others.length > 0) {
    throw invalid(`Expected a TFLite model with one graph, got ${others.length + (graph === undefined ? 0 : 1)}.`);
  }
  const buffers = model.tables(4).map((buffer) => buffer.bytes(0));
  const names = model.tables(1).map(readOperatorName);
  const tensors = graph.tables(0).map((tensor, index) => readTensor(tensor, index, buffers));
  const check = (index: number): number => {
    if (index < -1 || index >= tensors.length) {
      throw invalid(`Expected a tensor index below ${tensors.length} in the TFLite file, got ${index}.`);
    }
    return index;
  };
  const operators = graph.tables(3).map((operator): TfliteOperator => {
    const name = names[operator.uint32(0, 0)];
    if (name === undefined) throw invalid('Expected every TFLite operator to have a code, got one without.');
    return {
      name,
      inputs: operator.int32s(1).map(check),
      outputs: operator.int32s(2).map(check),
      options: operator.table(4),
      customOptions: operator.bytes(5),
    };
  });
  return { tensors, inputs: graph.int32s(1).map(check), outputs: graph.int32s(2).map(check), operators };
}

function readOperatorName(code: FlatTable): string {
  // Codes below 127 are also written in the older 8-bit field; newer writers fill both, older ones the first only.
  return operatorName(Math.max(code.int8(0, 0), code.int32(3, 0)), code.string(1));
}

function readTensor(table: FlatTable, index: number, buffers: readonly (Uint8Array | undefined)[]): TfliteTensor {
  const shape = table.int32s(0);
  if (shape.length > MAX_RANK || shape.some((size) => size < 1)) {
    throw invalid(
      `Expected a fixed shape of rank at most ${MAX_RANK} for TFLite tensor ${index}, got [${shape.join()}].`,
    );
  }
  const bufferIndex = table.uint32(2, 0);
  if (bufferIndex >= Math.max(1, buffers.length)) {
    throw invalid(`Expected a buffer index below ${buffers.length} for TFLite tensor ${index}, got ${bufferIndex}.`);
  }
  const data = buffers[bufferIndex];
  return {
    index,
    name: table.string(3),
    shape,
    type: table.int8(1, 0),
    data: data === undefined || data.length === 0 ? undefined : data,
    sparse: table.table(6) !== undefined,
    quantization: readQuantization(table.table(4), index),
  };
}

function readQuantization(table: FlatTable | undefined, index: number): TfliteQuantization | undefined {
  const scales = table?.float32s(2) ?? [];
  if (table === undefined || scales.length === 0) return undefined;
  const zeroPoints = table.int64s(3);
  const isSound = scales.every((scale) => Number.isFinite(scale)) && zeroPoints.every(Number.isSafeInteger);
  if (!isSound || (zeroPoints.length > 0 && zeroPoints.length !== scales.length)) {
    throw invalid(`Expected a zero point for each scale of TFLite tensor ${index}.`);
  }
  return { scales, zeroPoints, axis: table.int32(6, 0) };
}

function invalid(message: string): FocalError {
  return new FocalError('model-invalid', message, { hint: 'The file is damaged, or uses what Focal does not import.' });
}
