import { type FacePoints, type Picture, throwIfAborted, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { alignFace, createFaceTemplate } from './align-face.ts';
import { mirrorRows } from './mirror.ts';
import { takeFloats } from './outputs.ts';

const SIDE = 150;
const LENGTH = 128;
/** The border that the net was trained with: dlib's face chips. */
const PADDING = 0.25;

/**
 * A face as 128 numbers: those of one person lie within about .6 of each other (Euclidean). By dlib's ResNet (id
 * `face-recognition`), as the mean over the aligned face and its mirror image, so that a mirrored photo gives the same.
 * Some 35 ms on one thread. The session stays the caller's.
 *
 * @example
 * const { points } = await readLandmarks(mesh, picture, face);
 * (await describeFace(session, picture, { points })).length // 128
 */
export async function describeFace(
  session: Session,
  picture: Picture,
  face: { readonly points: FacePoints },
  options: RunOptions = {},
): Promise<Float32Array> {
  const chip = alignFace(picture, face.points, createFaceTemplate(PADDING), SIDE);
  const { data } = toTensor(chip, SIDE, SIDE, { fit: 'stretch', layout: 'nhwc', scale: [1, 1, 1] });
  const vector = Float32Array.from(await describe(session, data, options));
  const mirrored = await describe(session, mirrorRows(data, SIDE, 3), options);
  for (let i = 0; i < LENGTH; i++) vector[i] = ((vector[i] as number) + (mirrored[i] as number)) / 2;
  return vector;
}

/** How far apart two faces are, Euclidean: 0 the same picture, below about .6 the same person. */
export function faceDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
}

async function describe(session: Session, data: Float32Array, options: RunOptions): Promise<Float32Array> {
  throwIfAborted(options.signal);
  const outputs = await session.run(
    { image: { type: 'float32', data, dims: [1, SIDE, SIDE, 3] } },
    { ...options, outputs: ['descriptor'] },
  );
  return takeFloats(outputs, 'descriptor', LENGTH);
}
