import { FocalError } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../onnx/read.ts';
import { importWeightsManifest } from './face-nets.ts';
import { importTfjsGraph } from './tfjs.ts';

const FLOAT = { dtype: { type: 'DT_FLOAT' } };
const list = (values: readonly number[]): object => ({ list: { i: values.map(String) } });

/** input → Conv2D of a 1 × 1 filter with bias and Relu6 → output, with weights that follow a manifest. */
function createModel(): { model: Record<string, unknown>; weights: Uint8Array } {
  const conv = {
    strides: list([1, 1, 1, 1]),
    dilations: list([1, 1, 1, 1]),
    padding: { s: btoa('SAME') },
    data_format: { s: btoa('NHWC') },
    fused_ops: { list: { s: [btoa('BiasAdd'), btoa('Relu6')] } },
  };
  const size = (value: number): object => ({ size: String(value) });
  const model = {
    format: 'graph-model',
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder', attr: { ...FLOAT, shape: { shape: { dim: [-1, 4, 5, 2].map(size) } } } },
        { name: 'w', op: 'Const', attr: FLOAT },
        { name: 'b', op: 'Const', attr: FLOAT },
        { name: 'y', op: '_FusedConv2D', input: ['x', 'w:0', 'b', '^b'], attr: conv },
      ],
    },
    weightsManifest: [
      {
        paths: ['w.bin'],
        weights: [
          { name: 'w', shape: [1, 1, 2, 3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
          { name: 'b', shape: [3], dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } },
        ],
      },
    ],
  };
  return { model, weights: Uint8Array.of(0, 1, 2, 3, 4, 5, 0x00, 0x3c, 0x00, 0xc0, 0x00, 0x00) };
}

const toBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function importChanged(change: (text: string) => string, weights = createModel().weights): Uint8Array {
  return importTfjsGraph(new TextEncoder().encode(change(JSON.stringify(createModel().model))), weights, ['y']);
}

const invalid = (message: string): unknown =>
  expect.objectContaining({ code: 'model-invalid', message: expect.stringContaining(message) });

describe('importTfjsGraph', () => {
  it('writes one convolution with unpacked weights, and a batch of one', () => {
    const { model, weights } = createModel();
    const { graph } = readOnnx(importTfjsGraph(toBytes(model), weights));
    expect(graph.inputs).toEqual([{ name: 'x', dataType: 1, dims: [1, 4, 5, 2] }]);
    expect(graph.outputs).toEqual([{ name: 'y', dataType: 1, dims: [1, 4, 5, 3] }]);
    expect(graph.nodes.map((node) => node.opType)).toEqual(['Transpose', 'Conv', 'Clip', 'Transpose', 'Identity']);
    const floats = graph.initializers
      .slice(0, 2)
      .map(({ data: { bytes } }) => [...new Float32Array(bytes.slice().buffer)]);
    expect(floats).toEqual([
      [-1, 0.5, -0.5, 1, 0, 1.5],
      [1, -2, 0],
    ]);
  });

  it('names operators that it does not know and lists those it does', () => {
    expect(() => importChanged((text) => text.replace('_FusedConv2D', 'Frobnicate'))).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: expect.stringContaining('Frobnicate'),
        hint: expect.stringContaining('DepthwiseConv2dNative'),
      }),
    );
  });

  it('leaves out what only other outputs need, also when it is not known', () => {
    const { model, weights } = createModel();
    const tail = { name: 'tail', op: 'TopKV2', input: ['y'] };
    const { node } = model['modelTopology'] as { node: unknown[] };
    const longer = { ...model, modelTopology: { node: [...node, tail] } };
    expect(readOnnx(importTfjsGraph(toBytes(longer), weights, ['y'])).graph.outputs).toHaveLength(1);
    expect(() => importTfjsGraph(toBytes(longer), weights)).toThrow(invalid('TopKV2'));
  });

  it.each<[string, (text: string) => string, string]>([
    ['a shape that lies', (text) => text.replace('[1,1,2,3]', '[1,1,2,300000]'), 'weights as long as'],
    ['a negative shape', (text) => text.replace('[1,1,2,3]', '[1,-1,-2,3]'), 'weights as long as'],
    ['a shape of another order', (text) => text.replace('[1,1,2,3]', '[1,1,3,2]'), 'fit Conv2D'],
    ['an input that is too large', (text) => text.replaceAll('"size":"4"', '"size":"4000000000"'), 'fit x'],
    ['a loop', (text) => text.replace('"input":["x"', '"input":["y"'), 'loops'],
    ['a missing node', (text) => text.replace('"w:0"', '"nobody"'), 'nobody'],
    [
      'strides of nothing',
      (text) => text.replace('"i":["1"', '"i":["1","0","0"').replace('"0","0","1"', '"0","0"'),
      'from 1',
    ],
    ['a layers model', (text) => text.replace('graph-model', 'layers-model'), 'graph model'],
    ['text that is no JSON', (text) => text.slice(1), 'JSON'],
  ])('refuses %s', (_, change, message) => {
    expect(() => importChanged(change)).toThrow(invalid(message));
  });

  it('refuses weights that were cut off or are too long', () => {
    const { weights } = createModel();
    expect(() => importChanged((text) => text, weights.subarray(0, 11))).toThrow(invalid('weights'));
    expect(() => importChanged((text) => text, new Uint8Array(13))).toThrow(invalid('12 bytes of weights'));
  });

  it('says model-invalid and nothing else for a thousand damaged files, and writes little', () => {
    const { model, weights } = createModel();
    const text = JSON.stringify(model);
    const random = createRandom(7);
    let refused = 0;
    for (let round = 0; round < 1000; round++) {
      const bytes = new TextEncoder().encode(text);
      for (let change = 0; change < 1 + random(4); change++) {
        const at = random(bytes.length);
        // Mostly digits and marks, so that the JSON often stays whole.
        bytes[at] = '0123456789-[]{}",:eaxyw'.charCodeAt(random(23));
      }
      const cut = random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
      const outcome = attempt(() => importTfjsGraph(cut, weights).length);
      expect(outcome === 'model-invalid' || Number(outcome) < 100_000, String(outcome)).toBe(true);
      if (outcome === 'model-invalid') refused++;
    }
    expect(refused).toBeGreaterThan(500);
  });
});

describe('importWeightsManifest', () => {
  it('names the weights of a net that the file has not', () => {
    const manifest = toBytes([{ paths: [], weights: [{ name: 'fc', shape: [1], dtype: 'float32' }] }]);
    expect(() => importWeightsManifest(manifest, new Uint8Array(4), 'face-recognition')).toThrow(
      invalid('conv32_down/conv/filters'),
    );
  });
});

/** What `run` gives, the code of the FocalError it throws, or any other error. */
function attempt(run: () => number): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof FocalError ? error.code : error;
  }
}

/** A small generator of whole numbers below `limit` (Park and Miller). */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
}
