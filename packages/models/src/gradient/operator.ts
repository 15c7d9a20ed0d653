import type { GraphBuilder } from '../onnx/builder.ts';
import type { OnnxNode } from '../onnx/model.ts';
import type { GraphView } from './graph-view.ts';

/**
 * How a gradient passes a Relu. `plain`: as calculus has it (Simonyan et al. 2014, "Deep inside convolutional
 * networks"). `guided`: only where it is positive itself (Springenberg et al. 2015, "Striving for simplicity").
 */
export type GradientRule = 'plain' | 'guided';

/** What an operator's gradient is put together with. */
export interface GradientContext {
  readonly view: GraphView;
  /** Takes the new nodes. Names of the original graph are values it may read. */
  readonly graph: GraphBuilder;
  readonly rule: GradientRule;
  /** Whether the value depends on the picture, so that its gradient is asked for. */
  isWanted(name: string): boolean;
}

/** The gradient of one kind of node. */
export interface GradientOperator {
  /** Shape of the node's first output. */
  shape(view: GraphView, node: OnnxNode): readonly number[];
  /**
   * Names of the gradients of the node's inputs, in their order, given that of its first output; undefined where none
   * is wanted. Each has its input's shape.
   */
  gradient(context: GradientContext, node: OnnxNode, grad: string): readonly (string | undefined)[];
}

/** The name of an input that must be there. */
export function inputOf(node: OnnxNode, at: number): string {
  return node.inputs[at] ?? '';
}

export function outputOf(node: OnnxNode): string {
  return node.outputs[0] ?? '';
}
