import { FocalError } from '@focal/core';
import { importWeightsManifest } from '../import/face-nets.ts';
import { importTfjsGraph } from '../import/tfjs.ts';
import { importTflite } from '../import/tflite.ts';
import { freeSize } from '../onnx/free-size.ts';
import { joinTracker } from '../onnx/join-tracker.ts';
import { prune } from '../onnx/prune.ts';
import { readOnnx } from '../onnx/read.ts';
import { writeOnnx } from '../onnx/write.ts';
import type { ModelEntry } from './entry.ts';

/** Raised when import or pruning change what they write, so that nobody keeps using an old derived file. */
const DERIVED_VERSION = 4;

/**
 * The model as the ONNX bytes that `Runtime.load` takes: TFLite and TensorFlow.js imported, ONNX cut to the outputs that are used. Made
 * once and kept under {@link derivedKey}. Needs about twice the file's size in memory while it runs.
 * Throws `model-invalid` for a damaged file.
 */
export function toRunnableOnnx(entry: ModelEntry, bytes: Uint8Array): Uint8Array {
  if (entry.format === 'tflite') {
    const imported = importTflite(bytes);
    return entry.anySize ? writeOnnx(freeSize(readOnnx(imported))) : imported;
  }
  if (entry.source.kind === 'json-weights') {
    const { jsonBytes } = entry.source;
    const [json, weights] = [bytes.subarray(0, jsonBytes), bytes.subarray(jsonBytes)];
    if (entry.format === 'tfjs-graph') return importTfjsGraph(json, weights, entry.outputs);
    if (entry.net !== undefined) return importWeightsManifest(json, weights, entry.net);
    throw new FocalError('invalid-argument', `Expected a net for the weights of model ${entry.id}, got none.`);
  }
  if (entry.task === 'track' && entry.source.kind === 'download') {
    const end = entry.source.files[0]?.bytes;
    return writeOnnx(joinTracker(readOnnx(bytes.subarray(0, end)), readOnnx(bytes.subarray(end))));
  }
  if (entry.outputs === undefined) return bytes;
  return writeOnnx(prune(readOnnx(bytes), entry.outputs));
}

/** A file-name-safe name for what {@link toRunnableOnnx} makes of this entry: other content, other name. */
export function derivedKey(entry: ModelEntry): string {
  return `${entry.id}-${entry.sha256.slice(0, 16)}-v${DERIVED_VERSION}${entry.anySize ? '-any-size' : ''}`;
}
