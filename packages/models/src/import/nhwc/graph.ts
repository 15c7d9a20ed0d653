import { FocalError } from '@focal/core';
import { GraphBuilder, type NodeOptions } from '../../onnx/builder.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import { type AxisOrder, onlyMovesOnes, transpose } from '../tflite/weights.ts';
import { type Window, windowOutput, windowPads } from '../tflite/windows.ts';
import { type FilterValues, toFloats, toOihw } from './filters.ts';

const TO_NCHW: AxisOrder = [0, 3, 1, 2];
const TO_NHWC: AxisOrder = [0, 2, 3, 1];
const NCHW_AXIS: AxisOrder = [0, 2, 3, 1];

/** Values that one node may have: a picture of 4096 × 4096 with 64 channels. Shapes that lie ask for more. */
const MAX_ELEMENTS = 2 ** 30;

/** A value of an {@link NhwcGraph}. Rank 4 is batch, height, width, channels. */
export interface NhwcValue {
  readonly shape: readonly number[];
}

/** Weights in the order of TensorFlow: [rows, columns, in, out], for depthwise ones [rows, columns, in, multiplier]. */
export interface NhwcFilter {
  readonly shape: readonly number[];
  readonly values: FilterValues;
  /** Of each output of a whole convolution; 1 where left out. */
  readonly scale?: Float32Array;
}

export type BinaryOperator = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min' | 'Max';
export type UnaryOperator = 'Relu' | 'Sigmoid' | 'Tanh' | 'Exp' | 'Identity';

/**
 * Builds an ONNX graph out of operators that think in NHWC, as TensorFlow's do, and works out every shape. Inside it is
 * NCHW: see [Note: one layout inside] in `../tflite/lowering.ts`. All methods throw `model-invalid` for shapes that do
 * not fit; `what` names the operator in the message.
 */
export class NhwcGraph {
  readonly #graph: GraphBuilder;
  readonly #nchw = new Map<NhwcValue, string>();
  readonly #plain = new Map<NhwcValue, string>();
  /** Constants: their data, in NHWC order. */
  readonly #constants = new Map<NhwcValue, Float32Array>();

  constructor(name: string, reserved: readonly string[] = []) {
    this.#graph = new GraphBuilder(name);
    // Names that the outputs will have must not be given to nodes before.
    for (const each of reserved) this.#graph.unique(each);
  }

  input(name: string, shape: readonly number[]): NhwcValue {
    const value = checked(shape, name);
    this.#graph.input(name, shape);
    this.#plain.set(value, name);
    return value;
  }

  constant(shape: readonly number[], values: Float32Array): NhwcValue {
    const value = checked(shape, 'a constant');
    if (elements(shape) !== values.length) throw misfit('a constant', shape);
    this.#constants.set(value, values);
    return value;
  }

  /** The one number of a constant that has but one; nothing for anything else. */
  scalarOf(value: NhwcValue): number | undefined {
    const values = this.#constants.get(value);
    return values?.length === 1 ? values[0] : undefined;
  }

  convolution(x: NhwcValue, filter: NhwcFilter, window: Omit<Window, 'kernel'>, bias?: Float32Array): NhwcValue {
    const [rows, columns, depth, out] = shape4(filter, 'Conv2D');
    const channels = shape4(x, 'Conv2D')[3];
    if (depth < 1 || channels % depth !== 0 || out % (channels / depth) !== 0) throw misfit('Conv2D', filter.shape);
    const weights = toOihw(filter.values, [rows * columns, depth, out], filter.scale);
    const name = this.#graph.floats('weights', [out, depth, rows, columns], weights);
    return this.#convolve(x, name, { ...window, kernel: [rows, columns] }, { out, groups: channels / depth, bias });
  }

  depthwise(x: NhwcValue, filter: NhwcFilter, window: Omit<Window, 'kernel'>, bias?: Float32Array): NhwcValue {
    const shape = shape4(filter, 'DepthwiseConv2d');
    const [rows, columns, channels, multiplier] = shape;
    if (channels !== shape4(x, 'DepthwiseConv2d')[3]) throw misfit('DepthwiseConv2d', filter.shape);
    const out = channels * multiplier;
    const weights = transpose(toFloats(filter.values), shape, [2, 3, 0, 1]);
    const name = this.#graph.floats('weights', [out, 1, rows, columns], weights);
    return this.#convolve(x, name, { ...window, kernel: [rows, columns] }, { out, groups: channels, bias });
  }

  /** Means leave the padding out, as in TensorFlow. */
  pool(x: NhwcValue, kind: 'MaxPool' | 'AveragePool', window: Window): NhwcValue {
    const input = shape4(x, kind);
    const shape = slide(window, input, input[3], kind);
    const pads = windowPads(window, input, shape, kind);
    return this.#inner(shape, kind, [this.#nchwName(x)], {
      attributes: { kernel_shape: { ints: window.kernel }, strides: { ints: window.strides }, pads: { ints: pads } },
    });
  }

  /** With NumPy's broadcasting. */
  binary(kind: BinaryOperator, a: NhwcValue, b: NhwcValue): NhwcValue {
    const shape = broadcast(a.shape, b.shape, kind);
    if (shape.length !== 4) return this.#outer(shape, kind, [this.#plainName(a), this.#plainName(b)]);
    return this.#inner(shape, kind, [this.#expanded(a), this.#expanded(b)]);
  }

  unary(kind: UnaryOperator, x: NhwcValue): NhwcValue {
    return this.#same(x, kind, []);
  }

  /** Keeps values in a range; undefined leaves that side open. */
  clip(x: NhwcValue, low: number | undefined, high: number | undefined): NhwcValue {
    const bound = (value: number | undefined): string => (value === undefined ? '' : this.#graph.scalar(value));
    return this.#same(x, 'Clip', high === undefined ? [bound(low)] : [bound(low), bound(high)]);
  }

  /** Negative values times their slope; slopes broadcast against the value. */
  prelu(x: NhwcValue, slope: NhwcValue): NhwcValue {
    const shape = broadcast(x.shape, slope.shape, 'Prelu');
    if (shape.join() !== x.shape.join()) throw misfit('Prelu', slope.shape);
    if (shape.length !== 4) return this.#outer(shape, 'PRelu', [this.#plainName(x), this.#plainName(slope)]);
    return this.#inner(shape, 'PRelu', [this.#nchwName(x), this.#expanded(slope)]);
  }

  /** Mean over rows and columns. */
  mean(x: NhwcValue, keepDims: boolean): NhwcValue {
    const [batch, , , channels] = shape4(x, 'Mean');
    if (keepDims) return this.#inner([batch, 1, 1, channels], 'GlobalAveragePool', [this.#nchwName(x)]);
    const mean = this.#graph.node('GlobalAveragePool', [this.#nchwName(x)]);
    return this.#outer([batch, channels], 'Reshape', [mean, this.#graph.ints([batch, channels])]);
  }

  /** Zeros around a rank-4 value: [before, after] of each of the four axes. */
  pad(x: NhwcValue, paddings: readonly (readonly [number, number])[]): NhwcValue {
    const input = shape4(x, 'Pad');
    if (paddings.length !== 4 || paddings.flat().some((pad) => !Number.isInteger(pad) || pad < 0)) {
      throw misfit('Pad', paddings.flat());
    }
    const shape = input.map((size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
    const side = (at: 0 | 1): number[] => TO_NCHW.map((axis) => paddings[axis]?.[at] ?? 0);
    return this.#inner(shape, 'Pad', [this.#nchwName(x), this.#graph.ints([...side(0), ...side(1)])]);
  }

  resize(
    x: NhwcValue,
    height: number,
    width: number,
    placement: 'asymmetric' | 'half_pixel' | 'align_corners',
  ): NhwcValue {
    const [batch, , , channels] = shape4(x, 'ResizeBilinear');
    const shape = checked([batch, height, width, channels], 'ResizeBilinear').shape;
    const sizes = this.#graph.ints([batch, channels, height, width]);
    return this.#inner(shape, 'Resize', [this.#nchwName(x), '', '', sizes], {
      attributes: { mode: { string: 'linear' }, coordinate_transformation_mode: { string: placement } },
    });
  }

  concat(values: readonly NhwcValue[], axis: number): NhwcValue {
    const first = values[0]?.shape ?? [];
    const rank = first.length;
    const at = axis < 0 ? axis + rank : axis;
    const fits = values.every(
      ({ shape }) => shape.length === rank && shape.every((size, each) => each === at || size === first[each]),
    );
    if (!fits || !Number.isInteger(at) || at < 0 || at >= rank) throw misfit('ConcatV2', first);
    const joined = values.reduce((sum, { shape }) => sum + (shape[at] ?? 0), 0);
    const shape = first.map((size, each) => (each === at ? joined : size));
    const attributes = { axis: { int: rank === 4 ? (NCHW_AXIS[at] ?? 0) : at } };
    if (rank !== 4) {
      const names = values.map((value) => this.#plainName(value));
      return this.#outer(shape, 'Concat', names, { attributes });
    }
    const names = values.map((value) => this.#nchwName(value));
    return this.#inner(shape, 'Concat', names, { attributes });
  }

  /** One size may be -1: what is left. */
  reshape(x: NhwcValue, sizes: readonly number[]): NhwcValue {
    const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
    const count = elements(x.shape);
    const shape = sizes.map((size) => (size === -1 ? count / known : size));
    if (elements(checked(shape, 'Reshape').shape) !== count) throw misfit('Reshape', sizes);
    return this.#outer(shape, 'Reshape', [this.#plainName(x), this.#graph.ints(shape)]);
  }

  /** Rows of `x` times a constant [in, out]. */
  matMul(x: NhwcValue, weights: NhwcFilter, bias?: Float32Array): NhwcValue {
    const [rows = 0, depth = 0] = x.shape;
    const [inner = -1, out = 0] = weights.shape;
    const fits = x.shape.length === 2 && weights.shape.length === 2 && depth === inner;
    if (!fits || (bias !== undefined && bias.length !== out)) throw misfit('MatMul', weights.shape);
    const name = this.#graph.floats('weights', weights.shape, toFloats(weights.values));
    const shape = [rows, out];
    if (bias === undefined) return this.#outer(shape, 'MatMul', [this.#plainName(x), name]);
    return this.#outer(shape, 'Gemm', [this.#plainName(x), name, this.#graph.floats('bias', [out], bias)]);
  }

  /** Over the last axis. */
  softmax(x: NhwcValue): NhwcValue {
    return this.#same(x, 'Softmax', [], { attributes: { axis: { int: x.shape.length === 4 ? 1 : -1 } } });
  }

  /** Declares an output, in NHWC order. */
  output(name: string, value: NhwcValue): void {
    this.#graph.node('Identity', [this.#plainName(value)], { output: name });
    this.#graph.output(name, value.shape);
  }

  build(): OnnxModel {
    return this.#graph.build();
  }

  #convolve(
    x: NhwcValue,
    weights: string,
    window: Window,
    { out, groups, bias }: { out: number; groups: number; bias: Float32Array | undefined },
  ): NhwcValue {
    const input = shape4(x, 'Conv2D');
    const shape = slide(window, input, out, 'Conv2D');
    if (bias !== undefined && bias.length !== out) throw misfit('the bias of Conv2D', [bias.length]);
    const names = [this.#nchwName(x), weights];
    if (bias !== undefined) names.push(this.#graph.floats('bias', [out], bias));
    return this.#inner(shape, 'Conv', names, {
      attributes: {
        kernel_shape: { ints: window.kernel },
        strides: { ints: window.strides },
        dilations: { ints: window.dilations },
        pads: { ints: windowPads(window, input, shape, 'Conv2D') },
        group: { int: groups },
      },
    });
  }

  #same(x: NhwcValue, opType: string, more: readonly string[], options: NodeOptions = {}): NhwcValue {
    if (x.shape.length === 4) return this.#inner(x.shape, opType, [this.#nchwName(x), ...more], options);
    return this.#outer(x.shape, opType, [this.#plainName(x), ...more], options);
  }

  #inner(shape: readonly number[], opType: string, inputs: readonly string[], options?: NodeOptions): NhwcValue {
    const value = checked(shape, opType);
    this.#nchw.set(value, this.#graph.node(opType, inputs, options));
    return value;
  }

  #outer(shape: readonly number[], opType: string, inputs: readonly string[], options?: NodeOptions): NhwcValue {
    const value = checked(shape, opType);
    this.#plain.set(value, this.#graph.node(opType, inputs, options));
    return value;
  }

  #nchwName(value: NhwcValue): string {
    const known = this.#nchw.get(value);
    if (known !== undefined) return known;
    const shape = shape4(value, 'a value');
    const constant = this.#constants.get(value);
    const name =
      constant === undefined
        ? this.#move(this.#plainName(value), shape, TO_NCHW)
        : this.#graph.floats('constant', permute(shape, TO_NCHW), transpose(constant, shape, TO_NCHW));
    this.#nchw.set(value, name);
    return name;
  }

  /** As NCHW, also for values of lower rank: those are aligned at the channels. */
  #expanded(value: NhwcValue): string {
    if (value.shape.length === 4) return this.#nchwName(value);
    const known = this.#nchw.get(value);
    if (known !== undefined) return known;
    const [batch = 1, height = 1, width = 1, channels = 1] = [1, 1, 1, 1, ...value.shape].slice(-4);
    const shape: AxisOrder = [batch, height, width, channels];
    const constant = this.#constants.get(value);
    const name =
      constant === undefined
        ? this.#move(this.#graph.node('Reshape', [this.#plainName(value), this.#graph.ints(shape)]), shape, TO_NCHW)
        : this.#graph.floats('constant', permute(shape, TO_NCHW), transpose(constant, shape, TO_NCHW));
    this.#nchw.set(value, name);
    return name;
  }

  #plainName(value: NhwcValue): string {
    const known = this.#plain.get(value);
    if (known !== undefined) return known;
    const constant = this.#constants.get(value);
    const nchw = this.#nchw.get(value);
    let name: string;
    if (constant !== undefined) name = this.#graph.floats('constant', value.shape, constant);
    else if (nchw !== undefined) name = this.#move(nchw, permute(shape4(value, 'a value'), TO_NCHW), TO_NHWC);
    else throw new FocalError('model-invalid', 'Expected a value of this graph, got one of another.');
    this.#plain.set(value, name);
    return name;
  }

  #move(value: string, shape: AxisOrder, order: AxisOrder): string {
    if (onlyMovesOnes(shape, order)) {
      return this.#graph.node('Reshape', [value, this.#graph.ints(permute(shape, order))]);
    }
    return this.#graph.node('Transpose', [value], { attributes: { perm: { ints: order } } });
  }
}

function slide(window: Window, input: AxisOrder, out: number, what: string): AxisOrder {
  const [rows, columns] = windowOutput(window, input, what);
  return [input[0], rows, columns, out];
}

function broadcast(a: readonly number[], b: readonly number[], what: string): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const first = a[a.length - rank + axis] ?? 1;
    const second = b[b.length - rank + axis] ?? 1;
    if (first !== second && first !== 1 && second !== 1) throw misfit(what, b);
    return Math.max(first, second);
  });
}

function checked(shape: readonly number[], what: string): NhwcValue {
  const isSound = shape.length <= 8 && shape.every((size) => Number.isInteger(size) && size >= 1);
  if (!isSound || elements(shape) > MAX_ELEMENTS) throw misfit(what, shape);
  return { shape };
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function shape4(value: { readonly shape: readonly number[] }, what: string): AxisOrder {
  const [a, b, c, d, ...more] = value.shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || more.length > 0) {
    throw misfit(what, value.shape);
  }
  return [a, b, c, d];
}

function permute(shape: AxisOrder, order: AxisOrder): AxisOrder {
  return [shape[order[0]] ?? 1, shape[order[1]] ?? 1, shape[order[2]] ?? 1, shape[order[3]] ?? 1];
}

function misfit(what: string, shape: readonly number[]): FocalError {
  const text = shape.slice(0, 12).join();
  return new FocalError('model-invalid', `Expected shapes that fit ${what.slice(0, 60)}, got [${text}].`, {
    hint: 'The model file is damaged, or uses what Focal does not import.',
  });
}
