import { FocalError } from '@focal/core';
import { define } from './activation.ts';
import { type Lowering, shape4 } from './lowering.ts';
import type { TfliteOperator } from './model.ts';
import { nameOf } from './weights.ts';
import { type Window, windowPads } from './windows.ts';

/** AVERAGE_POOL_2D, which leaves padding out of the mean, and MAX_POOL_2D. */
export function lowerPool(lowering: Lowering, operator: TfliteOperator, opType: 'AveragePool' | 'MaxPool'): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  const { options } = operator;
  const window: Window = {
    padding: (options?.int8(0, 0) ?? 0) === 0 ? 'same' : 'valid',
    kernel: [options?.int32(4, 0) ?? 0, options?.int32(3, 0) ?? 0],
    strides: [options?.int32(2, 0) ?? 0, options?.int32(1, 0) ?? 0],
    dilations: [1, 1],
  };
  const fused = options?.int8(5, 0) ?? 0;
  const [, height, width, channels] = shape4(input);
  if (shape4(output)[3] !== channels) throw channelsDiffer(operator.name);
  const pads = windowPads(window, shape4(input), shape4(output), operator.name);
  const whole = window.kernel[0] === height && window.kernel[1] === width && pads.every((pad) => pad === 0);
  if (opType === 'AveragePool' && whole) {
    define(lowering, output, fused, 'GlobalAveragePool', [lowering.nchw(input)]);
    return;
  }
  define(lowering, output, fused, opType, [lowering.nchw(input)], {
    attributes: { kernel_shape: { ints: window.kernel }, strides: { ints: window.strides }, pads: { ints: pads } },
  });
}

/** MEAN over rows and columns. */
export function lowerMean(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  const [batch, , , channels] = shape4(input);
  const axes = lowering.ints(lowering.input(operator, 1)).map((axis) => (axis < 0 ? axis + 4 : axis));
  if (axes.toSorted((a, b) => a - b).join() !== '1,2') {
    throw new FocalError(
      'model-invalid',
      `Expected MEAN over rows and columns, got axes [${axes.join()}] of ${nameOf(input)}.`,
    );
  }
  const keepsDims = operator.options?.bool(0) ?? false;
  const expected = keepsDims ? [batch, 1, 1, channels] : [batch, channels];
  if (output.shape.join() !== expected.join()) throw channelsDiffer(operator.name);
  if (keepsDims) {
    lowering.define(output, 'GlobalAveragePool', [lowering.nchw(input)]);
    return;
  }
  const mean = lowering.graph.node('GlobalAveragePool', [lowering.nchw(input)]);
  lowering.definePlain(output, 'Reshape', [mean, lowering.graph.ints(output.shape)]);
}

function channelsDiffer(name: string): FocalError {
  return new FocalError('model-invalid', `Expected as many channels after ${name} as before.`);
}
