import { FocalError } from '@focal/core';
import { define } from './activation.ts';
import { type Lowering, shape4 } from './lowering.ts';
import type { TfliteOperator, TfliteTensor } from './model.ts';
import { nameOf, transpose } from './weights.ts';
import { type Padding, type Window, windowPads } from './windows.ts';

/** CONV_2D: filter [out, height, width, in / groups], optional bias. */
export function lowerConvolution(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const filter = lowering.input(operator, 1);
  const [out, height, width, channels] = shape4(filter);
  const window = readWindow(operator, height, width, { dilations: [5, 4] });
  const weights = transpose(lowering.floats(filter), shape4(filter), [0, 3, 1, 2]);
  convolve(lowering, operator, {
    activation: operator.options?.int8(3, 0) ?? 0,
    groups: shape4(input)[3] / channels,
    weights: lowering.graph.floats('weights', [out, channels, height, width], weights),
    window,
  });
}

/** DEPTHWISE_CONV_2D: filter [1, height, width, channels × multiplier]. */
export function lowerDepthwise(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const filter = lowering.input(operator, 1);
  const [one, height, width, out] = shape4(filter);
  if (one !== 1) throw new FocalError('model-invalid', `Expected 1 first in the shape of ${nameOf(filter)}.`);
  const weights = transpose(lowering.floats(filter), shape4(filter), [3, 0, 1, 2]);
  convolve(lowering, operator, {
    activation: operator.options?.int8(4, 0) ?? 0,
    groups: shape4(input)[3],
    weights: lowering.graph.floats('weights', [out, 1, height, width], weights),
    window: readWindow(operator, height, width, { dilations: [6, 5] }),
  });
}

interface Convolution {
  readonly activation: number;
  readonly groups: number;
  readonly weights: string;
  readonly window: Window;
}

function convolve(lowering: Lowering, operator: TfliteOperator, convolution: Convolution): void {
  const { activation, groups, weights, window } = convolution;
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  const [, , , out] = shape4(output);
  if (!Number.isInteger(groups) || out % groups !== 0) {
    throw new FocalError(
      'model-invalid',
      `Expected channels that fit the filter of ${operator.name}, got ${nameOf(input)}.`,
    );
  }
  const pads = windowPads(window, shape4(input), shape4(output), operator.name);
  const inputs = [lowering.nchw(input), weights, ...biasOf(lowering, operator, out)];
  define(lowering, output, activation, 'Conv', inputs, {
    attributes: {
      kernel_shape: { ints: window.kernel },
      strides: { ints: window.strides },
      dilations: { ints: window.dilations },
      pads: { ints: pads },
      group: { int: groups },
    },
  });
}

/**
 * Convolution2DTransposeBias, a custom operator of MediaPipe: filter [out, height, width, in], bias, and as options
 * three int32: padding (1 same, 2 valid), stride of columns, stride of rows.
 */
export function lowerTransposeConvolution(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const filter = lowering.input(operator, 1);
  const output = lowering.output(operator);
  const [out, height, width, channels] = shape4(filter);
  const [, inHeight, inWidth, inChannels] = shape4(input);
  const [, outHeight, outWidth, outChannels] = shape4(output);
  const options = operator.customOptions;
  if (options === undefined || options.length < 12 || channels !== inChannels || out !== outChannels) {
    throw new FocalError('model-invalid', `Expected options and channels that fit the filter of ${operator.name}.`);
  }
  const view = new DataView(options.buffer, options.byteOffset, options.length);
  const same = view.getInt32(0, true) === 1;
  const strides = [view.getInt32(8, true), view.getInt32(4, true)] as const;
  const rows = transposePads(same, inHeight, outHeight, height, strides[0], operator.name);
  const columns = transposePads(same, inWidth, outWidth, width, strides[1], operator.name);
  const weights = transpose(lowering.floats(filter), shape4(filter), [3, 0, 1, 2]);
  const inputs = [
    lowering.nchw(input),
    lowering.graph.floats('weights', [channels, out, height, width], weights),
    ...biasOf(lowering, operator, out),
  ];
  lowering.define(output, 'ConvTranspose', inputs, {
    attributes: {
      kernel_shape: { ints: [height, width] },
      strides: { ints: strides },
      pads: { ints: [rows[0], columns[0], rows[1], columns[1]] },
    },
  });
}

/** What is cut off before and after the full result along one axis, as the matching convolution would pad it. */
function transposePads(
  same: boolean,
  size: number,
  out: number,
  kernel: number,
  stride: number,
  name: string,
): readonly [number, number] {
  const full = (size - 1) * stride + kernel;
  const cut = full - out;
  const expected = same ? size * stride : full;
  if (stride < 1 || stride > 64 || cut < 0 || out !== expected) {
    throw new FocalError('model-invalid', `Expected an output of ${expected} for ${name}, got ${out}.`);
  }
  return [cut >> 1, cut - (cut >> 1)];
}

function biasOf(lowering: Lowering, operator: TfliteOperator, channels: number): readonly string[] {
  if (!lowering.hasInput(operator, 2)) return [];
  const bias: TfliteTensor = lowering.input(operator, 2);
  if (bias.shape.length !== 1 || bias.shape[0] !== channels) {
    throw new FocalError('model-invalid', `Expected ${channels} biases for ${operator.name}, got ${nameOf(bias)}.`);
  }
  return [lowering.graph.floats('bias', [channels], lowering.floats(bias))];
}

/** Slots of dilation of rows and columns differ; padding and strides come first in both kinds. */
function readWindow(
  operator: TfliteOperator,
  height: number,
  width: number,
  slots: { readonly dilations: readonly [number, number] },
): Window {
  const options = operator.options;
  const padding: Padding = (options?.int8(0, 0) ?? 0) === 0 ? 'same' : 'valid';
  return {
    padding,
    kernel: [height, width],
    strides: [options?.int32(2, 0) ?? 0, options?.int32(1, 0) ?? 0],
    dilations: [options?.int32(slots.dilations[0], 1) ?? 1, options?.int32(slots.dilations[1], 1) ?? 1],
  };
}
