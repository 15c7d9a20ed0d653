import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FocalError } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { getModel, type ModelId, toRunnableOnnx } from '../catalogue/index.ts';
import { fitInput } from '../own/own-model.ts';
import { toOwnOnnx } from '../own/to-own-onnx.ts';

// Real model files of every kind that is read, damaged in many ways: whatever comes, it is told as `model-invalid`, and
// what is written stays in proportion to the file.

const ROUNDS = 200;
/** 8 bits become 32, and a little. */
const MAX_GROWTH = 8;
const SPARE_BYTES = 2 ** 21;

/** A model file, how long the JSON at its start is, and how it is read: gives the size of what is written. */
interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly jsonBytes: number;
  readonly read: (bytes: Uint8Array) => number;
}

const subjects: readonly Subject[] = [
  bundled('face-short', 'a TFLite file'),
  bundled('emotion', 'a TensorFlow.js graph model'),
  bundled('face-expression', 'a manifest of weights'),
  bundled('ssd-mobilenet', 'a larger manifest of weights'),
  bundled('face-recognition', 'a manifest of weights of many layers'),
  ownOnnx(),
];

describe('a damaged model file', () => {
  it.each(subjects)('is told as such, or read without growing: $name', ({ bytes, jsonBytes, read }) => {
    const random = createRandom(bytes.length);
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const damaged = damage(bytes, jsonBytes, random);
      try {
        expect(read(damaged)).toBeLessThan(bytes.length * MAX_GROWTH + SPARE_BYTES);
      } catch (error) {
        const isTold =
          error instanceof FocalError && error.code === 'model-invalid' && error.message.startsWith('Expected ');
        if (!isTold) throw error;
        refused++;
      }
    }
    // Damage that was never seen would prove nothing, nor would files that are never read to the end.
    expect(refused).toBeGreaterThan(ROUNDS / 20);
    expect(refused).toBeLessThan(ROUNDS);
  });

  it.each(subjects)('is told as such where it is cut short: $name', ({ bytes, read }) => {
    const random = createRandom(3);
    for (let round = 0; round < 40; round++) {
      expect(() => read(bytes.subarray(0, random(bytes.length)))).toThrow(
        expect.objectContaining({ code: 'model-invalid' }),
      );
    }
  });
});

/** A few changes: bits and bytes, sizes and offsets that lie, digits and marks of JSON; now and then cut short. */
function damage(bytes: Uint8Array, jsonBytes: number, random: (limit: number) => number): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  for (let change = 0; change <= random(4); change++) {
    if (jsonBytes > 0 && random(4) > 0) {
      damaged[random(jsonBytes)] = '0123456789-[]{}",:eaxyw'.charCodeAt(random(23));
      continue;
    }
    const at = random(damaged.length - 4);
    const word = [0, 1, 0x7f, 0xffff_ffff, 0x7fff_ffff, 1e6, 4e9][random(7)] ?? 0;
    if (random(2) === 0) damaged[at] = (damaged[at] ?? 0) ^ (1 << random(8));
    else new DataView(damaged.buffer).setUint32(at & ~3, word, true);
  }
  if (jsonBytes > 0 && random(3) === 0) inflateNumber(damaged, jsonBytes, random);
  return random(8) === 0 ? damaged.subarray(0, random(damaged.length)) : damaged;
}

/** Makes one number of the JSON as large as its digits allow. */
function inflateNumber(bytes: Uint8Array, jsonBytes: number, random: (limit: number) => number): void {
  const isDigit = (at: number): boolean => at < jsonBytes && (bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57;
  let at = random(jsonBytes);
  while (at < jsonBytes && !isDigit(at)) at++;
  for (; isDigit(at); at++) bytes[at] = 57;
}

function bundled(id: ModelId, kind: string): Subject {
  const entry = getModel(id);
  const { source } = entry;
  if (source.kind !== 'file' && source.kind !== 'json-weights') throw new Error(`${id} lies elsewhere.`);
  const paths = createRequire(import.meta.url).resolve.paths(source.package) ?? [];
  const folder = paths.map((path) => join(path, source.package)).find((path) => existsSync(path)) ?? '';
  const names = source.kind === 'file' ? [source.path] : [source.json, source.weights];
  return {
    name: `${kind} (${id})`,
    bytes: Buffer.concat(names.map((name) => readFileSync(join(folder, name)))),
    jsonBytes: source.kind === 'file' ? 0 : source.jsonBytes,
    read: (bytes) => toRunnableOnnx(entry, bytes).length,
  };
}

/** An ONNX file as a user might name one for a task of theirs. */
function ownOnnx(): Subject {
  const { bytes, read } = bundled('selfie', '');
  expect(read(bytes)).toBeGreaterThan(0);
  return {
    name: 'an ONNX file (of selfie)',
    bytes: toRunnableOnnx(getModel('selfie'), bytes),
    jsonBytes: 0,
    read(damaged) {
      const own = toOwnOnnx({ format: 'onnx', bytes: damaged });
      fitInput(own.graph, 'person-matte');
      return own.write(own.graph.outputs.slice(0, 1).map(({ name }) => name)).length;
    },
  };
}

/** A small generator of whole numbers below `limit` (Park and Miller). */
function createRandom(seed: number): (limit: number) => number {
  let state = (seed % 2147483646) + 1;
  return (limit) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
}
