import { clampBox, type DetectedObject, type Picture, throwIfAborted, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { COCO_NAMES } from './objects/coco-names.ts';
import { fuseViews, suppress } from './objects/merge.ts';
import { CELLS, type ClassBox, findPeaks, INPUT_SIDE } from './objects/peaks.ts';
import { takeFloats } from './outputs.ts';

const SCORES = 'tower_0/keypoints';
const SIDES = 'tower_0/wh';
/** Grey of the borders that fill the input up to a square. */
const PAD = 114;
/** What every class must reach to be told: best F1 of persons over 2 % of the photo, on the even photos of a labelled set. */
const LEAST_SCORE = { fast: 0.25, quality: 0.21 } as const;

export interface FindObjectsOptions extends RunOptions {
  /** `fast`: one look. `quality`: a second look, stretched to the square; twice the time. Default `fast`. */
  readonly effort?: 'fast' | 'quality';
  /** In place of the shipped threshold, 0..1: low ones give candidates, to measure by. Not below .01. */
  readonly minScore?: number;
}

/**
 * Things and people of COCO's 80 kinds in a picture, surest first, by CenterNet (`centernet`); an empty list where
 * there are none. Boxes lie within the picture. The session stays the caller's. Throws `aborted` between looks.
 *
 * @example
 * (await findObjects(session, picture))[0] // { label: 'person', score: 0.71, box: { x: 0.2, … } }
 */
export async function findObjects(
  session: Session,
  picture: Picture,
  { effort = 'fast', minScore = LEAST_SCORE[effort], ...options }: FindObjectsOptions = {},
): Promise<readonly DetectedObject[]> {
  const least = Math.max(0.01, minScore);
  // A mean of two looks can reach the threshold where one of them does not.
  const floor = effort === 'fast' ? least : Math.min(least, 0.03);
  const upright = await look(session, picture, 'letterbox', floor, options);
  const found =
    effort === 'fast'
      ? suppress(upright)
      : fuseViews([upright, await look(session, picture, 'stretch', floor, options)]);
  return found
    .filter(({ score }) => score >= least)
    .map(({ classIndex, score, box }) => ({ label: COCO_NAMES[classIndex] ?? '', score, box: clampBox(box) }))
    .filter(({ box }) => box.width > 0 && box.height > 0);
}

async function look(
  session: Session,
  picture: Picture,
  fit: 'letterbox' | 'stretch',
  minScore: number,
  options: RunOptions,
): Promise<readonly ClassBox[]> {
  throwIfAborted(options.signal);
  const { data, content } = toTensor(picture, INPUT_SIDE, INPUT_SIDE, {
    fit,
    layout: 'nhwc',
    pad: PAD,
    scale: [1, 1, 1],
  });
  const [input = ''] = session.inputNames;
  const feeds = { [input]: { type: 'float32' as const, data, dims: [1, INPUT_SIDE, INPUT_SIDE, 3] } };
  const outputs = await session.run(feeds, { ...options, outputs: [SCORES, SIDES] });
  throwIfAborted(options.signal);
  const cells = CELLS * CELLS;
  const scores = takeFloats(outputs, SCORES, cells * COCO_NAMES.length);
  return findPeaks(scores, takeFloats(outputs, SIDES, cells * 4), COCO_NAMES.length, minScore, content);
}
