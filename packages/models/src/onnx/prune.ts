import { FocalError } from '@focal/core';
import type { OnnxGraph, OnnxModel, OnnxNode } from './model.ts';

/**
 * The same model with only the nodes, weights and inputs that `outputs` need. Weights are shared
 * with `model`, not copied. Runtimes keep every declared output alive, so cutting side outputs saves memory that asking
 * for fewer does not.
 * Throws `model-invalid` when the graph has no such output.
 *
 * @example
 * prune(isnet, ['output']).graph.nodes.length; // 663 of 734
 */
export function prune(model: OnnxModel, outputs: readonly string[]): OnnxModel {
  const { graph } = model;
  const kept = outputs.map((name) => {
    const info = graph.outputs.find((output) => output.name === name);
    if (info === undefined) {
      const known = graph.outputs.map((output) => output.name).join(', ');
      throw new FocalError('model-invalid', `Expected an output named ${name} in the model, got ${known || 'none'}.`);
    }
    return info;
  });
  // By writer, not by one walk from the end: files are met whose nodes are not in topological order.
  const writers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const needed = new Set<string>();
  const pending = [...outputs];
  const nodes = new Set<OnnxNode>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const writer = writers.get(name);
    if (writer === undefined || nodes.has(writer)) continue;
    nodes.add(writer);
    for (const read of namesRead(writer)) pending.push(read);
  }
  return {
    ...model,
    graph: {
      ...graph,
      nodes: graph.nodes.filter((node) => nodes.has(node)),
      outputs: kept,
      initializers: graph.initializers.filter((tensor) => needed.has(tensor.name)),
      inputs: graph.inputs.filter((input) => needed.has(input.name)),
      values: graph.values.filter((value) => needed.has(value.name)),
    },
  };
}

/** Every value that a node may read: its inputs, and what graphs in its attributes take from outside. */
function namesRead(node: OnnxNode): readonly string[] {
  const names = node.inputs.filter((name) => name !== '');
  for (const attribute of node.attributes) {
    if (attribute.kind === 'graph') names.push(...namesReadInside(attribute.value));
  }
  return names;
}

/** Too many names at most (inner values share outer names only in broken graphs): keeping one more does no harm. */
function namesReadInside(graph: OnnxGraph): readonly string[] {
  return [...graph.nodes.flatMap(namesRead), ...graph.outputs.map((output) => output.name)];
}
