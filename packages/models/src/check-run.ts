import { FocalError } from '@focal/core';
import type { Tensor } from './ports.ts';

/** An input as a loaded model declares it. A size that is no number, or negative, may be any; so may all, if none is told. */
export interface DeclaredInput {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** A model's own word about what it takes and gives. */
export interface DeclaredModel {
  readonly inputs: readonly DeclaredInput[];
  readonly outputNames: readonly string[];
}

/**
 * What every `Session.run` checks before the runtime library sees it: throws `invalid-argument` for inputs that are
 * missing, too many, or of the wrong type or shape, and for outputs that the model has not.
 */
export function checkRun(
  model: DeclaredModel,
  feeds: Readonly<Record<string, Tensor>>,
  outputs: readonly string[] = model.outputNames,
): void {
  const names = model.inputs.map((input) => input.name);
  for (const name of Object.keys(feeds)) {
    if (!names.includes(name)) throw invalid(`Expected inputs named ${names.join(', ')}, got ${name}.`);
  }
  for (const input of model.inputs) checkFeed(input, feeds[input.name]);
  for (const name of outputs) {
    if (!model.outputNames.includes(name)) {
      throw invalid(`Expected outputs out of ${model.outputNames.join(', ')}, got ${name}.`);
    }
  }
}

function checkFeed(input: DeclaredInput, tensor: Tensor | undefined): void {
  const expected = `${input.type} of shape [${input.dims.join(', ')}] for the input ${input.name}`;
  if (tensor === undefined) throw invalid(`Expected ${expected}, got nothing.`);
  const fits = (size: number | string, axis: number): boolean =>
    typeof size !== 'number' || size < 0 || size === tensor.dims[axis];
  const isShapeRight = input.dims.length === 0 || (tensor.dims.length === input.dims.length && input.dims.every(fits));
  if (tensor.type !== input.type || !isShapeRight)
    throw invalid(`Expected ${expected}, got ${tensor.type} of shape [${tensor.dims.join(', ')}].`);
  const elements = tensor.dims.reduce((product, size) => product * size, 1);
  if (tensor.data.length !== elements) {
    throw invalid(`Expected ${elements} elements for the input ${input.name}, got ${tensor.data.length}.`);
  }
}

function invalid(message: string): FocalError {
  return new FocalError('invalid-argument', message);
}
