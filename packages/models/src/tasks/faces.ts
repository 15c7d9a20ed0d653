import { type Picture, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { mergeFaces } from './faces/candidates.ts';
import { type FaceDetector, runFaceNet, SHORT_SIDE } from './faces/net.ts';

export type { FaceDetector } from './faces/net.ts';

/** A found face: its box in fractions 0..1 of the picture (it may reach outside) and how sure the model is. */
export interface FoundFace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0..1. */
  readonly score: number;
}

/** What each was trained with. */
const SIDES: Readonly<Record<FaceDetector, number>> = { 'face-short': SHORT_SIDE, 'face-full': 192 };

/**
 * The faces that MediaPipe's detector finds in the whole picture at one glance, surest first, each once. A few
 * milliseconds; `detectFaces` finds more. The session stays the caller's.
 */
export async function findFaces(
  session: Session,
  detector: FaceDetector,
  picture: Picture,
  { minScore = 0.5, ...runOptions }: RunOptions & { readonly minScore?: number } = {},
): Promise<readonly FoundFace[]> {
  const side = SIDES[detector];
  const { data, content } = toTensor(picture, side, side, {
    fit: 'letterbox',
    layout: 'nhwc',
    mean: [127.5, 127.5, 127.5],
    scale: [1 / 127.5, 1 / 127.5, 1 / 127.5],
  });
  const faces = await runFaceNet(session, detector, { data, width: side, height: side }, minScore, runOptions);
  return mergeFaces(faces).map(({ x, y, width, height, score }) => ({
    x: (x - content.x) / content.width,
    y: (y - content.y) / content.height,
    width: width / content.width,
    height: height / content.height,
    score,
  }));
}
