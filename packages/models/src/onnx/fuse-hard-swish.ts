import { ONNX_TYPE, type OnnxModel, type OnnxNode, type OnnxTensor, RAW_DATA } from './model.ts';

/** How far a constant may be off, as a share of it: files with weights of 16 bits have 1/6 as 0.16663. */
const TOLERANCE = 2 ** -11;

/**
 * The same model with (x / 6) · clip(x + 3, 0, 6), as converters write it, in one operator: HardSwish. Runtimes then keep
 * maps in blocks of channels, where four operators and three constants make them reorder each map twice.
 */
export function fuseHardSwish(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const writers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const uses = countUses(graph.nodes, graph.outputs);
  const isNumber = (name: string | undefined, value: number): boolean =>
    name !== undefined && Math.abs(readScalar(constants.get(name)) - value) <= TOLERANCE * value;
  /** What a node takes beside a constant of this value. */
  const besides = (node: OnnxNode, value: number): string | undefined => {
    const [one, other] = node.inputs;
    return isNumber(one, value) ? other : isNumber(other, value) ? one : undefined;
  };
  /** The node that writes this value, where it is of this kind and nobody else reads it. */
  const only = (name: string | undefined, opType: string): OnnxNode | undefined => {
    const writer = writers.get(name ?? '');
    return writer?.opType === opType && uses.get(name ?? '') === 1 ? writer : undefined;
  };
  const dropped = new Set<OnnxNode>();
  const fused = new Map<OnnxNode, OnnxNode>();
  for (const node of graph.nodes) {
    if (node.opType !== 'Mul') continue;
    const [one, other] = node.inputs;
    const clip = only(one, 'Clip') ?? only(other, 'Clip');
    const scale = only(one, 'Mul') ?? only(other, 'Mul');
    const add = only(clip?.inputs[0], 'Add');
    if (clip === undefined || scale === undefined || add === undefined) continue;
    const x = besides(scale, 1 / 6);
    if (x === undefined || besides(add, 3) !== x) continue;
    if (!isNumber(clip.inputs[1], 0) || !isNumber(clip.inputs[2], 6)) continue;
    for (const each of [clip, scale, add]) dropped.add(each);
    fused.set(node, { ...node, opType: 'HardSwish', inputs: [x], attributes: [] });
  }
  const nodes = graph.nodes.filter((node) => !dropped.has(node)).map((node) => fused.get(node) ?? node);
  const read = new Set([...nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)]);
  const initializers = graph.initializers.filter(({ name }) => read.has(name));
  return { ...model, graph: { ...graph, nodes, initializers } };
}

function countUses(
  nodes: readonly OnnxNode[],
  outputs: readonly { readonly name: string }[],
): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map((output) => output.name)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

/** The one number of a float32 constant; NaN for any other. */
function readScalar(tensor: OnnxTensor | undefined): number {
  if (tensor?.dataType !== ONNX_TYPE.float32 || tensor.data.field !== RAW_DATA) return Number.NaN;
  const { bytes } = tensor.data;
  return bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true) : Number.NaN;
}
