import { FocalError } from '@focal/core';
import type { NodeOptions } from '../../onnx/builder.ts';
import type { Lowering } from './lowering.ts';
import type { TfliteTensor } from './model.ts';

export type Activation = 'relu' | 'relu-n1-to-1' | 'relu6' | 'tanh' | 'hard-swish' | 'logistic';

/** `ActivationFunctionType` of the schema, as far as it occurs: what an operator does to its result. */
const FUSED: readonly (Activation | undefined)[] = [undefined, 'relu', 'relu-n1-to-1', 'relu6', 'tanh'];

/** Adds the node for a value in the layout that its rank has inside, and the activation that TFLite keeps in it. */
export function define(
  lowering: Lowering,
  output: TfliteTensor,
  fused: number,
  opType: string,
  inputs: readonly string[],
  options: NodeOptions = {},
): void {
  if (fused < 0 || fused >= FUSED.length) {
    throw new FocalError('model-invalid', `Expected a fused activation from 0 to ${FUSED.length - 1}, got ${fused}.`);
  }
  const activation = FUSED[fused];
  if (activation === undefined) lowering.define(output, opType, inputs, options);
  else defineActivation(lowering, output, activation, lowering.graph.node(opType, inputs, options));
}

/** Adds the node that applies an activation to `value`. */
export function defineActivation(
  lowering: Lowering,
  output: TfliteTensor,
  activation: Activation,
  value: string,
): void {
  const { graph } = lowering;
  if (activation === 'relu') lowering.define(output, 'Relu', [value]);
  else if (activation === 'tanh') lowering.define(output, 'Tanh', [value]);
  else if (activation === 'logistic') lowering.define(output, 'Sigmoid', [value]);
  else if (activation === 'hard-swish') lowering.define(output, 'HardSwish', [value]);
  else if (activation === 'relu6') lowering.define(output, 'Clip', [value, graph.scalar(0), graph.scalar(6)]);
  else lowering.define(output, 'Clip', [value, graph.scalar(-1), graph.scalar(1)]);
}
