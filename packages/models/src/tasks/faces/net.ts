import { FocalError, type Picture, type Point } from '@focal/core';
import type { RunOptions, Session } from '../../ports.ts';
import { takeFloats } from '../outputs.ts';

/** `face-short` finds large faces, `face-full` small ones too, but none that fills the frame. */
export type FaceDetector = 'face-short' | 'face-full';

/** A face as a net gives it, in pixels of what the net saw. */
export interface NetFace {
  /** Of the box's left top corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0..1. */
  readonly score: number;
  readonly points: NetPoints;
}

/** Right eye, left eye, nose, mouth, right ear, left ear; right and left are the person's own. */
export type NetPoints = readonly [Point, Point, Point, Point, Point, Point];

/** What a net is fed: RGB, -1..1, row by row. */
export interface NetInput {
  readonly data: Float32Array;
  /** 128 for `face-short`; any multiple of {@link SIDE_STEP} for `face-full`. */
  readonly width: number;
  readonly height: number;
}

/** Sides that `face-full` takes are multiples of this. */
export const SIDE_STEP = 32;
export const SHORT_SIDE = 128;
/** Of each anchor: place and size of the box, and six points. */
const VALUES = 16;

/** One grid of anchors: so many at each place, `step` pixels apart. */
interface AnchorGrid {
  readonly step: number;
  readonly perPlace: number;
}

const GRIDS: Readonly<Record<FaceDetector, readonly AnchorGrid[]>> = {
  'face-short': [
    { step: 8, perPlace: 2 },
    { step: 16, perPlace: 6 },
  ],
  'face-full': [{ step: 4, perPlace: 1 }],
};

/**
 * Runs MediaPipe's detector once: every anchor that is at least so sure, so the same face many times. Anchors and their
 * decoding: Bazarevsky et al. 2019, "BlazeFace".
 */
export async function runFaceNet(
  session: Session,
  detector: FaceDetector,
  { data, width, height }: NetInput,
  minScore: number,
  options: RunOptions,
): Promise<readonly NetFace[]> {
  const [input] = session.inputNames;
  if (input === undefined) throw new FocalError('model-invalid', 'Expected a face model with an input.');
  const outputs = await session.run({ [input]: { type: 'float32', data, dims: [1, height, width, 3] } }, options);
  const grids = GRIDS[detector];
  const count = grids.reduce((sum, { step, perPlace }) => sum + (width / step) * (height / step) * perPlace, 0);
  const values = takeFloats(outputs, nameContaining(session, 'regressor'), count * VALUES);
  const logits = takeFloats(outputs, nameContaining(session, 'classifi'), count);
  const minLogit = Math.log(minScore / (1 - minScore));
  const found: NetFace[] = [];
  let first = 0;
  for (const { step, perPlace } of grids) {
    const columns = width / step;
    const anchors = columns * (height / step) * perPlace;
    for (let i = 0; i < anchors; i++) {
      const logit = logits[first + i] as number;
      if (logit < minLogit) continue;
      const place = Math.floor(i / perPlace);
      const x = ((place % columns) + 0.5) * step;
      const y = (Math.floor(place / columns) + 0.5) * step;
      found.push(decode(values.subarray((first + i) * VALUES, (first + i + 1) * VALUES), x, y, logit));
    }
    first += anchors;
  }
  return found;
}

/** The same face after every point of it went through `map`, which may turn and scale; `scale` sizes the box. */
export function mapFace(face: NetFace, scaleX: number, scaleY: number, map: (point: Point) => Point): NetFace {
  const [a, b, c, d, e, f] = face.points;
  const centre = map({ x: face.x + face.width / 2, y: face.y + face.height / 2 });
  const width = face.width * scaleX;
  const height = face.height * scaleY;
  return {
    x: centre.x - width / 2,
    y: centre.y - height / 2,
    width,
    height,
    score: face.score,
    points: [map(a), map(b), map(c), map(d), map(e), map(f)],
  };
}

function decode(values: Float32Array, anchorX: number, anchorY: number, logit: number): NetFace {
  const [dx = 0, dy = 0, width = 0, height = 0] = values;
  const point = (i: number): Point => ({
    x: anchorX + (values[4 + 2 * i] as number),
    y: anchorY + (values[5 + 2 * i] as number),
  });
  return {
    x: anchorX + dx - width / 2,
    y: anchorY + dy - height / 2,
    width,
    height,
    score: 1 / (1 + Math.exp(-logit)),
    points: [point(0), point(1), point(2), point(3), point(4), point(5)],
  };
}

function nameContaining(session: Session, part: string): string {
  return session.outputNames.find((name) => name.includes(part)) ?? part;
}

/** The picture as it is, with black around it: `border` on every side, and more to the right and below. */
export function toNetInput(picture: Picture, border: number): NetInput {
  const width = Math.ceil((picture.width + 2 * border) / SIDE_STEP) * SIDE_STEP;
  const height = Math.ceil((picture.height + 2 * border) / SIDE_STEP) * SIDE_STEP;
  const data = new Float32Array(width * height * 3).fill(-1);
  const bytes = picture.data;
  for (let y = 0, i = 0; y < picture.height; y++) {
    let o = ((y + border) * width + border) * 3;
    for (const end = i + picture.width * 4; i < end; i += 4, o += 3) {
      const alpha = bytes[i + 3] as number;
      const share = alpha * OPAQUE;
      const base = alpha === 255 ? -1 : (UNDER * (1 - alpha / 255)) / HALF - 1;
      data[o] = (bytes[i] as number) * share + base;
      data[o + 1] = (bytes[i + 1] as number) * share + base;
      data[o + 2] = (bytes[i + 2] as number) * share + base;
    }
  }
  return { data, width, height };
}

/** Half of the range of a byte, what a step of an opaque pixel's alpha lends to its colour, and what shows through. */
const HALF = 127.5;
const OPAQUE = 1 / (255 * HALF);
const UNDER = 128;
