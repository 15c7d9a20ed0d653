import {
  boxFilter,
  type ClassScore,
  createMatte,
  FocalError,
  findMainSubject,
  type Matte,
  type Picture,
  type Provenance,
  type Region,
  type SaliencyFact,
  type Scene,
} from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { CLASSIFIER_CLASSES, CLASSIFIER_SIDE, classifierInput, rankClasses } from './classify.ts';
import { COCO_NAMES } from './objects/coco-names.ts';
import { type DetectorLook, lookOnce, PLAIN_VIEW } from './objects/look.ts';
import { INPUT_SIDE } from './objects/peaks.ts';
import { takeFloats } from './outputs.ts';

/** Which pixels speak for the class that a model is surest of. */
export interface ClassEvidence {
  /** 0..255 with the strongest at 255; all 0 where nothing was recognised. Covers the whole picture. */
  readonly map: Matte;
  /** Highest score first, at most five. */
  readonly classes: readonly ClassScore[];
  readonly vocabulary: 'imagenet' | 'coco';
}

/** Below it a detection is no evidence. */
const LEAST_SCORE = 0.2;
const MOST_CLASSES = 5;
/** Radius of the smoothing, as a share of the longer side: single pixels of a gradient say little. */
const SMOOTHING = 0.016;

/**
 * Evidence for the strongest of the detector's 80 classes: the guided gradient of its highest score by the picture
 * (Springenberg et al. 2015, "Striving for simplicity"), largest of the three channels, smoothed. 256 pixels on the
 * longer side. The session, of the model that `toSaliencyOnnx` makes of the detector, stays the caller's. Some 150 ms
 * on two cores.
 */
export async function findDetectorEvidence(
  session: Session,
  picture: Picture,
  options: RunOptions = {},
): Promise<ClassEvidence> {
  return toDetectorEvidence(await lookOnce(session, picture, PLAIN_VIEW, options));
}

/** The same of a look that was taken already, of the picture as it is. Throws `invalid-argument` without a gradient. */
export function toDetectorEvidence({ scores, gradient, content }: DetectorLook): ClassEvidence {
  if (gradient === undefined) throw new FocalError('invalid-argument', 'Expected a look with its gradient, got none.');
  const classes = rankDetected(scores);
  return { map: toMap(classes.length > 0 ? gradient : undefined, INPUT_SIDE, content), classes, vocabulary: 'coco' };
}

/** As {@link findDetectorEvidence}, of ImageNet's classes by a classifier. 112 × 112. Some 40 ms on two cores. */
export async function findClassifierEvidence(
  session: Session,
  picture: Picture,
  labels: readonly string[],
  options: RunOptions = {},
): Promise<ClassEvidence> {
  const [input = '', scores = ''] = [session.inputNames[0], session.outputNames[0]];
  const tensor = classifierInput(picture);
  const outputs = await session.run({ [input]: tensor }, { ...options, outputs: [scores, 'gradient'] });
  const classes = rankClasses(takeFloats(outputs, scores, CLASSIFIER_CLASSES), labels);
  const gradient = takeFloats(outputs, 'gradient', tensor.data.length);
  const content = { x: 0, y: 0, width: CLASSIFIER_SIDE, height: CLASSIFIER_SIDE };
  return { map: toMap(gradient, CLASSIFIER_SIDE, content), classes, vocabulary: 'imagenet' };
}

/** Where the main subject is and why: this evidence together with what the scene knows of matte, faces and subjects. */
export function toSaliencyFact(evidence: ClassEvidence, scene: Scene, provenance: Provenance): SaliencyFact {
  const [top] = evidence.classes;
  const main = findMainSubject({
    map: evidence.map,
    ...(top === undefined ? {} : { score: top.score }),
    ...(scene.matte === undefined ? {} : { matte: scene.matte.matte }),
    ...(scene.faces === undefined ? {} : { faces: scene.faces.faces }),
    ...(scene.subjects === undefined ? {} : { subjects: scene.subjects.subjects }),
  });
  return { ...evidence, ...main, provenance };
}

/** The best score of each class anywhere in the picture. */
function rankDetected(scores: Float32Array): readonly ClassScore[] {
  const best = new Float32Array(COCO_NAMES.length);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score < LEAST_SCORE) continue;
    const c = i % best.length;
    if (score > (best[c] as number)) best[c] = score;
  }
  return COCO_NAMES.map((label, c) => ({ label, score: best[c] as number }))
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_CLASSES);
}

/** The part of a gradient [side, side, 3] where the picture lies, at half the size, as strengths. */
function toMap(gradient: Float32Array | undefined, side: number, content: Region): Matte {
  const width = Math.max(1, Math.floor(content.width / 2));
  const height = Math.max(1, Math.floor(content.height / 2));
  const strengths = new Float32Array(width * height);
  if (gradient === undefined) return createMatte(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      strengths[y * width + x] = strengthAt(gradient, side, content.x + 2 * x, content.y + 2 * y, content);
    }
  }
  const radius = Math.round(SMOOTHING * Math.max(width, height));
  for (let pass = 0; pass < 3; pass++) boxFilter(strengths, width, height, radius, strengths);
  let strongest = 0;
  for (const value of strengths) if (value > strongest) strongest = value;
  const map = createMatte(width, height);
  if (!(strongest > 0)) return map;
  for (let i = 0; i < strengths.length; i++) map.data[i] = Math.round((255 * (strengths[i] as number)) / strongest);
  return map;
}

/** The largest of four pixels and three channels, whatever the sign. */
function strengthAt(gradient: Float32Array, side: number, left: number, top: number, content: Region): number {
  const right = Math.min(left + 2, content.x + content.width);
  const bottom = Math.min(top + 2, content.y + content.height);
  let most = 0;
  for (let y = top; y < bottom; y++) {
    for (let i = (y * side + left) * 3, end = (y * side + right) * 3; i < end; i++) {
      const strength = Math.abs(gradient[i] as number);
      if (strength > most) most = strength;
    }
  }
  return most;
}
