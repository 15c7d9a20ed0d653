import { importTflite } from '../import/tflite.ts';
import { prune } from '../onnx/prune.ts';
import { readOnnx } from '../onnx/read.ts';
import { writeOnnx } from '../onnx/write.ts';
import type { ModelEntry } from './entry.ts';

/** Raised when import or pruning change what they write, so that nobody keeps using an old derived file. */
const DERIVED_VERSION = 2;

/**
 * The model as the ONNX bytes that `Runtime.load` takes: TFLite imported, ONNX cut to the outputs that are used. Made
 * once and kept under {@link derivedKey}. Needs about twice the file's size in memory while it runs.
 * Throws `model-invalid` for a damaged file.
 */
export function toRunnableOnnx(entry: ModelEntry, bytes: Uint8Array): Uint8Array {
  if (entry.format === 'tflite') return importTflite(bytes);
  if (entry.outputs === undefined) return bytes;
  return writeOnnx(prune(readOnnx(bytes), entry.outputs));
}

/** A file-name-safe name for what {@link toRunnableOnnx} makes of this entry: other content, other name. */
export function derivedKey(entry: ModelEntry): string {
  return `${entry.id}-${entry.sha256.slice(0, 16)}-v${DERIVED_VERSION}`;
}
