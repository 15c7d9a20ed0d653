import { FocalError } from '@focal/core';
import type { Tensor } from '../ports.ts';

/** The named output as 32-bit floats. Throws `model-invalid` where it is not there or of another kind or length. */
export function takeFloats(outputs: Readonly<Record<string, Tensor>>, name: string, length: number): Float32Array {
  const tensor = outputs[name];
  if (tensor?.type === 'float32' && tensor.data.length === length) return tensor.data;
  const came = tensor === undefined ? 'none' : `${tensor.data.length} of ${tensor.type}`;
  throw new FocalError('model-invalid', `Expected ${length} floats as the model's output ${name}, got ${came}.`);
}
