import { FocalError } from '@focal/core';
import { define } from './activation.ts';
import type { Lowering } from './lowering.ts';
import type { TfliteOperator, TfliteTensor } from './model.ts';
import { nameOf } from './weights.ts';

/** ADD and MUL, with NumPy broadcasting as in ONNX. */
export function lowerBinary(lowering: Lowering, operator: TfliteOperator, opType: 'Add' | 'Mul'): void {
  const inputs = [lowering.input(operator, 0), lowering.input(operator, 1)];
  const output = lowering.output(operator);
  checkBroadcast(inputs, output, operator.name);
  const fused = operator.options?.int8(0, 0) ?? 0;
  const names = inputs.map((input) => {
    // Shapes of lower rank are aligned at the channels, which lie last in TFLite only.
    if (output.shape.length !== 4 || input.shape.length === 4) return lowering.value(input);
    return lowering.expandedNchw(input);
  });
  define(lowering, output, fused, opType, names);
}

function checkBroadcast(inputs: readonly TfliteTensor[], output: TfliteTensor, name: string): void {
  const rank = Math.max(...inputs.map((input) => input.shape.length));
  const size = (tensor: TfliteTensor, axis: number): number => tensor.shape[tensor.shape.length - rank + axis] ?? 1;
  for (let axis = 0; axis < rank; axis++) {
    const sizes = inputs.map((input) => size(input, axis));
    const widest = Math.max(...sizes);
    if (output.shape.length === rank && size(output, axis) === widest && sizes.every((n) => n === 1 || n === widest))
      continue;
    throw new FocalError(
      'model-invalid',
      `Expected shapes that broadcast for ${name}, got ${inputs.map(nameOf).join(' and ')} for ${nameOf(output)}.`,
    );
  }
}
