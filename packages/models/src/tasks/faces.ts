import { FocalError, type Picture, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { takeFloats } from './outputs.ts';

/** A found face: its box in fractions 0..1 of the picture (it may reach outside) and how sure the model is. */
export interface FoundFace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0..1. */
  readonly score: number;
}

/** One grid of anchors: so many on each of `side` × `side` cells. */
interface AnchorGrid {
  readonly side: number;
  readonly perCell: number;
}

const DETECTORS: Readonly<Record<FaceDetector, { readonly side: number; readonly grids: readonly AnchorGrid[] }>> = {
  'face-short': {
    side: 128,
    grids: [
      { side: 16, perCell: 2 },
      { side: 8, perCell: 6 },
    ],
  },
  'face-full': { side: 192, grids: [{ side: 48, perCell: 1 }] },
};

/** `face-short` finds large faces, `face-full` small ones too, but none that fills the frame. */
export type FaceDetector = 'face-short' | 'face-full';

/**
 * The faces that MediaPipe's detector finds in the whole picture, surest first, each once. A few milliseconds.
 * Anchors and their decoding: Bazarevsky et al. 2019, "BlazeFace". The session stays the caller's.
 */
export async function findFaces(
  session: Session,
  detector: FaceDetector,
  picture: Picture,
  { minScore = 0.5, ...runOptions }: RunOptions & { readonly minScore?: number } = {},
): Promise<readonly FoundFace[]> {
  const { side, grids } = DETECTORS[detector];
  const [input] = session.inputNames;
  if (input === undefined) throw new FocalError('model-invalid', 'Expected a face model with an input.');
  const { data, content } = toTensor(picture, side, side, {
    fit: 'letterbox',
    layout: 'nhwc',
    mean: [127.5, 127.5, 127.5],
    scale: [1 / 127.5, 1 / 127.5, 1 / 127.5],
  });
  const outputs = await session.run({ [input]: { type: 'float32', data, dims: [1, side, side, 3] } }, runOptions);
  const anchors = grids.flatMap(listAnchors);
  const boxes = takeFloats(outputs, nameContaining(session, 'regressor'), anchors.length * 16);
  const logits = takeFloats(outputs, nameContaining(session, 'classifi'), anchors.length);
  const found: FoundFace[] = [];
  for (let i = 0; i < anchors.length; i++) {
    const score = 1 / (1 + Math.exp(-(logits[i] as number)));
    const anchor = anchors[i];
    if (score < minScore || anchor === undefined) continue;
    const [dx = 0, dy = 0, w = 0, h = 0] = boxes.subarray(i * 16, i * 16 + 4);
    found.push({
      x: (anchor.x * side + dx - w / 2 - content.x) / content.width,
      y: (anchor.y * side + dy - h / 2 - content.y) / content.height,
      width: w / content.width,
      height: h / content.height,
      score,
    });
  }
  return keepBest(found);
}

function listAnchors({ side, perCell }: AnchorGrid): readonly { readonly x: number; readonly y: number }[] {
  return Array.from({ length: side * side * perCell }, (_, i) => {
    const cell = Math.floor(i / perCell);
    return { x: ((cell % side) + 0.5) / side, y: (Math.floor(cell / side) + 0.5) / side };
  });
}

function nameContaining(session: Session, part: string): string {
  return session.outputNames.find((name) => name.includes(part)) ?? part;
}

/** Of boxes that overlap by more than .3 of their union, the surest only. */
function keepBest(faces: readonly FoundFace[]): readonly FoundFace[] {
  const kept: FoundFace[] = [];
  for (const face of [...faces].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(face, other) <= 0.3)) kept.push(face);
  }
  return kept;
}

function overlap(a: FoundFace, b: FoundFace): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
