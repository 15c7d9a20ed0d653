import { FocalError } from '@focal/core';
import type { ModelEntry } from '../catalogue/entry.ts';
import { prune } from '../onnx/prune.ts';
import { readOnnx } from '../onnx/read.ts';
import { writeOnnx } from '../onnx/write.ts';
import { logitsOf, withGradient } from './gradient.ts';

/** Raised when the graph that is made changes, so that nobody keeps using an old one. */
const SALIENCY_VERSION = 3;

/** Place of the class "background" among those of ImageNet classifiers with 1001 of them. */
const BACKGROUND = 0;

/**
 * A detector's or classifier's runnable ONNX model as one that also gives the guided gradient of its highest score.
 * Throws `invalid-argument` for models of other tasks, `model-invalid` for graphs without a gradient.
 */
export function toSaliencyOnnx(entry: ModelEntry, onnx: Uint8Array): Uint8Array {
  const model = readOnnx(onnx);
  const scores = entry.task === 'objects' ? 'tower_0/keypoints' : (model.graph.outputs[0]?.name ?? '');
  if (entry.task !== 'objects' && entry.task !== 'classify') {
    throw new FocalError('invalid-argument', `Expected a model that detects or classifies, got ${entry.id}.`);
  }
  // The sides of boxes come along, so that one run gives objects and map.
  const pruned = prune(model, entry.task === 'objects' ? [scores, 'tower_0/wh'] : [scores]);
  const ignored = entry.task === 'classify' ? [BACKGROUND] : [];
  return writeOnnx(withGradient(pruned, { of: logitsOf(pruned, scores), seed: 'top', rule: 'guided', ignored }));
}

/** A file-name-safe name for what {@link toSaliencyOnnx} makes of this entry. */
export function saliencyKey(entry: ModelEntry): string {
  return `${entry.id}-${entry.sha256.slice(0, 16)}-saliency-v${SALIENCY_VERSION}`;
}
