import { createPicture, FocalError, toTensor } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { getModel, type ModelId } from '../catalogue/index.ts';
import type { OnnxGraph, OnnxValueInfo } from '../onnx/model.ts';
import type { Session, Tensor } from '../ports.ts';
import { findObjects } from '../tasks/objects.ts';
import { adaptSession } from './adapt-session.ts';
import {
  assertOwnTask,
  checkOutput,
  describeOwnTask,
  fitInput,
  fitOutput,
  OWN_TASKS,
  type OwnModelFit,
  type OwnTask,
} from './own-model.ts';

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
      kind: 'alpha',
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

describe('fitOutput of other tasks', () => {
  const output = (...dims: number[]) => [{ name: 'out', type: 'float32', dims }];

  it.each<[OwnTask, number[], object]>([
    ['objects', [1, 84, 8400], { kind: 'boxes', boxes: 8400, byBox: false }],
    ['objects', [1, 300, 84], { kind: 'boxes', boxes: 300, byBox: true }],
    ['objects', [84, 84], { kind: 'boxes', boxes: 84, byBox: false }],
    ['identity', [1, 128], { kind: 'numbers', length: 128 }],
    ['identity', [1, 128, 1, 1], { kind: 'numbers', length: 128 }],
    ['expression', [1, 7], { kind: 'numbers', length: 7 }],
  ])('takes for %s what has the shape %j', (task, dims, fit) => {
    expect(fitOutput(output(...dims), task)).toEqual({ name: 'out', ...fit });
  });

  it.each<[OwnTask, number[], string]>([
    ['objects', [1, 85, 8400], "boxes of COCO's 80 kinds as YOLO gives them, [1, 84, boxes] or [1, boxes, 84]"],
    ['objects', [1, 84, 200_000], 'boxes'],
    ['identity', [1, 512], '128 numbers, such as [1, 128]'],
    ['expression', [1, 8], 'logits or probabilities of neutral, happy, sad, angry, fearful, disgusted, surprised'],
  ])('refuses for %s the shape %j', (task, dims, expected) => {
    expect(() => fitOutput(output(...dims), task)).toThrow(expected);
    expect(() => fitOutput(output(...dims), task)).toThrow(`got out float32 [${dims.join(', ')}].`);
  });
});

describe('checkOutput', () => {
  const numbers = { kind: 'numbers', name: 'out', length: 7 } as const;

  it('tells probabilities from logits', () => {
    const shares = Float32Array.of(0.1, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1);
    expect(checkOutput(shares, numbers, 'expression')).toEqual({ ...numbers, areProbabilities: true });
    expect(checkOutput(Float32Array.of(3, -1, 0, 0, 0, 2, 1), numbers, 'expression')).toEqual(numbers);
    const vector = new Float32Array(128).fill(1 / 128);
    expect(checkOutput(vector, { ...numbers, length: 128 }, 'identity')).not.toHaveProperty('areProbabilities');
  });

  it('refuses NaN, and scores and alphas that are logits', () => {
    expect(() => checkOutput(Float32Array.of(Number.NaN), numbers, 'identity')).toThrow('got NaN or infinity');
    const alpha = { kind: 'alpha', name: 'a', width: 2, height: 1 } as const;
    expect(() => checkOutput(Float32Array.of(-4, 7), alpha, 'matte')).toThrow('alpha from 0 to 1 as output, got -4.00');
    for (const byBox of [true, false]) {
      const boxes = { kind: 'boxes', name: 'b', boxes: 2, byBox } as const;
      const values = new Float32Array(2 * 84);
      // Places may be large, scores may not.
      for (let i = 0; i < 4; i++) for (const box of [0, 1]) values[byBox ? box * 84 + i : i * 2 + box] = 400;
      expect(checkOutput(values, boxes, 'objects')).toEqual(boxes);
      values[byBox ? 83 : 83 * 2] = 5;
      expect(() => checkOutput(values, boxes, 'objects')).toThrow('scores from 0 to 1 as output, got 0.00 to 5.00');
    }
  });
});

describe('describeOwnTask', () => {
  it('says of every task what its models take and give', () => {
    for (const task of Object.keys(OWN_TASKS) as OwnTask[]) {
      const { takes, gives } = describeOwnTask(task);
      expect([takes, gives]).toEqual([expect.stringContaining('RGB'), expect.stringMatching(/\[1/)]);
    }
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
        output: { kind: 'alpha', name: 'mask', width: 64, height: 32 },
      };
      const picture = createPicture(256, 256);
      for (let i = 0; i < 256 * 256; i++) picture.data.set([10, i % 256, 200, 255], i * 4);
      const { data } = toTensor(picture, 256, 256, { fit: 'stretch', layout: 'nhwc' });
      const fed: Tensor[] = [];
      const session = adaptSession(fakeSession(fit, fed), { name: 'mine', fit }, entry);
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

  const input = { name: 'x', layout: 'nchw', width: 8, height: 8, range: [0, 1] } as const;
  const giving = (answer: (fed: Tensor) => Tensor | Promise<Tensor>): Session => ({
    inputNames: ['x'],
    outputNames: ['out'],
    device: 'cpu',
    run: async ({ x }) => ({ out: await answer(x as Tensor) }),
    close: async () => {},
  });
  const feedFor = (id: ModelId): Record<string, Tensor> => {
    const { name, dims } = getModel(id).input;
    const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
    return { [name]: { type: 'float32', data, dims } };
  };

  it('puts the boxes of YOLO where CenterNet has them, in either order of values', async () => {
    for (const byBox of [false, true]) {
      // Two dogs (17th of COCO's names), one of them too unsure, in an input of 8 × 8.
      const values = new Float32Array(2 * 84);
      const set = (box: number, value: number, to: number) => {
        values[byBox ? box * 84 + value : value * 2 + box] = to;
      };
      [4, 2, 2, 4].forEach((value, i) => set(0, i, value));
      set(0, 4 + 16, 0.9);
      [1, 1, 1, 1].forEach((value, i) => set(1, i, value));
      set(1, 4 + 16, 0.01);
      const output = { kind: 'boxes', name: 'out', boxes: 2, byBox } as const;
      const own = { name: 'yolo', fit: { input, output } };
      const session = giving(() => ({ type: 'float32', data: values, dims: [1, 84, 2] }));
      const objects = await findObjects(adaptSession(session, own, getModel('centernet')), createPicture(64, 64));
      expect(objects).toEqual([{ label: 'dog', score: expect.closeTo(0.9, 5), box: expect.anything() }]);
      const box = objects[0]?.box;
      expect([box?.x, box?.y, box?.width, box?.height]).toEqual(
        [3 / 8, 0, 2 / 8, 4 / 8].map((share) => expect.closeTo(share, 5)),
      );
    }
  });

  it('gives numbers as they are, and the logarithms of probabilities', async () => {
    const data = Float32Array.of(0.5, 0.25, 0.25, 0, 0, 0, 0);
    const session = giving(() => ({ type: 'float32', data, dims: [1, 7] }));
    for (const areProbabilities of [false, true]) {
      const fit = { input, output: { kind: 'numbers', name: 'out', length: 7, areProbabilities } } as const;
      const adapted = adaptSession(session, { name: 'mine', fit }, getModel('face-expression'));
      const { logits } = await adapted.run(feedFor('face-expression'), { outputs: ['logits'] });
      const [first, , , last] = Array.from(logits?.data ?? [], Number);
      expect(first).toBeCloseTo(areProbabilities ? Math.log(0.5) : 0.5, 5);
      expect(last).toBeCloseTo(areProbabilities ? Math.log(1e-9) : 0, 5);
    }
  });

  it.each<[string, () => Tensor | Promise<Tensor>, string]>([
    ['throws', () => Promise.reject(new Error('Gather: index out of bounds')), 'Gather: index out of bounds'],
    ['gives another shape', () => ({ type: 'float32', data: new Float32Array(3), dims: [3] }), 'got 3 of float32'],
    ['gives NaN', () => ({ type: 'float32', data: new Float32Array(128).fill(Number.NaN), dims: [1, 128] }), 'got NaN'],
  ])('says which model failed where it %s, and goes on', async (_, fail, message) => {
    let isBad = true;
    const good: Tensor = { type: 'float32', data: new Float32Array(128), dims: [1, 128] };
    const fit = { input, output: { kind: 'numbers', name: 'out', length: 128 } } as const;
    const session = giving(() => (isBad ? fail() : good));
    const adapted = adaptSession(session, { name: 'mine.onnx (0badcafe)', fit }, getModel('face-recognition'));
    const run = () => adapted.run(feedFor('face-recognition'), { outputs: ['descriptor'] });
    await expect(run()).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/^The model mine\.onnx \(0badcafe\) failed at this picture: /),
    });
    await expect(run()).rejects.toThrow(message);
    isBad = false;
    expect((await run()).descriptor?.data).toHaveLength(128);
  });

  it('leaves an abort as it is', async () => {
    const fit = { input, output: { kind: 'numbers', name: 'out', length: 128 } } as const;
    const session = giving(() => Promise.reject(new FocalError('aborted', 'The work was cancelled.')));
    const adapted = adaptSession(session, { name: 'mine', fit }, getModel('face-recognition'));
    await expect(adapted.run(feedFor('face-recognition'))).rejects.toMatchObject({ code: 'aborted' });
  });
});
