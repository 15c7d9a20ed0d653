import { FocalError } from '@focal/core';
import { define } from './activation.ts';
import { type Lowering, NCHW_AXIS, shape4 } from './lowering.ts';
import type { TfliteOperator, TfliteTensor } from './model.ts';
import { nameOf } from './weights.ts';

/** RESHAPE: the output's own shape counts; the second input and the option only repeat it. */
export function lowerReshape(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  if (elements(input) !== elements(output)) throw shapesDiffer(operator.name, input, output);
  lowering.definePlain(output, 'Reshape', [lowering.flat(input), lowering.graph.ints(output.shape)]);
}

export function lowerConcatenation(lowering: Lowering, operator: TfliteOperator): void {
  const output = lowering.output(operator);
  const rank = output.shape.length;
  const written = operator.options?.int32(0, 0) ?? 0;
  const axis = written < 0 ? written + rank : written;
  const inputs = operator.inputs.map((_, position) => lowering.input(operator, position));
  const joined = inputs.reduce((sum, input) => sum + (input.shape[axis] ?? 0), 0);
  const fits = (input: TfliteTensor): boolean =>
    input.shape.length === rank && input.shape.every((size, at) => at === axis || size === output.shape[at]);
  if (joined !== output.shape[axis] || !inputs.every(fits)) {
    throw new FocalError('model-invalid', `Expected shapes that join up to ${nameOf(output)} in CONCATENATION.`);
  }
  const inner = rank === 4 ? (NCHW_AXIS[axis] ?? 0) : axis;
  const names = inputs.map((input) => lowering.value(input));
  define(lowering, output, operator.options?.int8(1, 0) ?? 0, 'Concat', names, {
    attributes: { axis: { int: inner } },
  });
}

/** PAD with zeros, along any of the four axes. */
export function lowerPad(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  const paddings = lowering.ints(lowering.input(operator, 1));
  const [before, after] = [0, 1].map((side) => shape4(input).map((_, axis) => paddings[axis * 2 + side] ?? -1));
  if (before === undefined || after === undefined || paddings.length !== 8 || paddings.some((pad) => pad < 0)) {
    throw new FocalError('model-invalid', `Expected eight paddings from 0 for PAD, got [${paddings.join()}].`);
  }
  const fits = shape4(output).every(
    (size, axis) => size === (input.shape[axis] ?? 0) + (before[axis] ?? 0) + (after[axis] ?? 0),
  );
  if (!fits) throw shapesDiffer(operator.name, input, output);
  const order = [0, 3, 1, 2];
  const pads = [...order.map((axis) => before[axis] ?? 0), ...order.map((axis) => after[axis] ?? 0)];
  lowering.define(output, 'Pad', [lowering.nchw(input), lowering.graph.ints(pads)]);
}

/** RESIZE_BILINEAR in its three ways to place pixels. */
export function lowerResize(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  const [batch, , , channels] = shape4(input);
  const [outBatch, height, width, outChannels] = shape4(output);
  if (batch !== outBatch || channels !== outChannels) throw shapesDiffer(operator.name, input, output);
  const corners = operator.options?.bool(2) ?? false;
  const centres = operator.options?.bool(3) ?? false;
  const placement = corners ? 'align_corners' : centres ? 'half_pixel' : 'asymmetric';
  const sizes = lowering.graph.ints([batch, channels, height, width]);
  lowering.define(output, 'Resize', [lowering.nchw(input), '', '', sizes], {
    attributes: { mode: { string: 'linear' }, coordinate_transformation_mode: { string: placement } },
  });
}

function elements(tensor: TfliteTensor): number {
  return tensor.shape.reduce((product, size) => product * size, 1);
}

function shapesDiffer(name: string, input: TfliteTensor, output: TfliteTensor): FocalError {
  return new FocalError(
    'model-invalid',
    `Expected shapes that fit ${name}, got ${nameOf(input)} and ${nameOf(output)}.`,
  );
}
