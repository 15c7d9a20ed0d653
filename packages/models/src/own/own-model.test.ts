import { createPicture, toTensor } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { getModel } from '../catalogue/index.ts';
import type { OnnxGraph, OnnxValueInfo } from '../onnx/model.ts';
import type { Session, Tensor } from '../ports.ts';
import { adaptSession } from './adapt-session.ts';
import { assertOwnTask, fitInput, fitOutput, type OwnModelFit } from './own-model.ts';

function graphOf(...inputs: readonly OnnxValueInfo[]): OnnxGraph {
  const weight = { name: 'w', dataType: 1, dims: [4], data: { field: 9, bytes: new Uint8Array(16) } };
  return { name: 'g', nodes: [], initializers: [weight], inputs, outputs: [], values: [] };
}

const input = (dims: OnnxValueInfo['dims'], dataType = 1): OnnxValueInfo =>
  dims === undefined ? { name: 'x', dataType } : { name: 'x', dataType, dims };

describe('fitInput', () => {
  it.each([
    [[1, 3, 320, 256], { layout: 'nchw', width: 256, height: 320 }],
    [[1, 320, 256, 3], { layout: 'nhwc', width: 256, height: 320 }],
    [['batch', 3, 'height', 'width'], { layout: 'nchw', width: 1024, height: 1024 }],
    [[undefined, undefined, undefined, 3], { layout: 'nhwc', width: 1024, height: 1024 }],
    [[-1, 'channels', 512, 512], { layout: 'nchw', width: 512, height: 512 }],
  ])('reads the shape %j', (dims, expected) => {
    expect(fitInput(graphOf(input(dims)), 'matte')).toEqual({ name: 'x', range: [-0.5, 127 / 256], ...expected });
  });

  it.each<[string, OnnxGraph, string]>([
    ['no input', graphOf(), 'got 0 inputs.'],
    ['two inputs', graphOf(input([1, 3, 64, 64]), { name: 'y', dataType: 1, dims: [1] }), 'got 2 inputs (x, y).'],
    ['bytes', graphOf(input([1, 3, 64, 64], 2)), 'elements of type uint8'],
    ['doubles', graphOf(input([1, 3, 64, 64], 11)), 'elements of type 11'],
    ['no shape', graphOf(input(undefined)), 'an unknown shape'],
    ['three sizes', graphOf(input([3, 64, 64])), 'got [3, 64, 64].'],
    ['four channels', graphOf(input([1, 4, 64, 64])), 'got [1, 4, 64, 64].'],
    ['a batch', graphOf(input([8, 3, 64, 64])), 'got [8, 3, 64, 64].'],
    ['a width of three', graphOf(input([1, 3, 64, 3])), 'got [1, 3, 64, 3].'],
    ['a huge size', graphOf(input([1, 3, 100_000, 64])), 'got [1, 3, 100000, 64].'],
  ])('refuses %s and says what was expected and what came', (_, graph, message) => {
    expect(() => fitInput(graph, 'matte')).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: expect.stringMatching(/^Expected one RGB picture as input of a model for matte, float32 /),
      }),
    );
    expect(() => fitInput(graph, 'matte')).toThrow(message);
  });

  it('leaves weights out that old files list as inputs', () => {
    const graph = graphOf({ name: 'w', dataType: 1, dims: [4] }, input([1, 3, 64, 64]));
    expect(fitInput(graph, 'person-matte', [-1, 1])).toMatchObject({ name: 'x', width: 64, range: [-1, 1] });
  });
});

describe('fitOutput', () => {
  const output = (name: string, ...dims: number[]) => ({ name, type: 'float32', dims });

  it('takes the first plane, wherever its channel stands', () => {
    expect(fitOutput([output('score', 1, 2), output('a', 1, 1, 40, 60)], 'matte')).toEqual({
      name: 'a',
      width: 60,
      height: 40,
    });
    expect(fitOutput([output('b', 1, 40, 60, 1), output('c', 1, 1, 9, 9)], 'matte')).toMatchObject({ name: 'b' });
  });

  it('refuses a model without one and tells what it gives', () => {
    expect(() => fitOutput([output('boxes', 1, 896, 16), output('two', 1, 2, 64, 64)], 'matte')).toThrow(
      'got boxes float32 [1, 896, 16]; two float32 [1, 2, 64, 64].',
    );
  });
});

describe('assertOwnTask', () => {
  it('takes nothing that every object has', () => {
    expect(() => assertOwnTask('toString')).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

describe('adaptSession', () => {
  /** Answers with the green channel of its own input, 0..1, and keeps what it was fed. */
  function fakeSession(fit: OwnModelFit, fed: Tensor[]): Session {
    const { name, width, height, range, layout } = fit.input;
    return {
      inputNames: [name],
      outputNames: [fit.output.name],
      device: 'cpu',
      async run(feeds) {
        const feed = feeds[name] as Tensor;
        fed.push(feed);
        const data = Float32Array.from({ length: width * height }, (_, i) => {
          const value = Number(feed.data[layout === 'nchw' ? width * height + i : i * 3 + 1]);
          return (value - range[0]) / (range[1] - range[0]);
        });
        return { [fit.output.name]: { type: 'float32', data, dims: [1, height, width] } };
      },
      close: async () => {},
    };
  }

  it.each(['nchw', 'nhwc'] as const)(
    'turns size, range and layout %s on the way in, and size on the way out',
    async (layout) => {
      const entry = getModel('selfie');
      const fit: OwnModelFit = {
        input: { name: 'pixels', layout, width: 64, height: 32, range: [-1, 1] },
        output: { name: 'mask', width: 64, height: 32 },
      };
      const picture = createPicture(256, 256);
      for (let i = 0; i < 256 * 256; i++) picture.data.set([10, i % 256, 200, 255], i * 4);
      const { data } = toTensor(picture, 256, 256, { fit: 'stretch', layout: 'nhwc' });
      const fed: Tensor[] = [];
      const session = adaptSession(fakeSession(fit, fed), fit, entry);
      expect(session.inputNames).toEqual(['input_1']);
      const outputs = await session.run({ input_1: { type: 'float32', data, dims: [1, 256, 256, 3] } });
      expect(fed[0]?.dims).toEqual(layout === 'nchw' ? [1, 3, 32, 64] : [1, 32, 64, 3]);
      expect(Number(fed[0]?.data[0])).toBeCloseTo((10 / 255) * 2 - 1, 2);
      const [alpha] = Object.values(outputs);
      expect(alpha?.data).toHaveLength(256 * 256);
      // The wedge came through: left dark, right light.
      expect(Number(alpha?.data[128 * 256 + 10])).toBeCloseTo(10 / 255, 1);
      expect(Number(alpha?.data[128 * 256 + 245])).toBeCloseTo(245 / 255, 1);
    },
  );
});
