import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { FocalError } from '@focal/core';
import type { OwnModelFile } from '@focal/models';
import { toFileError } from '../files/file-error.ts';

/** Larger files are taken for a mistake. */
const MAX_BYTES = 2 ** 30;
const MAX_JSON_BYTES = 64 * 2 ** 20;

/** A user's own model file with those it names, and their hash. */
export interface OwnModelBytes {
  readonly file: OwnModelFile;
  /** Of the file, and of the weights after it, in hex. */
  readonly sha256: string;
}

/**
 * Reads `.onnx`, `.tflite`, or the `model.json` of TensorFlow.js with the files of weights beside it. Throws
 * `not-found`, `permission`, `invalid-argument` (a folder, another kind of file), `too-large`, `model-invalid`.
 */
export async function readOwnModel(path: string): Promise<OwnModelBytes> {
  const suffix = extname(path).toLowerCase();
  if (!['.onnx', '.tflite', '.json'].includes(suffix)) {
    await assertFile(path, MAX_BYTES);
    throw new FocalError('invalid-argument', `Expected a model file, got ${path}.`, {
      hint: 'Models are .onnx, .tflite, or the model.json of a TensorFlow.js graph model.',
    });
  }
  if (suffix !== '.json') {
    const bytes = await readBounded(path, MAX_BYTES);
    return { file: { format: suffix === '.onnx' ? 'onnx' : 'tflite', bytes }, sha256: hash(bytes) };
  }
  const json = await readBounded(path, MAX_JSON_BYTES);
  let left = MAX_BYTES;
  const parts: Uint8Array[] = [];
  for (const name of weightNames(json)) {
    const part = await readBounded(join(dirname(path), name), left);
    left -= part.length;
    parts.push(part);
  }
  const weights = Buffer.concat(parts);
  return { file: { format: 'tfjs-graph', json, weights }, sha256: hash(json, weights) };
}

/** Names in the manifest of weights; only files of the same folder, so that none of another can be asked for. */
function weightNames(json: Uint8Array): readonly string[] {
  let manifest: unknown;
  try {
    manifest = (JSON.parse(new TextDecoder().decode(json)) as { weightsManifest?: unknown } | null)?.weightsManifest;
  } catch (cause) {
    throw new FocalError('model-invalid', 'Expected JSON in the TensorFlow.js model, got something else.', { cause });
  }
  const groups: readonly unknown[] = Array.isArray(manifest) ? manifest : [];
  const names = groups.flatMap((group): unknown[] => {
    const { paths } = (group ?? {}) as { paths?: unknown };
    return Array.isArray(paths) ? paths : [];
  });
  if (names.length === 0 || names.length > 10_000) {
    throw new FocalError('model-invalid', 'Expected a list of weight files in the TensorFlow.js model, got none.', {
      hint: 'Name the model.json of a graph model, as tensorflowjs_converter writes it.',
    });
  }
  return names.map((name) => {
    if (typeof name === 'string' && name === basename(name) && /^[^\\/\0]{1,200}$/.test(name) && !/^\.+$/.test(name)) {
      return name;
    }
    throw new FocalError('model-invalid', 'Expected weight files beside the model.json, got one elsewhere.');
  });
}

async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  await assertFile(path, maxBytes);
  try {
    return await readFile(path);
  } catch (error) {
    throw toFileError(error, 'read the model', path);
  }
}

/** A pipe or device could go on for ever. */
async function assertFile(path: string, maxBytes: number): Promise<void> {
  const facts = await stat(path).catch((error: unknown) => {
    throw toFileError(error, 'read the model', path);
  });
  if (facts.isDirectory()) {
    throw new FocalError('invalid-argument', `Expected a model file, got the folder ${path}.`, {
      hint: 'Of a TensorFlow.js model name the model.json inside.',
    });
  }
  if (!facts.isFile()) throw new FocalError('invalid-argument', `Expected a model file, got ${path}, which is none.`);
  if (facts.size > maxBytes) {
    throw new FocalError('too-large', `Expected a model of at most ${maxBytes} bytes, got ${facts.size}.`);
  }
}

function hash(...parts: readonly Uint8Array[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
}
