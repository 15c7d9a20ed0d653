import { FocalError } from '@focal/core';
import { writeOnnx } from '../onnx/write.ts';
import { NhwcGraph, type NhwcValue } from './nhwc/graph.ts';
import { type GraphNode, readNodes, sortNodes } from './tfjs/graph-model.ts';
import { asObject, broken, field, parseJson } from './tfjs/json.ts';
import { TFJS_OPERATORS, type TfjsContext } from './tfjs/operators.ts';
import { readWeights, type Weight } from './tfjs/weights.ts';

const NOT_COMPUTED = ['Const', 'Placeholder'];

/** Nodes and weights together may write no more constants than this times the size of the weights, and a little. */
const MAX_WEIGHT_GROWTH = 8;
const SPARE_BYTES = 2 ** 20;

/**
 * Turns a TensorFlow.js graph model (`model.json` and the bytes of its weight files, one after another) into an ONNX
 * model that computes the same, for one picture at a time: inputs and outputs keep their names and NHWC layout, between
 * them it is NCHW. `outputs` names nodes of the graph: what only others need is left out, unknown operators too; without
 * it the graph's own outputs are kept, or all nodes that nobody reads. Weights come out as 32 bit.
 * Throws `model-invalid` for damaged files, and with the operators' names for those that are not imported.
 *
 * @example
 * importTfjsGraph(json, weights, ['tower_0/wh', 'tower_0/keypoints']); // CenterNet without its tail
 */
export function importTfjsGraph(modelJson: Uint8Array, weights: Uint8Array, outputs?: readonly string[]): Uint8Array {
  const model = asObject(parseJson(modelJson), 'the model');
  const format = field(model, 'format') ?? 'graph-model';
  if (format !== 'graph-model') throw broken('a graph model', 'another format');
  const nodes = readNodes(field(model, 'modelTopology'));
  const constants = readWeights(field(model, 'weightsManifest'), weights);
  const wanted = outputs ?? findOutputs(model, nodes);
  const sorted = sortNodes(nodes, wanted);
  refuseUnknown(sorted);
  const graph = new NhwcGraph('tfjs', wanted);
  const values = new Map<string, NhwcValue>();
  let bytesLeft = weights.length * MAX_WEIGHT_GROWTH + SPARE_BYTES;

  function take({ shape }: Weight): void {
    bytesLeft -= shape.reduce((product, size) => product * size, 4);
    if (bytesLeft < 0) throw broken(`weights that are used no more than ${MAX_WEIGHT_GROWTH} times`);
  }

  /** As the weight itself, counted: nodes that share one weight write it twice. */
  function counted(weight: Weight): Weight {
    return {
      shape: weight.shape,
      ints: () => weight.ints(),
      floats() {
        take(weight);
        return weight.floats();
      },
      coded() {
        take(weight);
        return weight.coded();
      },
    };
  }

  const context: TfjsContext = {
    graph,
    value(node, position) {
      const name = nameOf(node, position);
      const known = values.get(name);
      if (known !== undefined) return known;
      const weight = context.weight(node, position);
      const constant = graph.constant(weight.shape, weight.floats());
      values.set(name, constant);
      return constant;
    },
    weight(node, position) {
      const weight = constants.get(nameOf(node, position));
      if (weight === undefined || nodes.get(nameOf(node, position))?.op !== 'Const') {
        throw broken(`a constant for input ${position} of ${node.op}`);
      }
      return counted(weight);
    },
  };

  for (const node of sorted) {
    // One picture at a time: a batch of any size is a batch of one.
    if (node.op === 'Placeholder') values.set(node.name, graph.input(node.name, oneAtATime(node.shape())));
    else if (node.op !== 'Const') {
      const value = TFJS_OPERATORS[node.op]?.(context, node);
      if (value !== undefined) values.set(node.name, value);
    }
  }
  for (const name of wanted) {
    const value = values.get(name);
    if (value === undefined) throw broken('outputs that are computed', name.slice(0, 60));
    graph.output(name, value);
  }
  return writeOnnx(graph.build());
}

function nameOf(node: GraphNode, position: number): string {
  const name = node.inputs[position];
  if (name === undefined) throw broken(`input ${position} of ${node.op}`, 'none');
  return name;
}

function oneAtATime([batch = 1, ...others]: readonly number[]): readonly number[] {
  return [batch === -1 ? 1 : batch, ...others];
}

function findOutputs(model: object, nodes: ReadonlyMap<string, GraphNode>): readonly string[] {
  const signature = field(asObject(model, 'the model'), 'signature') ?? {};
  const signed = field(asObject(signature, 'the signature'), 'outputs') ?? {};
  const names = Object.values(asObject(signed, 'outputs')).map((output) => {
    const name = field(asObject(output, 'an output'), 'name');
    return typeof name === 'string' ? name.replace(/:0$/, '') : '';
  });
  const isUsable = names.length > 0 && names.every((name) => nodes.has(name));
  if (isUsable) return [...new Set(names)];
  const read = new Set([...nodes.values()].flatMap((node) => node.inputs));
  const last = [...nodes.values()].filter((node) => !read.has(node.name) && !NOT_COMPUTED.includes(node.op));
  if (last.length === 0) throw broken('at least one output');
  return last.map((node) => node.name);
}

function refuseUnknown(nodes: readonly GraphNode[]): void {
  const known = new Set([...Object.keys(TFJS_OPERATORS), ...NOT_COMPUTED]);
  const unknown = [...new Set(nodes.map((node) => node.op.slice(0, 60)).filter((op) => !known.has(op)))].sort();
  if (unknown.length === 0) return;
  const list = unknown.slice(0, 20).join(', ');
  throw new FocalError('model-invalid', `Expected operators that Focal imports, got ${list}.`, {
    hint: `Imported are ${Object.keys(TFJS_OPERATORS).join(', ')}.`,
  });
}
