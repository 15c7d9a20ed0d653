import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FocalError } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { getModel, type ModelId } from '../catalogue/index.ts';
import { importWeightsManifest } from './face-nets.ts';

// Manifests that are JSON as they should be, and lie: names, shapes, kinds and quantisation of weights. Damage to the
// bytes themselves is in damaged-models.test.ts.

const ROUNDS = 150;
const NETS = ['ssd-mobilenet', 'face-recognition', 'face-expression'] as const;
/** 8 bits become 32, and a little. */
const MAX_GROWTH = 8;
const SPARE_BYTES = 2 ** 21;

type Entry = Record<string, unknown>;
type Manifest = { weights: Entry[] }[];
type Random = (limit: number) => number;

const HUGE = [0, -1, 1.5, 2 ** 31, 2 ** 53, 1e300, Number.MAX_SAFE_INTEGER, null, '3', {}, []] as const;

/** Each changes one entry, or the list of them. */
const LIES: readonly ((weights: Entry[], at: number, random: Random) => void)[] = [
  (weights, at) => weights.splice(at, 1),
  (weights, at) => weights.push({ ...weights[at] }),
  (weights, at, random) => swap(weights, at, random(weights.length), 'name'),
  (weights, at, random) => swap(weights, at, random(weights.length), 'shape'),
  (weights, at, random) => set(weights, at, 'shape', [HUGE[random(HUGE.length)], 3, 3]),
  (weights, at) =>
    set(
      weights,
      at,
      'shape',
      Array.from({ length: 5000 }, () => 1),
    ),
  (weights, at, random) => set(weights, at, 'shape', HUGE[random(HUGE.length)]),
  (weights, at, random) => set(weights, at, 'dtype', ['float32', 'int32', 'bool', 'string', 7][random(5)]),
  (weights, at, random) => set(weights, at, 'name', ['__proto__', 'constructor', '', 7, null][random(5)]),
  (weights, at, random) =>
    set(weights, at, 'quantization', {
      dtype: ['uint8', 'uint16', 'float16', 'uint64'][random(4)],
      scale: HUGE[random(HUGE.length)],
      min: HUGE[random(HUGE.length)],
    }),
  (weights, at, random) => set(weights, at, 'quantization', HUGE[random(HUGE.length)]),
];

function set(weights: Entry[], at: number, name: string, value: unknown): void {
  weights[at] = { ...weights[at], [name]: value };
}

function swap(weights: Entry[], a: number, b: number, name: string): void {
  const [one, other] = [weights[a]?.[name], weights[b]?.[name]];
  set(weights, a, name, other);
  set(weights, b, name, one);
}

describe.each(NETS)('a manifest of %s that lies', (net) => {
  const { manifest, weights } = readNet(net);

  it('is told as such, or read without growing', () => {
    const random = createRandom(manifest.length);
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const groups = structuredClone(JSON.parse(manifest)) as Manifest;
      const entries = groups[0]?.weights ?? [];
      for (let lie = 0; lie <= random(2); lie++) LIES[random(LIES.length)]?.(entries, random(entries.length), random);
      try {
        const onnx = importWeightsManifest(toBytes(JSON.stringify(groups)), weights, net);
        expect(onnx.length).toBeLessThan(weights.length * MAX_GROWTH + SPARE_BYTES);
      } catch (error) {
        if (!(error instanceof FocalError && error.code === 'model-invalid')) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(ROUNDS / 3);
  });

  it.each(['', '[]', '{}', 'null', '[{}]', '[{"weights":7}]', '[{"weights":[7]}]', `${'['.repeat(100_000)}`])(
    'is told as such where it is no manifest: %.20s',
    (text) => {
      expect(() => importWeightsManifest(toBytes(text), weights, net)).toThrow(
        expect.objectContaining({ code: 'model-invalid' }),
      );
    },
  );

  it('is told as such where the weights are of another net', () => {
    const other = readNet(net === 'face-expression' ? 'ssd-mobilenet' : 'face-expression');
    expect(() => importWeightsManifest(toBytes(other.manifest), other.weights, net)).toThrow(
      expect.objectContaining({ code: 'model-invalid' }),
    );
  });
});

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function readNet(id: ModelId): { readonly manifest: string; readonly weights: Uint8Array } {
  const { source } = getModel(id);
  if (source.kind !== 'json-weights') throw new Error(`${id} lies elsewhere.`);
  const paths = createRequire(import.meta.url).resolve.paths(source.package) ?? [];
  const folder = paths.map((path) => join(path, source.package)).find((path) => existsSync(path)) ?? '';
  return {
    manifest: readFileSync(join(folder, source.json), 'utf8'),
    weights: Uint8Array.from(readFileSync(join(folder, source.weights))),
  };
}

/** A small generator of whole numbers below `limit` (Park and Miller). */
function createRandom(seed: number): Random {
  let state = (seed % 2147483646) + 1;
  return (limit) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
}
