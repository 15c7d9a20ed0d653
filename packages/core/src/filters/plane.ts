import { FocalError } from '../errors.ts';
import { assertSize } from '../picture/picture.ts';

/** Throws `invalid-argument` unless the numbers fit the size and the radius is a whole number from 0. */
export function assertPlane(
  input: { readonly length: number },
  width: number,
  height: number,
  radius = 0,
  channels = 1,
): void {
  assertSize(width, height);
  if (input.length !== width * height * channels) {
    throw new FocalError(
      'invalid-argument',
      `Expected ${width * height * channels} numbers for ${width}×${height}, got ${input.length}.`,
    );
  }
  if (!Number.isSafeInteger(radius) || radius < 0) {
    throw new FocalError('invalid-argument', `Expected a whole number from 0 for the radius, got ${radius}.`);
  }
}
