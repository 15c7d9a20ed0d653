/**
 * An ONNX model as data: what Focal needs of `ModelProto` (onnx.proto3 of the ONNX specification). Byte fields are
 * views into the file that was read; nothing here is copied or decoded before it is asked for.
 */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  readonly opsets: readonly OnnxOpset[];
  readonly graph: OnnxGraph;
  /** `FunctionProto` messages as they came: operators that the model defines itself. */
  readonly functions: readonly Uint8Array[];
}

export interface OnnxOpset {
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly version: number;
}

export interface OnnxGraph {
  readonly name: string;
  /** In topological order by the specification, but not in every file. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Shapes of values in between, where the file tells them. */
  readonly values: readonly OnnxValueInfo[];
}

export interface OnnxNode {
  readonly opType: string;
  readonly domain: string;
  readonly name: string;
  /** Value names; empty for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

/** `raw` keeps an attribute of a kind that Focal does not look into: the whole `AttributeProto`. */
export type OnnxAttribute = { readonly name: string } & (
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'ints'; readonly value: readonly bigint[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'raw'; readonly value: Uint8Array }
);

/** `TensorProto.DataType`, those that Focal names. */
export const ONNX_TYPE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

export interface OnnxTensor {
  readonly name: string;
  /** A number of `TensorProto.DataType`: see {@link ONNX_TYPE}. */
  readonly dataType: number;
  readonly dims: readonly number[];
  /** `raw_data`, little-endian; or else a typed field of `TensorProto` by its number, packed. */
  readonly data: { readonly field: number; readonly bytes: Uint8Array };
  /** Strings stay as bytes: field 6 of `TensorProto`. */
  readonly strings?: readonly Uint8Array[];
}

export interface OnnxValueInfo {
  readonly name: string;
  /** Undefined where the type is no dense tensor or is not told; `raw` then keeps the `TypeProto`. */
  readonly dataType?: number;
  /** Undefined: rank unknown. A string names a symbolic size, undefined is any. */
  readonly dims?: readonly (number | string | undefined)[];
  readonly raw?: Uint8Array;
}

/** Field of `TensorProto` that holds `raw_data`. */
export const RAW_DATA = 9;
