import { type FacePoints, type Picture, throwIfAborted, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { alignFace, createFaceTemplate } from './align-face.ts';
import { takeFloats } from './outputs.ts';

const SIDE = 150;
const LENGTH = 128;
/** The border that the net was trained with: dlib's face chips. */
const PADDING = 0.25;
/** The mesh places its five points a little otherwise than dlib's means do: measured on every other photo of a set. */
const DOWN = 0.03;

/**
 * A face as 128 numbers: those of one person lie within about .6 of each other (Euclidean). By dlib's ResNet (id
 * `face-recognition`) from the aligned face; the mean with its mirror image tells people apart no better, at twice the
 * time. The session stays the caller's.
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
  const chip = alignFace(picture, face.points, createFaceTemplate(PADDING, DOWN), SIDE);
  const { data } = toTensor(chip, SIDE, SIDE, { fit: 'stretch', layout: 'nhwc', scale: [1, 1, 1] });
  throwIfAborted(options.signal);
  const outputs = await session.run(
    { image: { type: 'float32', data, dims: [1, SIDE, SIDE, 3] } },
    { ...options, outputs: ['descriptor'] },
  );
  return Float32Array.from(takeFloats(outputs, 'descriptor', LENGTH));
}
