import { FocalError } from '@focal/core';
import { GraphBuilder } from '../onnx/builder.ts';
import { ONNX_TYPE, type OnnxModel, type OnnxNode, type OnnxValueInfo } from '../onnx/model.ts';
import { GraphView, invalid, sortNodes } from './graph-view.ts';
import { type GradientContext, type GradientOperator, type GradientRule, outputOf } from './operator.ts';
import { GRADIENT_OPERATORS } from './operators.ts';

/** Opsets whose operators mean what is assumed here. */
const OPSETS = { from: 13, to: 17 } as const;

/** What {@link withGradient} adds to a model. */
const GRADIENT_OUTPUT = 'gradient';
const SEED_INPUT = 'seed';
const TOP_OUTPUT = 'top';

export interface GradientOptions {
  /** The value whose gradient is wanted: an output, or any value inside, such as the logits before a softmax. */
  readonly of: string;
  /** Default `guided`. */
  readonly rule?: GradientRule;
  /**
   * `given`: the gradient is of the sum of `seed` times the value, with `seed` a new input of its shape. `top`: of the
   * largest number in it, and where that was found comes out as `top` (int64, counted through the whole value).
   */
  readonly seed: 'given' | 'top';
  /** With `top`: places along axis 1 that are never the top, such as a class for the background. */
  readonly ignored?: readonly number[];
}

/**
 * The same model with one output more: `gradient`, of the value named `of` by the model's only input, of the input's
 * shape. Scores and map come from one run. Weights are shared with `model`, those of convolutions once more as needed.
 * Throws `model-invalid` for operators that have no gradient here, naming them and those that have one, for shapes that
 * are not fixed, and where the value does not depend on the input.
 *
 * @example
 * const model = withGradient(readOnnx(classifier), { of: 'logits', seed: 'top' });
 * const { logits, gradient, top } = await (await runtime.load(writeOnnx(model))).run({ image });
 */
export function withGradient(model: OnnxModel, options: GradientOptions): OnnxModel {
  const { graph } = model;
  const input = inputOf(model);
  const nodes = sortNodes(graph.nodes);
  const path = pathBetween(nodes, input.name, options.of);
  const view = new GraphView(model);
  view.setShape(input.name, input.dims);
  const operators = path.map((node) => ({ node, operator: operatorOf(node) }));
  for (const { node, operator } of operators) view.setShape(outputOf(node), operator.shape(view, node));

  const builder = new GraphBuilder(graph.name);
  for (const name of namesOf(model)) builder.unique(name);
  const added: { readonly inputs: OnnxValueInfo[]; readonly outputs: OnnxValueInfo[] } = { inputs: [], outputs: [] };
  const seed = options.seed === 'top' ? seedTop(builder, view, options, added.outputs) : SEED_INPUT;
  if (seed === SEED_INPUT) {
    added.inputs.push({ name: seed, dataType: ONNX_TYPE.float32, dims: view.shape(options.of) });
  }
  const onPath = new Set([input.name, ...path.flatMap((node) => node.outputs)]);
  const context = {
    view,
    graph: builder,
    rule: options.rule ?? 'guided',
    isWanted: (name: string) => onPath.has(name),
  };
  const gradient = goBack(context, operators, { of: options.of, seed, input: input.name });
  builder.node('Identity', [gradient], { output: GRADIENT_OUTPUT });
  added.outputs.push({ name: GRADIENT_OUTPUT, dataType: ONNX_TYPE.float32, dims: input.dims });

  const extra = builder.build().graph;
  return {
    ...model,
    graph: {
      ...graph,
      nodes: [...nodes, ...extra.nodes],
      initializers: [...graph.initializers, ...extra.initializers],
      inputs: [...graph.inputs, ...added.inputs],
      outputs: [...graph.outputs, ...added.outputs],
    },
  };
}

/**
 * The value that probabilities are made of: what a model's output was before softmax, sigmoid and mere rearrangement at
 * its end. Its gradient does not fade where the model is sure, and its order is the same.
 */
export function logitsOf(model: OnnxModel, output: string): string {
  const writers = new Map(model.graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const kinds = ['Identity', 'Sigmoid', 'Softmax', 'Transpose'];
  let name = output;
  let logits = output;
  for (let node = writers.get(name); node !== undefined && kinds.includes(node.opType); node = writers.get(name)) {
    name = node.inputs[0] ?? '';
    if (node.opType === 'Sigmoid' || node.opType === 'Softmax') logits = name;
  }
  return logits;
}

interface ModelInput {
  readonly name: string;
  readonly dims: readonly number[];
}

/** The one input that is no weight, of fixed shape. */
function inputOf({ graph, opsets }: OnnxModel): ModelInput {
  const version = opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0;
  if (version < OPSETS.from || version > OPSETS.to) {
    throw invalid(`Expected a model of opset ${OPSETS.from} to ${OPSETS.to} for its gradient, got ${version}.`);
  }
  const weights = new Set(graph.initializers.map((tensor) => tensor.name));
  const inputs = graph.inputs.filter(({ name }) => !weights.has(name));
  const [input] = inputs;
  const dims = input?.dims ?? [];
  const isFixed = dims.every((size): size is number => typeof size === 'number' && size > 0);
  if (input === undefined || inputs.length !== 1 || input.dataType !== ONNX_TYPE.float32 || !isFixed) {
    throw invalid('Expected a model with one input, of 32-bit floats and fixed shape, for its gradient.');
  }
  return { name: input.name, dims };
}

/** The nodes through which the value depends on the input, in order. */
function pathBetween(nodes: readonly OnnxNode[], input: string, of: string): readonly OnnxNode[] {
  const dependent = new Set([input]);
  const after = nodes.filter((node) => {
    if (!node.inputs.some((name) => dependent.has(name))) return false;
    for (const name of node.outputs) dependent.add(name);
    return true;
  });
  const needed = new Set([of]);
  const path = after.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    for (const name of node.inputs) needed.add(name);
    return true;
  });
  if (path.length === 0) throw invalid(`Expected a value named ${of} that depends on the model's input.`);
  const unknown = new Set(path.filter(({ opType }) => !Object.hasOwn(GRADIENT_OPERATORS, opType)).map(nameOf));
  if (unknown.size > 0) {
    throw new FocalError(
      'model-invalid',
      `Expected operators that have a gradient, got ${[...unknown].sort().join(', ')}.`,
      {
        hint: `Supported are ${Object.keys(GRADIENT_OPERATORS).join(', ')}.`,
      },
    );
  }
  return path.toReversed();
}

function nameOf({ domain, opType }: OnnxNode): string {
  return domain === '' ? opType : `${domain}.${opType}`;
}

function operatorOf(node: OnnxNode): GradientOperator {
  const operator = node.domain === '' ? GRADIENT_OPERATORS[node.opType] : undefined;
  if (operator === undefined) throw invalid(`Expected operators of ONNX itself, got ${nameOf(node)}.`);
  return operator;
}

/** A one at the largest number of the value, zeros elsewhere. */
function seedTop(
  graph: GraphBuilder,
  view: GraphView,
  { of, ignored = [] }: GradientOptions,
  outputs: OnnxValueInfo[],
): string {
  const dims = view.shape(of);
  const count = dims.reduce((product, size) => product * size, 1);
  let value = of;
  if (ignored.length > 0) {
    const [, classes = 1] = dims;
    const bias = Float32Array.from({ length: classes }, (_, i) => (ignored.includes(i) ? -1e30 : 0));
    const shape = dims.map((_, axis) => (axis === 1 ? classes : 1));
    value = graph.node('Add', [value, graph.floats('ignored', shape, bias)]);
  }
  const flat = graph.node('Reshape', [value, graph.ints([count])]);
  const top = graph.node('ArgMax', [flat], { attributes: { axis: { int: 0 } }, output: TOP_OUTPUT });
  outputs.push({ name: TOP_OUTPUT, dataType: ONNX_TYPE.int64, dims: [1] });
  const values = graph.floats('off-and-on', [2], Float32Array.of(0, 1));
  const one = graph.node('OneHot', [top, graph.ints([count]), values]);
  return graph.node('Reshape', [one, graph.ints(dims)]);
}

/** Adds the gradients of all values from the end to the beginning; gives the name of the input's. */
function goBack(
  context: GradientContext,
  operators: readonly { readonly node: OnnxNode; readonly operator: GradientOperator }[],
  { of, seed, input }: { readonly of: string; readonly seed: string; readonly input: string },
): string {
  const gradients = new Map([[of, seed]]);
  for (const { node, operator } of operators.toReversed()) {
    const grad = gradients.get(outputOf(node));
    if (grad === undefined) throw invalid(`Expected only the first output of ${node.opType} ${node.name} to be used.`);
    operator.gradient(context, node, grad).forEach((part, at) => {
      const name = node.inputs[at] ?? '';
      if (part === undefined || !context.isWanted(name)) return;
      const known = gradients.get(name);
      gradients.set(name, known === undefined ? part : context.graph.node('Add', [known, part]));
    });
  }
  const gradient = gradients.get(input);
  if (gradient === undefined) throw invalid(`Expected the value ${of} to depend on the input ${input}.`);
  return gradient;
}

/** Every value name of the model, and the names that are added to it. */
function namesOf({ graph }: OnnxModel): ReadonlySet<string> {
  const names = [
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap((node) => [...node.inputs, ...node.outputs]),
  ];
  for (const name of [SEED_INPUT, GRADIENT_OUTPUT, TOP_OUTPUT]) {
    if (names.includes(name)) throw invalid(`Expected a model without a value named ${name} for its gradient.`);
  }
  return new Set([...names, SEED_INPUT, GRADIENT_OUTPUT, TOP_OUTPUT]);
}
