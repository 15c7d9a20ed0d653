import { type ClassScore, FocalError, type Picture, toTensor } from '@focal/core';
import type { RunOptions, Session, Tensor } from '../ports.ts';
import { takeFloats } from './outputs.ts';

/** Side of what the ImageNet classifier sees. */
export const CLASSIFIER_SIDE = 224;
/** Its classes: a background, then the 1000 of ImageNet. */
export const CLASSIFIER_CLASSES = 1001;

/** At most so many classes are told. */
const MOST = 5;

/**
 * What a picture shows, by MobileNet v2 on ImageNet's 1000 classes: at most five, likeliest first. The picture is seen
 * stretched to a square. The session stays the caller's.
 * @param labels all 1001 names in the model's order, the first for the background
 */
export async function classify(
  session: Session,
  picture: Picture,
  labels: readonly string[],
  options: RunOptions = {},
): Promise<readonly ClassScore[]> {
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
  const outputs = await session.run({ [input]: classifierInput(picture) }, { ...options, outputs: [output] });
  return rankClasses(takeFloats(outputs, output, CLASSIFIER_CLASSES), labels);
}

export function classifierInput(picture: Picture): Tensor {
  const { data } = toTensor(picture, CLASSIFIER_SIDE, CLASSIFIER_SIDE, {
    fit: 'stretch',
    layout: 'nhwc',
    mean: [128, 128, 128],
    scale: [1 / 128, 1 / 128, 1 / 128],
  });
  return { type: 'float32', data, dims: [1, CLASSIFIER_SIDE, CLASSIFIER_SIDE, 3] };
}

/** The likeliest five of 1001 probabilities, without the background. Throws `invalid-argument` where names are missing. */
export function rankClasses(probabilities: Float32Array, labels: readonly string[]): readonly ClassScore[] {
  if (labels.length !== probabilities.length) {
    throw new FocalError(
      'invalid-argument',
      `Expected ${probabilities.length} names of classes, got ${labels.length}.`,
    );
  }
  return labels
    .map((label, i) => ({ label, score: probabilities[i] as number }))
    .slice(1)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
}

/** One name a line; of several names for a class, separated by commas, the first. */
export function parseLabels(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.split(',')[0]?.trim() ?? '');
}
