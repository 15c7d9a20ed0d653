import {
  type Affine,
  applyAffine,
  type Box,
  type FacePoints,
  FocalError,
  fromTurnedCrop,
  type Picture,
  type Point,
  throwIfAborted,
  toTensor,
  warpPicture,
} from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { takeFloats } from './outputs.ts';

/** What a detector says of where a face is: what {@link readLandmarks} starts from. */
export interface FacePlace {
  /** From the brows to the chin, in fractions of the picture. */
  readonly box: Box;
  /** Turn in the picture's plane, degrees clockwise; 0 where it is not known. */
  readonly rollDegrees?: number;
}

/** The face mesh: 468 points, and what follows from them. */
export interface FaceLandmarks {
  /** `MESH_POINTS` × (x, y, z): x and y in fractions of the picture, z (away from the camera) of its width. */
  readonly mesh: Float32Array;
  /** How surely the mesh lies on a face, 0..1. */
  readonly confidence: number;
  readonly points: FacePoints;
  /** Turns of the head in degrees: clockwise in the plane; to its own left; downwards. All 0 into the camera. */
  readonly rollDegrees: number;
  readonly yawDegrees: number;
  readonly pitchDegrees: number;
}

/** Points of the mesh. */
export const MESH_POINTS = 468;

const SIDE = 192;
/** The crop's side beside the larger one of the box: as MediaPipe crops for this net. */
const CROP = 1.5;

// Numbers of mesh points, from the map that MediaPipe publishes of its canonical face; right and left are the person's.
const RIGHT_EYE = [33, 133, 159, 145] as const;
const LEFT_EYE = [263, 362, 386, 374] as const;
const RIGHT_EYE_CORNERS = [33, 133] as const;
const LEFT_EYE_CORNERS = [263, 362] as const;
const NOSE_TIP = 1;
const MOUTH_RIGHT = 61;
const MOUTH_LEFT = 291;
const FOREHEAD = 10;
const CHIN = 152;

/**
 * The mesh of a face that was found (MediaPipe's face mesh; Kartynnik et al. 2019, "Real-time facial surface geometry
 * from monocular video on mobile GPUs"), read from a square crop that is turned upright. Some 5 ms. The session (id
 * `facemesh`) stays the caller's. Where there is no face the points mean nothing and `confidence` is low.
 *
 * @example
 * const { points, confidence } = await readLandmarks(session, picture, { box, rollDegrees: 12 });
 * points.nose // { x: 0.41, y: 0.27 }
 */
export async function readLandmarks(
  session: Session,
  picture: Picture,
  face: FacePlace,
  options: RunOptions = {},
): Promise<FaceLandmarks> {
  throwIfAborted(options.signal);
  const { width, height } = picture;
  const { box, rollDegrees = 0 } = face;
  const size = Math.max(box.width * width, box.height * height) * CROP;
  if (!(size > 0) || !Number.isFinite(size)) {
    throw new FocalError('invalid-argument', 'Expected a face with a box that has an area.');
  }
  const toPicture = fromTurnedCrop(
    {
      x: (box.x + box.width / 2) * width,
      y: (box.y + box.height / 2) * height,
      size,
      radians: (rollDegrees * Math.PI) / 180,
    },
    SIDE,
  );
  const crop = warpPicture(picture, toPicture, SIDE, SIDE, { outside: [0, 0, 0] });
  const { data } = toTensor(crop, SIDE, SIDE, { fit: 'stretch', layout: 'nhwc' });
  const outputs = await session.run(
    { input_1: { type: 'float32', data, dims: [1, SIDE, SIDE, 3] } },
    { ...options, outputs: ['Identity_1', 'Identity_2'] },
  );
  const raw = takeFloats(outputs, 'Identity_2', MESH_POINTS * 3);
  const confidence = takeFloats(outputs, 'Identity_1', 1)[0] as number;
  const mesh = toFractions(raw, toPicture, size / SIDE, picture);
  return { mesh, confidence, points: toPoints(mesh), ...measureTurn(raw, rollDegrees) };
}

/** From pixels of the crop to fractions of the picture. */
function toFractions(raw: Float32Array, toPicture: Affine, scale: number, { width, height }: Picture): Float32Array {
  const mesh = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i += 3) {
    const { x, y } = applyAffine(toPicture, raw[i] as number, raw[i + 1] as number);
    mesh[i] = x / width;
    mesh[i + 1] = y / height;
    mesh[i + 2] = ((raw[i + 2] as number) * scale) / width;
  }
  return mesh;
}

function toPoints(mesh: Float32Array): FacePoints {
  return {
    rightEye: pointOf(mesh, RIGHT_EYE),
    leftEye: pointOf(mesh, LEFT_EYE),
    nose: pointOf(mesh, [NOSE_TIP]),
    mouthRight: pointOf(mesh, [MOUTH_RIGHT]),
    mouthLeft: pointOf(mesh, [MOUTH_LEFT]),
  };
}

/** Without the depth: a scene's points have none, and its JSON refuses it. */
function pointOf(mesh: Float32Array, indices: readonly number[]): Point {
  const { x, y } = meanOf(mesh, indices);
  return { x, y };
}

/** From the line between the eyes and the one from forehead to chin, in the crop. */
function measureTurn(
  raw: Float32Array,
  cropDegrees: number,
): Pick<FaceLandmarks, 'rollDegrees' | 'yawDegrees' | 'pitchDegrees'> {
  const right = meanOf(raw, RIGHT_EYE_CORNERS);
  const left = meanOf(raw, LEFT_EYE_CORNERS);
  const top = meanOf(raw, [FOREHEAD]);
  const chin = meanOf(raw, [CHIN]);
  const across = Math.hypot(left.x - right.x, left.y - right.y);
  const down = Math.hypot(chin.x - top.x, chin.y - top.y);
  const roll = cropDegrees + toDegrees(Math.atan2(left.y - right.y, left.x - right.x));
  return {
    rollDegrees: roll - 360 * Math.round(roll / 360),
    yawDegrees: toDegrees(Math.atan2(left.z - right.z, across)),
    pitchDegrees: toDegrees(Math.atan2(top.z - chin.z, down)),
  };
}

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

function meanOf(mesh: Float32Array, indices: readonly number[]): Point & { readonly z: number } {
  let x = 0;
  let y = 0;
  let z = 0;
  for (const index of indices) {
    x += mesh[index * 3] as number;
    y += mesh[index * 3 + 1] as number;
    z += mesh[index * 3 + 2] as number;
  }
  return { x: x / indices.length, y: y / indices.length, z: z / indices.length };
}
