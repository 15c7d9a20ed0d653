import { createRequire } from 'node:module';
import {
  GraphBuilder,
  getModel,
  logitsOf,
  type OnnxModel,
  prune,
  readOnnx,
  toRunnableOnnx,
  withGradient,
  writeOnnx,
} from '@focal/models';
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBundledModel } from './bundled-model.ts';
import { differentiateInTfjs } from './onnx-in-tfjs.ts';
import { type FloatTensor, openTfjs } from './tfjs.ts';
import { registerTfjsGradients } from './tfjs-gradients.ts';

const PHOTO = createRequire(import.meta.url)
  .resolve('@vladmandic/face-api/package.json')
  .replace('package.json', 'demo/sample1.jpg');

type Build = (graph: GraphBuilder, x: string) => string;

/** A small graph: what shape it takes and gives, and how it is built. */
interface Case {
  readonly dims: readonly number[];
  readonly gives: readonly number[];
  readonly build: Build;
}

const PICTURE = [1, 3, 6, 5];
const ints = (...values: number[]) => ({ ints: values });

/** Every operator, with the settings that change its gradient. Shapes that windows give are worked out by the runtime. */
const CASES: Readonly<Record<string, Case>> = {
  'Add of a repeated constant': same((graph, x) => graph.node('Add', [x, floats(graph, [3, 1, 1])])),
  'Add to itself, transformed': same((graph, x) => graph.node('Add', [x, graph.node('Mul', [x, x])])),
  'Sub from a constant': same((graph, x) => graph.node('Sub', [floats(graph, [1]), x])),
  'Mul by a constant of fewer dimensions': same((graph, x) => graph.node('Mul', [floats(graph, [6, 5]), x])),
  'Mul by its own mean, as squeeze-and-excite has it': same((graph, x) =>
    graph.node('Mul', [x, graph.node('Sigmoid', [graph.node('GlobalAveragePool', [x])])]),
  ),
  'Div by a value': same((graph, x) =>
    graph.node('Div', [x, graph.node('Add', [graph.node('Mul', [x, x]), graph.scalar(1)])]),
  ),
  Relu: same((graph, x) => graph.node('Relu', [x])),
  'Clip on both sides': same((graph, x) => graph.node('Clip', [x, graph.scalar(-0.7), graph.scalar(1.1)])),
  'Clip from zero': same((graph, x) => graph.node('Clip', [x, graph.scalar(0), graph.scalar(1.1)])),
  'Clip at the top only': same((graph, x) => graph.node('Clip', [x, '', graph.scalar(0.3)])),
  Sigmoid: same((graph, x) => graph.node('Sigmoid', [x])),
  Tanh: same((graph, x) => graph.node('Tanh', [x])),
  HardSigmoid: same((graph, x) =>
    graph.node('HardSigmoid', [x], { attributes: { alpha: { float: 0.6 }, beta: { float: 0.4 } } }),
  ),
  HardSwish: same((graph, x) => graph.node('HardSwish', [graph.node('Mul', [x, graph.scalar(3)])])),
  'Softmax over channels': same((graph, x) => graph.node('Softmax', [x], { attributes: { axis: { int: 1 } } })),
  Identity: same((graph, x) => graph.node('Identity', [x])),
  BatchNormalization: same((graph, x) =>
    graph.node('BatchNormalization', [
      x,
      ...[0, 1, 2].map(() => floats(graph, [3])),
      graph.floats('variance', [3], Float32Array.of(0.5, 2, 1)),
    ]),
  ),
  Transpose: {
    dims: PICTURE,
    gives: [6, 1, 5, 3],
    build: (graph, x) => graph.node('Transpose', [x], { attributes: { perm: ints(2, 0, 3, 1) } }),
  },
  'Reshape with a size left open': {
    dims: PICTURE,
    gives: [1, 9, 10],
    build: (graph, x) => graph.node('Reshape', [x, graph.ints([0, 9, -1])]),
  },
  Flatten: {
    dims: PICTURE,
    gives: [3, 30],
    build: (graph, x) => graph.node('Flatten', [x], { attributes: { axis: { int: 2 } } }),
  },
  'Squeeze and Unsqueeze': {
    dims: PICTURE,
    gives: [3, 6, 1, 5, 1],
    build: (graph, x) => graph.node('Unsqueeze', [graph.node('Squeeze', [x, graph.ints([0])]), graph.ints([2, -1])]),
  },
  Pad: {
    dims: PICTURE,
    gives: [1, 3, 9, 8],
    build: (graph, x) => graph.node('Pad', [x, graph.ints([0, 0, 1, 2, 0, 0, 2, 1])]),
  },
  'Concat of a value and what it becomes': {
    dims: PICTURE,
    gives: [1, 9, 6, 5],
    build: (graph, x) =>
      graph.node('Concat', [x, floats(graph, PICTURE), graph.node('Mul', [x, x])], {
        attributes: { axis: { int: -3 } },
      }),
  },
  GlobalAveragePool: { dims: PICTURE, gives: [1, 3, 1, 1], build: (graph, x) => graph.node('GlobalAveragePool', [x]) },
  ReduceMean: {
    dims: PICTURE,
    gives: [1, 6],
    build: (graph, x) => graph.node('ReduceMean', [x], { attributes: { axes: ints(1, -1), keepdims: { int: 0 } } }),
  },
  MatMul: { dims: PICTURE, gives: [1, 3, 6, 4], build: (graph, x) => graph.node('MatMul', [x, floats(graph, [5, 4])]) },
  Gemm: {
    dims: [2, 7],
    gives: [2, 4],
    build: (graph, x) =>
      graph.node('Gemm', [x, floats(graph, [7, 4]), floats(graph, [4])], {
        attributes: { alpha: { float: 0.7 }, beta: { float: 2 } },
      }),
  },
  'Gemm, transposed': {
    dims: [2, 7],
    gives: [2, 4],
    build: (graph, x) => graph.node('Gemm', [x, floats(graph, [4, 7])], { attributes: { transB: { int: 1 } } }),
  },
  'MaxPool with windows that overlap': {
    dims: PICTURE,
    gives: [1, 3, 3, 3],
    build: (graph, x) =>
      graph.node('MaxPool', [x], {
        attributes: { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 0, 1) },
      }),
  },
};

describe('the gradient of an ONNX graph', () => {
  it.each(Object.entries(CASES))('is what small steps give for %s', async (_, each) => {
    expect(await gradientError(each, 1)).toBeLessThan(1);
  });

  it('is what small steps give for convolutions of any stride, padding, dilation and number of groups', async () => {
    const convolution = fc.record({
      ...windowOf(),
      groups: fc.constantFrom(1, 2, 4),
      filters: fc.integer({ min: 1, max: 2 }),
      isDepthwise: fc.boolean(),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(convolution, async ({ groups, filters, isDepthwise, seed, ...window }) => {
        const group = isDepthwise ? 4 : groups;
        const out = isDepthwise ? 4 : groups * filters;
        const gives = [1, out, ...slide(window)];
        fc.pre(gives.every((size) => size > 0));
        const build: Build = (graph, x) =>
          graph.node('Conv', [x, floats(graph, [out, 4 / group, ...window.kernel], seed), floats(graph, [out])], {
            attributes: { ...attributesOf(window), group: { int: group } },
          });
        expect(await gradientError({ dims: [1, 4, ...window.size], gives, build }, seed)).toBeLessThan(1);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('is what small steps give for means over windows, with and without their padding', async () => {
    const pool = fc.record({ ...windowOf(), isPaddingCounted: fc.boolean(), seed: fc.integer() });
    await fc.assert(
      fc.asyncProperty(pool, async ({ isPaddingCounted, seed, ...given }) => {
        const window = {
          ...given,
          dilations: [1, 1],
          pads: given.pads.map((pad, i) => Math.min(pad, (given.kernel[i % 2] ?? 1) - 1)),
        };
        const gives = [1, 2, ...slide(window)];
        fc.pre(gives.every((size) => size > 0));
        const { dilations: _, ...attributes } = attributesOf(window);
        const build: Build = (graph, x) =>
          graph.node('AveragePool', [x], {
            attributes: { ...attributes, count_include_pad: { int: isPaddingCounted ? 1 : 0 } },
          });
        expect(await gradientError({ dims: [1, 2, ...window.size], gives, build }, seed)).toBeLessThan(1);
      }),
      { seed: 3, numRuns: 30 },
    );
  });

  it('is what small steps give for every way to resize', async () => {
    const resizing = fc.record({
      size: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
      to: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
      mode: fc.constantFrom('linear', 'nearest'),
      nearest: fc.constantFrom('floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'),
      coordinates: fc.constantFrom('asymmetric', 'half_pixel', 'pytorch_half_pixel', 'align_corners'),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(resizing, async ({ size, to, mode, nearest, coordinates, seed }) => {
        const gives = [1, 2, ...to];
        const build: Build = (graph, x) =>
          graph.node('Resize', [x, '', '', graph.ints(gives)], {
            attributes: {
              mode: { string: mode },
              coordinate_transformation_mode: { string: coordinates },
              ...(mode === 'nearest' ? { nearest_mode: { string: nearest } } : {}),
            },
          });
        expect(await gradientError({ dims: [1, 2, ...size], gives, build }, seed)).toBeLessThan(1);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('follows values that are used more than once, in nodes of any order', async () => {
    const build: Build = (graph, x) => {
      const a = graph.node('Sigmoid', [x]);
      const b = graph.node('Mul', [a, x]);
      return graph.node('Add', [graph.node('Mul', [b, a]), graph.node('Tanh', [b])]);
    };
    const model = toModel({ dims: PICTURE, gives: PICTURE, build });
    const shuffled = { ...model, graph: { ...model.graph, nodes: model.graph.nodes.toReversed() } };
    expect(await modelGradientError(shuffled, { dims: PICTURE, gives: PICTURE, build }, 5)).toBeLessThan(1);
  });

  it('of the largest score comes with the scores and says which it is, never one that is ignored', async () => {
    const build: Build = (graph, x) =>
      graph.node('MatMul', [x, graph.floats('w', [4, 3], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1))]);
    const model = toModel({ dims: [1, 4], gives: [1, 3], build });
    const x = { dims: [1, 4], data: Float32Array.of(1, 1, 1, 1) };
    const free = await run(withGradient(model, { of: 'y', seed: 'top' }), { x });
    expect(Array.from(free.y?.data as Float32Array)).toEqual([13, 16, 19]);
    expect(Number(free.top?.data[0])).toBe(2);
    expect(Array.from(free.gradient?.data as Float32Array)).toEqual([3, 6, 9, 1]);
    const bound = await run(withGradient(model, { of: 'y', seed: 'top', ignored: [2] }), { x });
    expect(Number(bound.top?.data[0])).toBe(1);
    expect(Array.from(bound.gradient?.data as Float32Array)).toEqual([2, 5, 8, 1]);
  });

  it('by the guided rule lets only positive gradients pass a Relu', async () => {
    const build: Build = (graph, x) =>
      graph.node('MatMul', [graph.node('Relu', [x]), graph.floats('w', [3, 1], Float32Array.of(2, -3, 4))]);
    const model = toModel({ dims: [1, 3], gives: [1, 1], build });
    const feeds = {
      x: { dims: [1, 3], data: Float32Array.of(1, 1, -1) },
      seed: { dims: [1, 1], data: Float32Array.of(1) },
    };
    const plain = await run(withGradient(model, { of: 'y', seed: 'given', rule: 'plain' }), feeds);
    const guided = await run(withGradient(model, { of: 'y', seed: 'given', rule: 'guided' }), feeds);
    expect(Array.from(plain.gradient?.data as Float32Array)).toEqual([2, -3, 0]);
    expect(Array.from(guided.gradient?.data as Float32Array)).toEqual([2, 0, 0]);
  });

  it('is refused for operators without one, naming them and those that have one', () => {
    const model = toModel(same((graph, x) => graph.node('Relu', [graph.node('Erf', [graph.node('Asin', [x])])])));
    const attempt = () => withGradient(model, { of: 'y', seed: 'top' });
    expect(attempt).toThrow('Expected operators that have a gradient, got Asin, Erf.');
    expect(attempt).toThrow(expect.objectContaining({ code: 'model-invalid', hint: expect.stringContaining('Conv') }));
  });

  it('is refused for values that do not depend on the input and for shapes that are not fixed', () => {
    const model = toModel(same((graph, x) => graph.node('Relu', [x])));
    expect(() => withGradient(model, { of: 'z', seed: 'top' })).toThrow('a value named z');
    const [input] = model.graph.inputs;
    const open = { ...model, graph: { ...model.graph, inputs: [{ ...input, name: 'x', dims: ['n', 3, 6, 5] }] } };
    expect(() => withGradient(open, { of: 'y', seed: 'top' })).toThrow('fixed shape');
  });
});

describe('the gradient of the bundled detector', () => {
  beforeAll(async () => {
    await openTfjs();
    await registerTfjsGradients();
  });

  it.each(['plain', 'guided'] as const)(
    'is the one of automatic differentiation in TensorFlow.js (%s)',
    async (rule) => {
      const entry = getModel('centernet');
      const model = prune(readOnnx(toRunnableOnnx(entry, await readBundledModel(entry))), ['tower_0/keypoints']);
      const of = logitsOf(model, 'tower_0/keypoints');
      const [, height, width] = entry.input.dims;
      const pixels = await sharp(PHOTO).resize(width, height, { fit: 'cover' }).removeAlpha().raw().toBuffer();
      const input = { dims: entry.input.dims, data: Float32Array.from(pixels) };
      const given = await run(withGradient(model, { of, rule, seed: 'top' }), { [entry.input.name]: input });
      const seed = { dims: [1, 80, 128, 128], data: new Float32Array(80 * 128 * 128) };
      seed.data[Number(given.top?.data[0])] = 1;
      const expected = differentiateInTfjs(model, { of, rule, input, seed });
      const errors = relativeErrors(given.gradient?.data as Float32Array, expected.data);
      expect(expected.data.filter((value) => value !== 0).length).toBeGreaterThan(100_000);
      // Where a unit lies on the edge of its Relu, rounding decides whether a plain gradient passes: in some pixels.
      const share = errors.filter((error) => error > 1e-3).length / errors.length;
      expect(share).toBeLessThanOrEqual(rule === 'guided' ? 0 : 2e-3);
    },
    120_000,
  );
});

/** An operator that keeps the shape of a small picture. */
function same(build: Build): Case {
  return { dims: PICTURE, gives: PICTURE, build };
}

function windowOf() {
  const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
  const side = fc.integer({ min: 0, max: 2 });
  return {
    size: pair(1, 9),
    kernel: pair(1, 4),
    strides: pair(1, 3),
    dilations: pair(1, 2),
    pads: fc.tuple(side, side, side, side),
  };
}

interface TestWindow {
  readonly size: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

function slide({ size, kernel, strides, dilations, pads }: TestWindow): readonly number[] {
  return size.map((length, axis) => {
    const span = ((kernel[axis] as number) - 1) * (dilations[axis] as number) + 1;
    const room = length + (pads[axis] as number) + (pads[axis + 2] as number) - span;
    return Math.floor(room / (strides[axis] as number)) + 1;
  });
}

function attributesOf({ kernel, strides, dilations, pads }: TestWindow) {
  return {
    kernel_shape: ints(...kernel),
    strides: ints(...strides),
    dilations: ints(...dilations),
    pads: ints(...pads),
  };
}

/** Numbers −1..1 from a seed. */
function randomFloats(count: number, seed: number): Float32Array {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function floats(graph: GraphBuilder, dims: readonly number[], seed = 7): string {
  return graph.floats('constant', dims, randomFloats(product(dims), seed + dims.length));
}

function toModel({ dims, gives, build }: Case): OnnxModel {
  const graph = new GraphBuilder('case');
  graph.input('x', dims);
  graph.node('Identity', [build(graph, 'x')], { output: 'y' });
  graph.output('y', gives);
  return graph.build();
}

async function gradientError(each: Case, seed: number): Promise<number> {
  return modelGradientError(toModel(each), each, seed);
}

/** How far the gradient is from what the sum of seed times output does over small steps: below 1 is near enough. */
async function modelGradientError(model: OnnxModel, { dims, gives }: Case, seed: number): Promise<number> {
  const count = product(dims);
  // No two alike and none at an edge, so that nothing bends within a step.
  const order = Array.from(randomFloats(count, seed), (key, i) => ({ key, i })).sort((a, b) => a.key - b.key);
  const data = new Float32Array(count);
  for (const [rank, { i }] of order.entries()) data[i] = (4 * (rank + 0.37)) / count - 2;
  const weights = { dims: gives, data: randomFloats(product(gives), seed + 1) };
  const gradient = await run(withGradient(model, { of: 'y', seed: 'given', rule: 'plain' }), {
    x: { dims, data },
    seed: weights,
  });
  const session = await ort.InferenceSession.create(writeOnnx(model), { logSeverityLevel: 3 });
  const step = Math.min(2e-3, 0.2 / count);
  const score = async (at: number, change: number): Promise<number> => {
    const moved = data.slice();
    moved[at] = (moved[at] as number) + change;
    const { y } = await session.run({ x: new ort.Tensor('float32', moved, [...dims]) });
    return (y as ort.Tensor & { data: Float32Array }).data.reduce(
      (sum, value, i) => sum + value * (weights.data[i] as number),
      0,
    );
  };
  let error = 0;
  for (let at = 0; at < count; at++) {
    const slope = ((await score(at, step)) - (await score(at, -step))) / (2 * step);
    const difference = Math.abs(Number(gradient.gradient?.data[at]) - slope);
    error = Math.max(
      error,
      Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference / (0.01 + 0.01 * Math.abs(slope)),
    );
  }
  await session.release();
  return error;
}

function relativeErrors(given: Float32Array, expected: Float32Array): Float32Array {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.map((value, i) => Math.abs(value - (given[i] ?? Number.NaN)) / largest);
}

async function run(
  model: OnnxModel,
  feeds: Readonly<Record<string, FloatTensor>>,
): Promise<Readonly<Record<string, ort.Tensor>>> {
  const session = await ort.InferenceSession.create(writeOnnx(model), { logSeverityLevel: 3 });
  const tensors = Object.entries(feeds).map(
    ([name, { data, dims }]) => [name, new ort.Tensor('float32', data, [...dims])] as const,
  );
  const outputs = await session.run(Object.fromEntries(tensors));
  await session.release();
  return outputs;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
