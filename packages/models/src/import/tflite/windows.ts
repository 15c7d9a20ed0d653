import { FocalError } from '@focal/core';
import type { AxisOrder } from './weights.ts';

export type Padding = 'same' | 'valid';

/** A window that slides over rows and columns: [rows, columns] each. */
export interface Window {
  readonly padding: Padding;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
}

/**
 * ONNX pads [top, left, bottom, right] of a window over NHWC shapes. "Same" in TFLite depends on the input's size and
 * puts the odd pixel after, as in tensorflow/lite/kernels/padding.h. Throws `model-invalid` when the output's shape is
 * not what the window gives.
 */
export function windowPads(window: Window, input: AxisOrder, output: AxisOrder, name: string): readonly number[] {
  const rows = axisPads(window, 0, input[1], output[1], name);
  const columns = axisPads(window, 1, input[2], output[2], name);
  return [rows[0], columns[0], rows[1], columns[1]];
}

/** Rows and columns that a window over an NHWC shape gives. Throws `model-invalid` where there are none. */
export function windowOutput(window: Window, input: AxisOrder, name: string): readonly [number, number] {
  return [axisOutput(window, 0, input[1], name), axisOutput(window, 1, input[2], name)];
}

function axisOutput(window: Window, axis: 0 | 1, size: number, name: string): number {
  const stride = window.strides[axis];
  const dilation = window.dilations[axis];
  const whole = [stride, dilation, window.kernel[axis]].every((each) => Number.isInteger(each) && each >= 1);
  if (!whole) {
    throw new FocalError(
      'model-invalid',
      `Expected strides and sizes from 1 for ${name}, got ${stride} and ${dilation}.`,
    );
  }
  const extent = (window.kernel[axis] - 1) * dilation + 1;
  return window.padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - extent) / stride) + 1;
}

function axisPads(window: Window, axis: 0 | 1, size: number, out: number, name: string): readonly [number, number] {
  const expected = axisOutput(window, axis, size, name);
  const extent = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
  if (out !== expected) {
    throw new FocalError('model-invalid', `Expected an output of ${expected} along one axis of ${name}, got ${out}.`);
  }
  const total = window.padding === 'same' ? Math.max(0, (out - 1) * window.strides[axis] + extent - size) : 0;
  return [total >> 1, total - (total >> 1)];
}
