import { FocalError } from '@focal/core';
import { ONNX_TYPE, type OnnxModel, type OnnxNode, type OnnxTensor, RAW_DATA } from '../onnx/model.ts';

/** Fields of `TensorProto` that hold numbers when `raw_data` does not. */
const FLOAT_DATA = 4;

/** A float32 constant of the graph. */
export interface Constant {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A graph's constants and the shapes of its values, as far as they were told or worked out. */
export class GraphView {
  readonly #tensors = new Map<string, OnnxTensor>();
  readonly #shapes = new Map<string, readonly number[]>();

  constructor({ graph }: OnnxModel) {
    for (const tensor of graph.initializers) this.#addConstant(tensor.name, tensor);
    for (const node of graph.nodes) {
      const [output] = node.outputs;
      const value = node.attributes.find((attribute) => attribute.name === 'value');
      if (node.opType === 'Constant' && output !== undefined && value?.kind === 'tensor') {
        this.#addConstant(output, value.value);
      }
    }
  }

  isConstant(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Throws `model-invalid` where the shape is not known. */
  shape(name: string): readonly number[] {
    const shape = this.#shapes.get(name);
    if (shape === undefined) throw invalid(`Expected a value of known shape as ${name} in the model.`);
    return shape;
  }

  setShape(name: string, dims: readonly number[]): void {
    this.#shapes.set(name, dims);
  }

  /** The float32 constant that a node reads at this place. Throws `model-invalid` where it is computed or of another type. */
  floats(node: OnnxNode, at: number): Constant {
    const tensor = this.#constant(node, at);
    const { bytes, field } = tensor.data;
    const count = tensor.dims.reduce((product, size) => product * size, 1);
    if (
      tensor.dataType !== ONNX_TYPE.float32 ||
      (field !== RAW_DATA && field !== FLOAT_DATA) ||
      bytes.length !== count * 4
    )
      throw invalid(`Expected 32-bit floats as constant ${at} of ${node.opType} ${node.name}.`);
    return { dims: tensor.dims, values: new Float32Array(bytes.slice().buffer) };
  }

  /** Likewise a constant of whole numbers: shapes, axes, pads. */
  ints(node: OnnxNode, at: number): readonly number[] {
    const tensor = this.#constant(node, at);
    const { bytes, field } = tensor.data;
    if (tensor.dataType !== ONNX_TYPE.int64 || field !== RAW_DATA || bytes.length % 8 !== 0)
      throw invalid(`Expected 64-bit integers as constant ${at} of ${node.opType} ${node.name}.`);
    return Array.from(new BigInt64Array(bytes.slice().buffer), Number);
  }

  #constant(node: OnnxNode, at: number): OnnxTensor {
    const tensor = this.#tensors.get(node.inputs[at] ?? '');
    if (tensor === undefined) {
      throw invalid(`Expected a constant as input ${at} of ${node.opType} ${node.name}, got a computed value.`);
    }
    return tensor;
  }

  #addConstant(name: string, tensor: OnnxTensor): void {
    this.#tensors.set(name, tensor);
    this.#shapes.set(name, tensor.dims);
  }
}

export function invalid(message: string, hint?: string): FocalError {
  return new FocalError('model-invalid', message, hint === undefined ? {} : { hint });
}

/** Nodes in an order in which each comes after what it reads. */
export function sortNodes(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const writers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const sorted: OnnxNode[] = [];
  const state = new Map<OnnxNode, 'open' | 'done'>();
  for (const start of nodes) {
    const pending = [start];
    for (let node = pending.at(-1); node !== undefined; node = pending.at(-1)) {
      const missing = node.inputs
        .map((name) => writers.get(name))
        .filter((writer): writer is OnnxNode => writer !== undefined && state.get(writer) !== 'done');
      if (state.get(node) === 'done' || missing.length === 0) {
        if (state.get(node) !== 'done') sorted.push(node);
        state.set(node, 'done');
        pending.pop();
        continue;
      }
      if (state.get(node) === 'open') throw invalid('Expected a graph without circles in the model.');
      state.set(node, 'open');
      pending.push(...missing);
    }
  }
  return sorted;
}
