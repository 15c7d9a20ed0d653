import { FocalError } from '@focal/core';
import { GraphBuilder, type NodeOptions } from '../../onnx/builder.ts';
import { ONNX_TYPE } from '../../onnx/model.ts';
import { TFLITE_TYPE, type TfliteModel, type TfliteOperator, type TfliteTensor } from './model.ts';
import { type AxisOrder, constantFloats, constantInts, nameOf, onlyMovesOnes, transpose } from './weights.ts';

/** Weights may grow when they are unpacked (16 to 32 bit), or be shared by a few operators, no more. */
const MAX_WEIGHT_GROWTH = 8;

const TO_NCHW: AxisOrder = [0, 3, 1, 2];
const TO_NHWC: AxisOrder = [0, 2, 3, 1];

/** Where axis n of batch, height, width, channels lies in batch, channels, height, width. */
export const NCHW_AXIS: AxisOrder = [0, 2, 3, 1];

/**
 * What the operators of one TFLite graph share while they are written as ONNX nodes.
 *
 * [Note: one layout inside] TFLite computes in NHWC, ONNX in NCHW. A rank-4 value therefore lives under two names: its
 * `nchw` one, which nearly all operators read and write, and its `plain` one, in the file's own order, made by a
 * transposition when something needs it: the graph's inputs and outputs, and reshapes. Where a transposition would only
 * move axes of size 1 it is a reshape, which is free. Values of other ranks have only a plain name.
 */
export class Lowering {
  readonly graph = new GraphBuilder('tflite');
  readonly #model: TfliteModel;
  readonly #nchw = new Map<number, string>();
  readonly #plain = new Map<number, string>();
  readonly #outputs: ReadonlyMap<number, string>;
  /** Constants that reach their users through a node: what DEQUANTIZE gives, by its output. */
  readonly #constants = new Map<number, TfliteTensor>();
  #weightBytesLeft: number;

  constructor(model: TfliteModel, fileBytes: number) {
    this.#model = model;
    this.#weightBytesLeft = fileBytes * MAX_WEIGHT_GROWTH;
    const publicNames = [...model.inputs, ...model.outputs].map((index) => this.tensor(index).name);
    if (publicNames.some((name) => name === '') || new Set(publicNames).size !== publicNames.length) {
      throw new FocalError(
        'model-invalid',
        'Expected names that differ for the inputs and outputs of the TFLite graph.',
      );
    }
    for (const index of model.inputs) {
      const { name, shape } = floatTensor(this.tensor(index));
      this.graph.input(name, shape);
      this.#plain.set(index, name);
    }
    this.#outputs = new Map(model.outputs.map((index) => [index, this.graph.unique(this.tensor(index).name)]));
  }

  tensor(index: number | undefined): TfliteTensor {
    const tensor = index === undefined ? undefined : this.#model.tensors[index];
    if (tensor === undefined) {
      throw new FocalError('model-invalid', `Expected a tensor of the TFLite graph, got index ${index ?? 'none'}.`);
    }
    return tensor;
  }

  /** The input of an operator that must be there. */
  input(operator: TfliteOperator, position: number): TfliteTensor {
    return this.#operand(operator, operator.inputs, position, 'input');
  }

  output(operator: TfliteOperator): TfliteTensor {
    return this.#operand(operator, operator.outputs, 0, 'output');
  }

  /** Whether the input at this position is given at all. */
  hasInput(operator: TfliteOperator, position: number): boolean {
    return (operator.inputs[position] ?? -1) >= 0;
  }

  /** Makes `output` stand for the constant `source`. */
  alias(output: TfliteTensor, source: TfliteTensor): void {
    this.#constants.set(output.index, source);
  }

  isConstant(tensor: TfliteTensor): boolean {
    return tensor.data !== undefined || this.#constants.has(tensor.index);
  }

  /** Elements of a constant float tensor, in the file's order. Counts them against the limit for weights. */
  floats(tensor: TfliteTensor): Float32Array {
    const values = constantFloats(this.#constants.get(tensor.index) ?? tensor);
    this.#weightBytesLeft -= values.byteLength;
    if (this.#weightBytesLeft < 0) {
      throw new FocalError(
        'model-invalid',
        `Expected weights at most ${MAX_WEIGHT_GROWTH} times the size of the TFLite file.`,
        {
          hint: 'The file is damaged.',
        },
      );
    }
    return values;
  }

  ints(tensor: TfliteTensor): readonly number[] {
    return constantInts(tensor);
  }

  /** Name of a rank-4 value in NCHW. */
  nchw(tensor: TfliteTensor): string {
    const known = this.#nchw.get(tensor.index);
    if (known !== undefined) return known;
    const shape = shape4(tensor);
    const nchwShape = permute(shape, TO_NCHW);
    const name = this.isConstant(tensor)
      ? this.graph.floats('constant', nchwShape, transpose(this.floats(tensor), shape, TO_NCHW))
      : this.#move(this.plain(tensor), shape, TO_NCHW);
    this.#nchw.set(tensor.index, name);
    return name;
  }

  /** Name of a value of lower rank as NCHW, aligned at the channels. */
  expandedNchw(tensor: TfliteTensor): string {
    const shape = [1, 1, 1, 1, ...tensor.shape].slice(-4);
    const [batch = 1, height = 1, width = 1, channels = 1] = shape;
    const value = this.plain(tensor);
    const nhwc = this.graph.node('Reshape', [value, this.graph.ints(shape)]);
    return this.#move(nhwc, [batch, height, width, channels], TO_NCHW);
  }

  /** Name of a value in the file's own order. */
  plain(tensor: TfliteTensor): string {
    const known = this.#plain.get(tensor.index);
    if (known !== undefined) return known;
    const nchw = this.#nchw.get(tensor.index);
    let name: string;
    if (nchw !== undefined)
      name = this.#move(nchw, permute(shape4(tensor), TO_NCHW), TO_NHWC, this.#outputs.get(tensor.index));
    else if (this.isConstant(tensor)) name = this.graph.floats('constant', tensor.shape, this.floats(tensor));
    else throw new FocalError('model-invalid', `Expected ${nameOf(tensor)} to be computed before it is used.`);
    this.#plain.set(tensor.index, name);
    return name;
  }

  /** Name of a rank-4 value in any order, for those that only move on in memory: both are the same where it is free. */
  flat(tensor: TfliteTensor): string {
    const nchw = this.#nchw.get(tensor.index);
    return nchw !== undefined && onlyMovesOnes(permute(shape4(tensor), TO_NCHW), TO_NHWC) ? nchw : this.plain(tensor);
  }

  /** Name of a value in the order that values of its rank have inside: NCHW for rank 4. */
  value(tensor: TfliteTensor): string {
    return tensor.shape.length === 4 ? this.nchw(tensor) : this.plain(tensor);
  }

  /** Adds the node that computes a value, in the order that {@link value} gives. */
  define(tensor: TfliteTensor, opType: string, inputs: readonly string[], options: NodeOptions = {}): void {
    if (tensor.shape.length !== 4) this.definePlain(tensor, opType, inputs, options);
    else this.#define(this.#nchw, floatTensor(tensor), this.graph.node(opType, inputs, options));
  }

  /** Adds the node that computes a value in the file's own order. */
  definePlain(tensor: TfliteTensor, opType: string, inputs: readonly string[], options: NodeOptions = {}): void {
    const output = this.#outputs.get(tensor.index);
    const node = this.graph.node(opType, inputs, output === undefined ? options : { ...options, output });
    this.#define(this.#plain, floatTensor(tensor), node);
  }

  /** Adds a value of whole numbers, computed as float32, in the file's own order. */
  defineIndices(tensor: TfliteTensor, value: string): void {
    const output = this.#outputs.get(tensor.index);
    const options = { attributes: { to: { int: ONNX_TYPE.float32 } } };
    const node = this.graph.node('Cast', [value], output === undefined ? options : { ...options, output });
    this.#define(this.#plain, tensor, node);
  }

  /** Declares the graph's outputs, in the file's own order. Call it last. */
  finish(): void {
    for (const [index, name] of this.#outputs) {
      const tensor = this.tensor(index);
      const value = this.plain(tensor);
      if (value !== name) this.graph.node('Identity', [value], { output: name });
      this.graph.output(name, tensor.shape);
    }
  }

  #define(names: Map<number, string>, tensor: TfliteTensor, name: string): void {
    if (this.#nchw.has(tensor.index) || this.#plain.has(tensor.index)) {
      throw new FocalError('model-invalid', `Expected ${nameOf(tensor)} to be computed once.`);
    }
    names.set(tensor.index, name);
  }

  #move(value: string, shape: AxisOrder, order: AxisOrder, output?: string): string {
    const options = output === undefined ? {} : { output };
    if (onlyMovesOnes(shape, order)) {
      return this.graph.node('Reshape', [value, this.graph.ints(permute(shape, order))], options);
    }
    return this.graph.node('Transpose', [value], { ...options, attributes: { perm: { ints: order } } });
  }

  #operand(operator: TfliteOperator, indices: readonly number[], position: number, kind: string): TfliteTensor {
    const index = indices[position];
    if (index === undefined || index < 0) {
      throw new FocalError('model-invalid', `Expected ${kind} ${position} of ${operator.name}, got none.`);
    }
    return this.tensor(index);
  }
}

/** The shape of a rank-4 tensor. Throws `model-invalid` for any other. */
export function shape4(tensor: TfliteTensor): AxisOrder {
  const [a, b, c, d, ...more] = tensor.shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || more.length > 0) {
    throw new FocalError('model-invalid', `Expected rank 4 for ${nameOf(tensor)}, got rank ${tensor.shape.length}.`);
  }
  return [a, b, c, d];
}

/** `shape` with axis n taken from `order[n]`. */
function permute(shape: AxisOrder, order: AxisOrder): AxisOrder {
  const at = (index: number): number => shape[order[index] ?? 0] ?? 1;
  return [at(0), at(1), at(2), at(3)];
}

/** Values that are computed: float32, or quantised ones, which are computed as the real numbers they stand for. */
function floatTensor(tensor: TfliteTensor): TfliteTensor {
  const isQuantized = tensor.type === TFLITE_TYPE.uint8 || tensor.type === TFLITE_TYPE.int8;
  if (tensor.type !== TFLITE_TYPE.float32 && !(isQuantized && tensor.quantization !== undefined)) {
    throw new FocalError('model-invalid', `Expected float32 for ${nameOf(tensor)}, got type ${tensor.type}.`, {
      hint: 'Quantised tensors need scales.',
    });
  }
  return tensor;
}
