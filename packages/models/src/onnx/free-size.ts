import { FocalError } from '@focal/core';
import { ONNX_TYPE, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor, RAW_DATA } from './model.ts';

/**
 * The same net for pictures of any size: for nets that are convolutions from end to end, made for one size of
 * [1,height,width,3], whose outputs are maps [1,rows,columns,channels] or lists [1,n,channels] of what is found at each
 * place. Sizes to enlarge to become factors, sizes of maps and lengths of lists become free. The sides of what it is fed
 * must be multiples of its coarsest step.
 * Throws `model-invalid` for a net of another kind.
 */
export function freeSize(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const [input] = graph.inputs;
  const [, side] = input?.dims ?? [];
  if (input === undefined || input.dims?.length !== 4 || typeof side !== 'number') {
    throw new FocalError('model-invalid', 'Expected a net with one picture of known size as its input.');
  }
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const added: OnnxTensor[] = [];
  const add = (name: string, dataType: number, dims: readonly number[], values: ArrayBufferView): string => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    added.push({ name, dataType, dims, data: { field: RAW_DATA, bytes } });
    return name;
  };
  const sides = new Map<string, number>([[input.name, side]]);
  const nodes = graph.nodes.map((node): OnnxNode => {
    const [first = '', second = '', , last = ''] = node.inputs;
    const [output = ''] = node.outputs;
    // What weighs a map by a few numbers of the whole may name these first.
    const before = node.inputs.map((name) => sides.get(name)).find((known) => known !== undefined);
    const after = sideAfter(node, before, constants);
    if (after !== undefined) sides.set(output, after);
    if (node.opType === 'Resize' && before !== undefined && after !== undefined && constants.has(last)) {
      const factors = Float32Array.of(1, 1, after / before, after / before);
      return { ...node, inputs: [first, '', add(`${output}_factors`, ONNX_TYPE.float32, [4], factors)] };
    }
    if (node.opType === 'Reshape') {
      const shape = readInts(constants.get(second));
      if (shape.length !== 3 || shape[0] !== 1) throw cannotBeFreed(node);
      const free = BigInt64Array.of(1n, -1n, BigInt(shape[2] ?? 0));
      return { ...node, inputs: [first, add(`${output}_shape`, ONNX_TYPE.int64, [3], free)] };
    }
    if (!KEEPS_PLACES.has(node.opType) || (node.opType === 'Resize' && constants.has(last))) throw cannotBeFreed(node);
    return node;
  });
  const read = new Set(nodes.flatMap((node) => node.inputs));
  return {
    ...model,
    graph: {
      ...graph,
      nodes,
      values: [],
      initializers: [...graph.initializers.filter((tensor) => read.has(tensor.name)), ...added],
      inputs: [{ ...input, dims: [1, 'height', 'width', 3] }],
      outputs: freeOutputs(graph),
    },
  };
}

/** Operators that treat every place alike, whatever the size. */
const KEEPS_PLACES: ReadonlySet<string> = new Set([
  'Add',
  'Clip',
  'Concat',
  'Conv',
  'GlobalAveragePool',
  'Identity',
  'MaxPool',
  'Mul',
  'Pad',
  'Relu',
  'Resize',
  'Sigmoid',
  'Transpose',
]);

/** How high the output of a node is in the net as it was made, without borders; undefined where it is no map. */
function sideAfter(
  node: OnnxNode,
  before: number | undefined,
  constants: ReadonlyMap<string, OnnxTensor>,
): number | undefined {
  if (before === undefined || node.opType === 'Reshape' || node.opType === 'GlobalAveragePool') return undefined;
  if (node.opType === 'Resize') return readInts(constants.get(node.inputs[3] ?? ''))[2];
  const strides = node.attributes.find(({ name }) => name === 'strides');
  return strides?.kind === 'ints' ? Math.ceil(before / Number(strides.value[0])) : before;
}

function freeOutputs(graph: OnnxGraph): OnnxGraph['outputs'] {
  return graph.outputs.map((output) => {
    const channels = output.dims?.at(-1);
    return { ...output, dims: output.dims?.length === 4 ? [1, 'rows', 'columns', channels] : [1, 'places', channels] };
  });
}

function readInts(tensor: OnnxTensor | undefined): readonly number[] {
  if (tensor?.dataType !== ONNX_TYPE.int64 || tensor.data.field !== RAW_DATA) return [];
  // A copy: views into files need not lie on multiples of eight.
  return Array.from(new BigInt64Array(tensor.data.bytes.slice().buffer), Number);
}

function cannotBeFreed(node: OnnxNode): FocalError {
  return new FocalError('model-invalid', `Expected a net that can be fed any size, got one with ${node.opType}.`);
}
