import { FocalError } from '@focal/core';
import { writeOnnx } from '../onnx/write.ts';
import { defineActivation } from './tflite/activation.ts';
import { lowerConvolution, lowerDepthwise, lowerTransposeConvolution } from './tflite/convolutions.ts';
import { lowerBinary } from './tflite/elementwise.ts';
import { resizeLate } from './tflite/late-resize.ts';
import { Lowering } from './tflite/lowering.ts';
import { readTflite, type TfliteOperator, type TfliteTensor } from './tflite/model.ts';
import { lowerMean, lowerPool } from './tflite/pooling.ts';
import { lowerConcatenation, lowerPad, lowerReshape, lowerResize } from './tflite/shapes.ts';

type Lower = (lowering: Lowering, operator: TfliteOperator) => void;

/** Every operator that is imported. */
const OPERATORS: Readonly<Record<string, Lower>> = {
  ADD: (lowering, operator) => lowerBinary(lowering, operator, 'Add'),
  ARG_MAX: lowerArgMax,
  AVERAGE_POOL_2D: (lowering, operator) => lowerPool(lowering, operator, 'AveragePool'),
  CONCATENATION: lowerConcatenation,
  CONV_2D: lowerConvolution,
  Convolution2DTransposeBias: lowerTransposeConvolution,
  DEPTHWISE_CONV_2D: lowerDepthwise,
  DEQUANTIZE: lowerDequantize,
  HARD_SWISH: (lowering, operator) => lowerActivation(lowering, operator, 'hard-swish'),
  LOGISTIC: (lowering, operator) => lowerActivation(lowering, operator, 'logistic'),
  MAX_POOL_2D: (lowering, operator) => lowerPool(lowering, operator, 'MaxPool'),
  MEAN: lowerMean,
  MUL: (lowering, operator) => lowerBinary(lowering, operator, 'Mul'),
  PAD: lowerPad,
  QUANTIZE: lowerQuantize,
  RELU: (lowering, operator) => lowerActivation(lowering, operator, 'relu'),
  RELU6: (lowering, operator) => lowerActivation(lowering, operator, 'relu6'),
  RESHAPE: lowerReshape,
  RESIZE_BILINEAR: lowerResize,
  SOFTMAX: lowerSoftmax,
};

/**
 * Turns a TFLite model into an ONNX model that computes the same: inputs and outputs keep their names, order, shapes
 * and NHWC layout; between them it is NCHW. Weights of 16 bits come out as 32 bit, quantised models as what they stand
 * for: their inputs and outputs are real numbers, too. Indices (ARG_MAX) are written as float32.
 * Throws `model-invalid` for damaged files, and with the operators' names for those that are not imported.
 *
 * @example
 * importTflite(selfie); // Uint8Array, 497 kB of ONNX from 249 kB
 */
export function importTflite(bytes: Uint8Array): Uint8Array {
  const model = resizeLate(readTflite(bytes));
  const unknown = new Set(
    model.operators.map((operator) => operator.name).filter((name) => !Object.hasOwn(OPERATORS, name)),
  );
  if (unknown.size > 0) {
    throw new FocalError(
      'model-invalid',
      `Expected operators that Focal imports, got ${[...unknown].sort().join(', ')}.`,
      {
        hint: `Imported are ${Object.keys(OPERATORS).join(', ')}.`,
      },
    );
  }
  const lowering = new Lowering(model, bytes.length);
  for (const operator of model.operators) OPERATORS[operator.name]?.(lowering, operator);
  lowering.finish();
  return writeOnnx(lowering.graph.build());
}

function lowerActivation(
  lowering: Lowering,
  operator: TfliteOperator,
  activation: Parameters<typeof defineActivation>[2],
): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  assertSameShape(operator, input, output);
  defineActivation(lowering, output, activation, lowering.value(input));
}

/** DEQUANTIZE of 16-bit weights: they are unpacked where they are used. */
function lowerDequantize(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  if (input.data === undefined || input.shape.join() !== output.shape.join()) {
    throw new FocalError('model-invalid', 'Expected a constant for DEQUANTIZE, got a computed value.');
  }
  lowering.alias(output, input);
}

/** QUANTIZE from one scale to another: real numbers stay as they are. */
function lowerQuantize(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  assertSameShape(operator, input, output);
  lowering.define(output, 'Identity', [lowering.value(input)]);
}

/** SOFTMAX over the last axis; its option beta is 1 in all files that converters write. */
function lowerSoftmax(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  assertSameShape(operator, input, output);
  const axis = input.shape.length === 4 ? 1 : -1;
  lowering.define(output, 'Softmax', [lowering.value(input)], { attributes: { axis: { int: axis } } });
}

/** ARG_MAX over the channels of a picture. */
function lowerArgMax(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  const [axis = 0] = lowering.ints(lowering.input(operator, 1));
  const isOverChannels = input.shape.length === 4 && (axis === 3 || axis === -1);
  if (!isOverChannels || output.shape.join() !== input.shape.slice(0, 3).join()) {
    throw new FocalError('model-invalid', `Expected ARG_MAX over channels, got axis ${axis}.`);
  }
  const attributes = { axis: { int: 1 }, keepdims: { int: 0 } };
  lowering.defineIndices(output, lowering.graph.node('ArgMax', [lowering.nchw(input)], { attributes }));
}

function assertSameShape(operator: TfliteOperator, input: TfliteTensor, output: TfliteTensor): void {
  if (input.shape.join() === output.shape.join()) return;
  throw new FocalError(
    'model-invalid',
    `Expected the same shape before and after ${operator.name}, got [${input.shape.join()}] and [${output.shape.join()}].`,
  );
}
