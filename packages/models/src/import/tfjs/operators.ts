import type { BinaryOperator, NhwcGraph, NhwcValue } from '../nhwc/graph.ts';
import type { Padding, Window } from '../tflite/windows.ts';
import type { GraphNode } from './graph-model.ts';
import { broken } from './json.ts';
import type { Weight } from './weights.ts';

/** What the operators of one graph share while they are lowered. */
export interface TfjsContext {
  readonly graph: NhwcGraph;
  /** Input `position` as a value, constants too. */
  value(node: GraphNode, position: number): NhwcValue;
  /** Input `position`, which must be a constant. */
  weight(node: GraphNode, position: number): Weight;
}

type Lower = (context: TfjsContext, node: GraphNode) => NhwcValue;

const binary =
  (kind: BinaryOperator): Lower =>
  (context, node) =>
    context.graph.binary(kind, context.value(node, 0), context.value(node, 1));

/** Every operator that is imported. `Const` and `Placeholder` are not computed. */
export const TFJS_OPERATORS: Readonly<Record<string, Lower>> = {
  Add: binary('Add'),
  AddV2: binary('Add'),
  AvgPool: (context, node) => pool(context, node, 'AveragePool'),
  BiasAdd: binary('Add'),
  ConcatV2: concat,
  Conv2D: (context, node) => convolution(context, node, 'convolution'),
  DepthwiseConv2dNative: (context, node) => convolution(context, node, 'depthwise'),
  FusedDepthwiseConv2dNative: (context, node) => convolution(context, node, 'depthwise'),
  Identity: (context, node) => context.value(node, 0),
  MatMul: matMul,
  MaxPool: (context, node) => pool(context, node, 'MaxPool'),
  Maximum: (context, node) => bound(context, node, 'Max'),
  Mean: mean,
  Minimum: (context, node) => bound(context, node, 'Min'),
  Mul: binary('Mul'),
  Pad: pad,
  PadV2: pad,
  Prelu: (context, node) => context.graph.prelu(context.value(node, 0), context.value(node, 1)),
  RealDiv: binary('Div'),
  Relu: (context, node) => context.graph.unary('Relu', context.value(node, 0)),
  Relu6: (context, node) => context.graph.clip(context.value(node, 0), 0, 6),
  Reshape: (context, node) => context.graph.reshape(context.value(node, 0), context.weight(node, 1).ints()),
  ResizeBilinear: resize,
  Sigmoid: (context, node) => context.graph.unary('Sigmoid', context.value(node, 0)),
  Softmax: (context, node) => context.graph.softmax(context.value(node, 0)),
  Sub: binary('Sub'),
  Tanh: (context, node) => context.graph.unary('Tanh', context.value(node, 0)),
  _FusedConv2D: (context, node) => convolution(context, node, 'convolution'),
  _FusedMatMul: matMul,
};

function convolution(context: TfjsContext, node: GraphNode, kind: 'convolution' | 'depthwise'): NhwcValue {
  const { fused, bias } = fusion(context, node);
  const weight = context.weight(node, 1);
  const filter = { shape: weight.shape, values: weight.coded() };
  const [, rows = 1, columns = 1] = node.integers('dilations');
  const window = { padding: padding(node), strides: sides(node, 'strides'), dilations: [rows, columns] } as const;
  return activate(context, node, context.graph[kind](context.value(node, 0), filter, window, bias), fused);
}

/** What a fused operator does after its own work; the bias comes as input 2, slopes of Prelu after it. */
function fusion(context: TfjsContext, node: GraphNode): { fused: readonly string[]; bias?: Float32Array } {
  const [first, ...others] = node.texts('fused_ops');
  if (first === undefined) return { fused: [] };
  if (first !== 'BiasAdd' || others.length > 1) throw broken(`BiasAdd and one activation in ${node.op}`);
  return { fused: others, bias: context.weight(node, 2).floats() };
}

function activate(context: TfjsContext, node: GraphNode, value: NhwcValue, [activation]: readonly string[]): NhwcValue {
  const { graph } = context;
  if (activation === undefined) return value;
  if (activation === 'Relu') return graph.unary('Relu', value);
  if (activation === 'Relu6') return graph.clip(value, 0, 6);
  if (activation === 'Sigmoid') return graph.unary('Sigmoid', value);
  if (activation === 'Prelu') return graph.prelu(value, context.value(node, 3));
  throw broken('Relu, Relu6, Sigmoid or Prelu as the fused activation', activation.slice(0, 40));
}

function pool(context: TfjsContext, node: GraphNode, kind: 'MaxPool' | 'AveragePool'): NhwcValue {
  const window: Window = {
    padding: padding(node),
    kernel: sides(node, 'ksize'),
    strides: sides(node, 'strides'),
    dilations: [1, 1],
  };
  return context.graph.pool(context.value(node, 0), kind, window);
}

function bound(context: TfjsContext, node: GraphNode, kind: 'Min' | 'Max'): NhwcValue {
  const { graph } = context;
  const limit = graph.scalarOf(context.value(node, 1));
  if (limit === undefined) return graph.binary(kind, context.value(node, 0), context.value(node, 1));
  const value = context.value(node, 0);
  return kind === 'Min' ? graph.clip(value, undefined, limit) : graph.clip(value, limit, undefined);
}

function concat(context: TfjsContext, node: GraphNode): NhwcValue {
  const last = node.inputs.length - 1;
  const [axis = Number.NaN] = context.weight(node, last).ints();
  return context.graph.concat(
    Array.from({ length: last }, (_, position) => context.value(node, position)),
    axis,
  );
}

function mean(context: TfjsContext, node: GraphNode): NhwcValue {
  const axes = context
    .weight(node, 1)
    .ints()
    .map((axis) => (axis < 0 ? axis + 4 : axis));
  if (axes.toSorted((a, b) => a - b).join() !== '1,2') throw broken('Mean over rows and columns', `[${axes.join()}]`);
  return context.graph.mean(context.value(node, 0), node.flag('keep_dims'));
}

function pad(context: TfjsContext, node: GraphNode): NhwcValue {
  const sizes = context.weight(node, 1).ints();
  if (sizes.length !== 8) throw broken('four pairs of paddings', `${sizes.length} sizes`);
  if (node.inputs.length > 2 && context.weight(node, 2).floats()[0] !== 0) throw broken('padding with zeros');
  const pairs = [0, 2, 4, 6].map((at) => [sizes[at] ?? 0, sizes[at + 1] ?? 0] as const);
  return context.graph.pad(context.value(node, 0), pairs);
}

function resize(context: TfjsContext, node: GraphNode): NhwcValue {
  const [height = 0, width = 0] = context.weight(node, 1).ints();
  const placement = node.flag('align_corners')
    ? 'align_corners'
    : node.flag('half_pixel_centers')
      ? 'half_pixel'
      : 'asymmetric';
  return context.graph.resize(context.value(node, 0), height, width, placement);
}

function matMul(context: TfjsContext, node: GraphNode): NhwcValue {
  if (node.flag('transpose_a') || node.flag('transpose_b')) throw broken('MatMul without transposition');
  const { fused, bias } = fusion(context, node);
  const weight = context.weight(node, 1);
  const product = context.graph.matMul(context.value(node, 0), { shape: weight.shape, values: weight.floats() }, bias);
  return activate(context, node, product, fused);
}

function padding(node: GraphNode): Padding {
  const text = node.text('padding');
  if ((node.text('data_format') ?? 'NHWC') !== 'NHWC') throw broken('the data format NHWC');
  if (text === 'SAME') return 'same';
  if (text === 'VALID') return 'valid';
  throw broken('the padding SAME or VALID', (text ?? 'none').slice(0, 40));
}

/** Rows and columns of a list of four sizes. */
function sides(node: GraphNode, name: string): readonly [number, number] {
  const [, rows = 0, columns = 0] = node.integers(name);
  return [rows, columns];
}
