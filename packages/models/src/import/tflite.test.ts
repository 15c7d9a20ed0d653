import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FocalError } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../onnx/read.ts';
import { fromHalfs, transpose } from './tflite/weights.ts';
import { importTflite } from './tflite.ts';

// What the imported models compute is proven against LiteRT in testing/src/tflite-*.test.ts.

const selfie = readModel('@mediapipe/selfie_segmentation/selfie_segmentation.tflite');

describe('importTflite', () => {
  it('turns 16-bit weights into initialisers and moves the layout once on the way in', () => {
    const { graph } = readOnnx(importTflite(selfie));
    const count = (opType: string) => graph.nodes.filter((node) => node.opType === opType).length;
    expect(count('Conv')).toBe(43 + 11);
    expect(count('DequantizeLinear')).toBe(0);
    expect(count('Transpose')).toBe(1);
    expect(graph.inputs).toEqual([{ name: 'input_1', dataType: 1, dims: [1, 256, 256, 3] }]);
    expect(graph.outputs).toEqual([{ name: 'activation_10', dataType: 1, dims: [1, 256, 256, 1] }]);
  });

  it('resizes after the convolutions that need no more than one pixel', () => {
    const { graph } = readOnnx(importTflite(selfie));
    const writers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node.opType] as const)));
    const resized = graph.nodes
      .filter((node) => node.opType === 'Resize')
      .map((node) => writers.get(node.inputs[0] ?? ''));
    expect(resized).toEqual(['Conv', 'Conv', 'Conv']);
  });

  it('gives every node names that were written before it', () => {
    const { graph } = readOnnx(importTflite(selfie));
    const known = new Set([...graph.inputs, ...graph.initializers].map(({ name }) => name));
    const wrong: string[] = [];
    for (const node of graph.nodes) {
      wrong.push(...node.inputs.filter((name) => name !== '' && !known.has(name)));
      wrong.push(...node.outputs.filter((name) => known.has(name)));
      for (const name of node.outputs) known.add(name);
    }
    wrong.push(...graph.outputs.map(({ name }) => name).filter((name) => !known.has(name)));
    expect(wrong).toEqual([]);
  });

  it('is the same whatever the offset of the bytes in their buffer', () => {
    const shifted = new Uint8Array(selfie.length + 3);
    shifted.set(selfie, 3);
    expect(Buffer.compare(importTflite(shifted.subarray(3)), importTflite(selfie))).toBe(0);
  });

  it('names the operators that it does not know and lists those it does', () => {
    const sparse = readModel('@mediapipe/face_detection/face_detection_full_range_sparse.tflite');
    expect(() => importTflite(sparse)).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: 'Expected operators that Focal imports, got DENSIFY, DEPTH_TO_SPACE.',
        hint: expect.stringContaining('DEPTHWISE_CONV_2D'),
      }),
    );
  });

  it.each([
    ['no bytes at all', new Uint8Array()],
    ['a text', new TextEncoder().encode('this is no model, whatever its name says')],
    ['a file without its second half', selfie.subarray(0, selfie.length >> 1)],
    ['a head that points past the end', Uint8Array.of(255, 255, 255, 127, 84, 70, 76, 51)],
  ])('refuses %s and says what was expected', (_what, bytes) => {
    expect(() => importTflite(bytes)).toThrow(
      expect.objectContaining({ code: 'model-invalid', message: expect.stringMatching(/^Expected /) }),
    );
  });

  it('refuses a list that names one table a million times, before it fills the memory', () => {
    expect(() => importTflite(manyGraphs(2))).toThrow(/Expected a TFLite model with one graph, got 2/);
    expect(() => importTflite(manyGraphs(1_000_000))).toThrow(/Expected at most 2000000 elements of lists/);
  });

  it('refuses files that are cut short anywhere', () => {
    fc.assert(
      fc.property(fc.nat(selfie.length - 1), (length) => {
        expect(outcome(selfie.subarray(0, length))).toBe('refused');
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  it('imports files with damaged tables or throws model-invalid', () => {
    // Tables lie outside the weights; most of the damage goes there.
    const tables = tableBytes(selfie);
    const at = fc.oneof(
      { weight: 4, arbitrary: fc.nat(tables.length - 1).map((index) => tables[index] ?? 0) },
      { weight: 1, arbitrary: fc.nat(selfie.length - 1) },
    );
    const damage = fc.array(fc.tuple(at, fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 255))), {
      minLength: 1,
      maxLength: 6,
    });
    let refused = 0;
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = selfie.slice();
        for (const [offset, value] of changes) damaged[offset] = value;
        if (outcome(damaged) === 'refused') refused++;
      }),
      { seed: 22, numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('refuses any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 300 }), (bytes) => {
        bytes.set([84, 70, 76, 51], 4);
        expect(outcome(bytes)).toBe('refused');
      }),
      { seed: 23, numRuns: 2000 },
    );
  });
});

describe('weights', () => {
  it('are unpacked from 16 bits exactly', () => {
    const halfs: readonly (readonly [bits: number, value: number])[] = [
      [0x0000, 0],
      [0x8000, -0],
      [0x0001, 2 ** -24],
      [0x83ff, -1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3c00, 1],
      [0x3555, 0.333251953125],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
      [0x7e00, Number.NaN],
    ];
    const bytes = new Uint8Array(Uint16Array.from(halfs, ([bits]) => bits).buffer);
    expect([...fromHalfs(bytes)]).toEqual(halfs.map(([, value]) => value));
  });

  it('go back to where they were after a transposition and its inverse', () => {
    const sizes = fc
      .tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4))
      .map(([a, b, c, d]) => [a + 1, b + 1, c + 1, d + 1] as const);
    fc.assert(
      fc.property(sizes, ([a, b, c, d]) => {
        const values = Float32Array.from({ length: a * b * c * d }, (_, index) => index);
        const moved = transpose(values, [a, b, c, d], [0, 3, 1, 2]);
        expect(moved[moved.length - 1]).toBe(values.length - 1);
        expect(moved[b > 1 || c > 1 ? 1 : 0]).toBe(c > 1 ? d : b > 1 ? c * d : 0);
        expect(transpose(moved, [a, d, b, c], [0, 2, 3, 1])).toEqual(values);
      }),
      { seed: 24 },
    );
  });
});

/** What became of the file; anything but a well-told `model-invalid` fails the test. */
function outcome(bytes: Uint8Array): 'imported' | 'refused' {
  try {
    readOnnx(importTflite(bytes));
    return 'imported';
  } catch (error) {
    const isTold =
      error instanceof FocalError && error.code === 'model-invalid' && error.message.startsWith('Expected ');
    if (!isTold) throw error;
    return 'refused';
  }
}

/** A model whose list of graphs holds the same empty graph again and again. */
function manyGraphs(count: number): Uint8Array {
  const graph = 36 + count * 4;
  const bytes = new Uint8Array(graph + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([84, 70, 76, 51], 4);
  // At 8 the root's list of fields, of which the third lies 4 bytes into the root at 20.
  view.setUint32(0, 20, true);
  view.setUint16(8, 10, true);
  view.setUint16(16, 4, true);
  view.setInt32(20, 12, true);
  view.setUint32(24, 4, true);
  view.setUint32(28, count, true);
  for (let at = 32; at < graph - 4; at += 4) view.setUint32(at, graph - at, true);
  view.setUint16(graph - 4, 4, true);
  view.setInt32(graph, 4, true);
  return bytes;
}

/** Offsets of bytes in stretches with many zeros, as tables have and weights have not. */
function tableBytes(bytes: Uint8Array): readonly number[] {
  const offsets: number[] = [];
  for (let start = 0; start + 32 <= bytes.length; start += 32) {
    const zeros = bytes.subarray(start, start + 32).filter((byte) => byte === 0).length;
    if (zeros >= 12) for (let at = start; at < start + 32; at++) offsets.push(at);
  }
  return offsets;
}

function readModel(path: string): Uint8Array {
  const require = createRequire(import.meta.url);
  const [scope, name, ...rest] = path.split('/');
  const folder = require.resolve(`${scope}/${name}/package.json`).replace(/package\.json$/, '');
  return readFileSync(folder + rest.join('/'));
}
