import { createMatte, FocalError, type Matte, type Picture, type Region, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { toBytes } from './matte.ts';
import { takeFloats } from './outputs.ts';

const SIDE = 256;

/**
 * People against everything else, by MediaPipe's selfie segmentation: 256×256 whatever the picture's shape, which the
 * model sees stretched to a square (better than with borders). A few milliseconds. The session stays the caller's.
 */
export async function runPersonMatte(
  session: Session,
  picture: Picture,
  options: RunOptions & { readonly region?: Region } = {},
): Promise<Matte> {
  const { region, ...runOptions } = options;
  const { data } = toTensor(picture, SIDE, SIDE, {
    fit: 'stretch',
    layout: 'nhwc',
    ...(region === undefined ? {} : { region }),
  });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  if (input === undefined || output === undefined) {
    throw new FocalError('model-invalid', 'Expected a person model with an input and an output.');
  }
  const outputs = await session.run({ [input]: { type: 'float32', data, dims: [1, SIDE, SIDE, 3] } }, runOptions);
  return createMatte(SIDE, SIDE, { data: toBytes(takeFloats(outputs, output, SIDE * SIDE)) });
}
