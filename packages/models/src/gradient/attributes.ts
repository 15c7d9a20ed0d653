import type { OnnxAttribute, OnnxNode } from '../onnx/model.ts';

/** An attribute of a node by its name, or the operator's default where the node has none of that kind. */
export function intOf(node: OnnxNode, name: string, fallback: number): number {
  const attribute = find(node, name);
  return attribute?.kind === 'int' ? Number(attribute.value) : fallback;
}

export function intsOf(node: OnnxNode, name: string, fallback: readonly number[]): readonly number[] {
  const attribute = find(node, name);
  return attribute?.kind === 'ints' ? attribute.value.map(Number) : fallback;
}

export function floatOf(node: OnnxNode, name: string, fallback: number): number {
  const attribute = find(node, name);
  return attribute?.kind === 'float' ? attribute.value : fallback;
}

export function stringOf(node: OnnxNode, name: string, fallback: string): string {
  const attribute = find(node, name);
  return attribute?.kind === 'string' ? attribute.value : fallback;
}

function find(node: OnnxNode, name: string): OnnxAttribute | undefined {
  return node.attributes.find((attribute) => attribute.name === name);
}
