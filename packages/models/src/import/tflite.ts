import { FocalError } from '@focal/core';
import { writeOnnx } from '../onnx/write.ts';
import { defineActivation } from './tflite/activation.ts';
import { lowerConvolution, lowerDepthwise, lowerTransposeConvolution } from './tflite/convolutions.ts';
import { lowerBinary } from './tflite/elementwise.ts';
import { resizeLate } from './tflite/late-resize.ts';
import { Lowering } from './tflite/lowering.ts';
import { readTflite, type TfliteOperator } from './tflite/model.ts';
import { lowerMean, lowerPool } from './tflite/pooling.ts';
import { lowerConcatenation, lowerPad, lowerReshape, lowerResize } from './tflite/shapes.ts';

type Lower = (lowering: Lowering, operator: TfliteOperator) => void;

/** Every operator that is imported. */
const OPERATORS: Readonly<Record<string, Lower>> = {
  ADD: (lowering, operator) => lowerBinary(lowering, operator, 'Add'),
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
  RELU: (lowering, operator) => lowerActivation(lowering, operator, 'relu'),
  RELU6: (lowering, operator) => lowerActivation(lowering, operator, 'relu6'),
  RESHAPE: lowerReshape,
  RESIZE_BILINEAR: lowerResize,
};

/**
 * Turns a TFLite model into an ONNX model that computes the same: inputs and outputs keep their names, order, shapes
 * and NHWC layout; between them it is NCHW. Float models with 16- or 32-bit weights; weights come out as 32 bit.
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
  if (input.shape.join() !== output.shape.join()) {
    throw new FocalError(
      'model-invalid',
      `Expected the same shape before and after ${operator.name}, got [${input.shape.join()}] and [${output.shape.join()}].`,
    );
  }
  defineActivation(lowering, output, activation, lowering.value(input));
}

/** DEQUANTIZE of 16-bit weights: they are unpacked where they are used. */
function lowerDequantize(lowering: Lowering, operator: TfliteOperator): void {
  const input = lowering.input(operator, 0);
  const output = lowering.output(operator);
  if (input.data === undefined || input.shape.join() !== output.shape.join()) {
    throw new FocalError('model-invalid', 'Expected a constant for DEQUANTIZE, got a computed value.', {
      hint: 'Quantised models are not imported.',
    });
  }
  lowering.alias(output, input);
}
