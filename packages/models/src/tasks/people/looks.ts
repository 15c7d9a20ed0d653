import { type Box, type Point, throwIfAborted } from '@focal/core';
import type { RunOptions, Session } from '../../ports.ts';
import { mirrorRows } from '../mirror.ts';
import { takeFloats } from '../outputs.ts';
import { type Pyramid, readBox } from './pyramid.ts';

/** Width and height of what both models see and give. */
export const LOOK_SIDE = 256;
const SIDE = LOOK_SIDE;
const MASK = 'Identity_2';
const PRESENCE = 'Identity_1';
/** 39 points, each x, y, z, visibility and presence, the latter two as logits. The first are those of the head. */
const POINTS = 'Identity';
const POINT_SIZE = 5;
const POINT_VALUES = 195;
const HEAD_POINTS = 11;
const JOINTS = [0, 11, 12, 13, 14, 15, 16, 19, 20, 23, 24, 25, 26, 27, 28, 31, 32];
/** The pose model wants a square this many times as large as the larger side of the person's box. */
const POSE_ROOM = 1.5;

/** Memory for what the models see, of one look at a time. */
export interface Canvas {
  readonly pixels: Float32Array;
  readonly mirrored: Float32Array;
}

export function createCanvas(): Canvas {
  return { pixels: new Float32Array(SIDE * SIDE * 3), mirrored: new Float32Array(SIDE * SIDE * 3) };
}

export interface LookOptions extends RunOptions {
  /** Memory that is free until the look is taken. */
  readonly canvas?: Canvas;
}

/** Joints count from here on, where the model is so sure of a person. */
const SURE_JOINT = 0.9;
const SURE_PERSON = 0.5;

/** The joints that can be seen for sure, at their places in the list; none where the model hardly sees a person. */
export function seenJoints({ presence, joints }: PoseLook): readonly (Joint | undefined)[] {
  return joints.map((joint) => (presence >= SURE_PERSON && joint.sureness >= SURE_JOINT ? joint : undefined));
}

/** What a model says about a part of the picture: 256 × 256 values that cover `box` edge to edge. */
export interface Look {
  /** In fractions of the picture; may reach outside. */
  readonly box: Box;
  readonly values: Float32Array;
}

export interface PoseLook extends Look {
  /** How sure the model is that there is a person at all, 0..1. The values are logits of this one person. */
  readonly presence: number;
  /** Nose, shoulders, elbows, wrists, hands, hips, knees, ankles and toes, also where they cannot be seen. */
  readonly joints: readonly Joint[];
}

/** In fractions of the picture; may lie outside. */
export interface Joint extends Point {
  /** That it is in the picture and can be seen, 0..1. */
  readonly sureness: number;
}

/**
 * The one person that fills the box, by MediaPipe's pose model: it tells people who overlap apart, but is coarse.
 * What lies outside of the picture is black to it.
 */
export async function lookAtPose(
  session: Session,
  pyramid: Pyramid,
  box: Box,
  { canvas, ...options }: LookOptions,
): Promise<PoseLook> {
  throwIfAborted(options.signal);
  const square = poseSquare(pyramid, box);
  const pixels = readBox(pyramid, square, SIDE, canvas?.pixels);
  const outputs = await run(session, pixels, [MASK, PRESENCE, POINTS], options);
  const [presence = 0] = takeFloats(outputs, PRESENCE, 1);
  const points = takeFloats(outputs, POINTS, POINT_VALUES);
  const joints = JOINTS.map((i) => ({ ...toPoint(points, i, square), sureness: surenessOf(points, i) }));
  return { box: square, values: takeFloats(outputs, MASK, SIDE * SIDE), presence, joints };
}

/**
 * The points of the head of the one person that fills the box, in fractions of the picture, also where they cannot be
 * seen; and how sure the model is that there is a person at all, 0..1.
 */
export async function lookAtHead(
  session: Session,
  pyramid: Pyramid,
  box: Box,
  options: RunOptions,
): Promise<{ readonly presence: number; readonly points: readonly Point[] }> {
  throwIfAborted(options.signal);
  const square = poseSquare(pyramid, box);
  const outputs = await run(session, readBox(pyramid, square, SIDE), [POINTS, PRESENCE], options);
  const values = takeFloats(outputs, POINTS, POINT_VALUES);
  const [presence = 0] = takeFloats(outputs, PRESENCE, 1);
  return { presence, points: Array.from({ length: HEAD_POINTS }, (_, i) => toPoint(values, i, square)) };
}

function toPoint(values: Float32Array, i: number, square: Box): Point {
  return {
    x: square.x + (square.width * (values[i * POINT_SIZE] as number)) / SIDE,
    y: square.y + (square.height * (values[i * POINT_SIZE + 1] as number)) / SIDE,
  };
}

function surenessOf(values: Float32Array, i: number): number {
  const least = Math.min(values[i * POINT_SIZE + 3] as number, values[i * POINT_SIZE + 4] as number);
  return 1 / (1 + Math.exp(-least));
}

function poseSquare(pyramid: Pyramid, box: Box): Box {
  // In heights of the picture.
  const size = POSE_ROOM * Math.max(box.width * pyramid.aspect, box.height);
  const [width, height] = [size / pyramid.aspect, size];
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/** All people in the box, as shares 0..1, by MediaPipe's selfie segmentation of the box stretched to a square. */
export async function lookForPeople(
  session: Session,
  pyramid: Pyramid,
  box: Box,
  options: LookOptions & { /** The mean of this and what it says of the mirror image. */ readonly mirror: boolean },
): Promise<Look> {
  const { mirror, canvas, ...runOptions } = options;
  throwIfAborted(runOptions.signal);
  const [name = ''] = session.outputNames;
  const pixels = readBox(pyramid, box, SIDE, canvas?.pixels);
  const straight = takeFloats(await run(session, pixels, [name], runOptions), name, SIDE * SIDE);
  if (!mirror) return { box, values: straight };
  const turned = mirrorRows(pixels, SIDE, 3, canvas?.mirrored);
  const mirrored = takeFloats(await run(session, turned, [name], runOptions), name, SIDE * SIDE);
  const values = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < values.length; row += SIDE) {
    for (let x = 0, back = row + SIDE - 1; x < SIDE; x++, back--) {
      values[row + x] = ((straight[row + x] as number) + (mirrored[back] as number)) / 2;
    }
  }
  return { box, values };
}

async function run(session: Session, data: Float32Array, outputs: readonly string[], options: RunOptions) {
  const [input = ''] = session.inputNames;
  return session.run({ [input]: { type: 'float32', data, dims: [1, SIDE, SIDE, 3] } }, { ...options, outputs });
}
