import { FocalError } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './builder.ts';
import { ONNX_TYPE, type OnnxGraph, type OnnxModel } from './model.ts';
import { ProtoWriter } from './proto-writer.ts';
import { prune } from './prune.ts';
import { readOnnx } from './read.ts';
import { writeOnnx } from './write.ts';

/** Two outputs that share a first node: y = relu(x + w), z = sigmoid(relu(x + w) * v). */
function sampleModel(): OnnxModel {
  const graph = new GraphBuilder('sample');
  graph.input('x', [1, 300]);
  const w = graph.floats(
    'w',
    [300],
    Float32Array.from({ length: 300 }, (_, index) => index / 7),
  );
  const v = graph.floats('v', [2], Float32Array.of(1, -2));
  graph.node('Relu', [graph.node('Add', ['x', w], { output: 'sum' })], { output: 'y' });
  graph.node('Sigmoid', [graph.node('Mul', ['y', v])], {
    attributes: { a: { int: -3 }, b: { ints: [1, -2, 2 ** 40] }, c: { float: 0.5 }, d: { string: 'größe' } },
    output: 'z',
  });
  graph.output('y', [1, 300]);
  graph.output('z', [1, 300]);
  return graph.build();
}

describe('the ONNX reader and writer', () => {
  it('give back what was written, to the byte', () => {
    const bytes = writeOnnx(sampleModel());
    const model = readOnnx(bytes);
    expect(writeOnnx(model)).toEqual(bytes);
    expect(model.graph.nodes.at(-1)?.attributes).toEqual([
      { name: 'a', kind: 'int', value: -3n },
      { name: 'b', kind: 'ints', value: [1n, -2n, 1n << 40n] },
      { name: 'c', kind: 'float', value: 0.5 },
      { name: 'd', kind: 'string', value: 'größe' },
    ]);
    expect(model.graph.inputs).toEqual([{ name: 'x', dataType: ONNX_TYPE.float32, dims: [1, 300] }]);
  });

  it('leave weights where they are in the file', () => {
    const whole = new Uint8Array(5 + writeOnnx(sampleModel()).length);
    whole.set(writeOnnx(sampleModel()), 5);
    const [weights] = readOnnx(whole.subarray(5)).graph.initializers;
    expect(weights?.data.bytes.buffer).toBe(whole.buffer);
    const values = new Float32Array(Uint8Array.from(weights?.data.bytes ?? []).buffer);
    expect(values[7]).toBe(1);
    expect(values).toHaveLength(300);
  });

  it('keep symbolic and unknown sizes, graphs in attributes, and types they do not look into', () => {
    const inner: OnnxGraph = { ...sampleModel().graph, name: 'branch' };
    const model: OnnxModel = {
      ...sampleModel(),
      functions: [Uint8Array.of(10, 1, 65)],
      graph: {
        ...inner,
        name: 'outer',
        inputs: [
          { name: 'flexible', dataType: 1, dims: ['batch', undefined, 0] },
          { name: 'any rank', dataType: 1 },
          { name: 'sequence', raw: Uint8Array.of(0x22, 0) },
          { name: 'untold' },
        ],
        nodes: [
          {
            opType: 'If',
            domain: 'some.domain',
            name: 'choice',
            inputs: ['', 'y'],
            outputs: ['chosen'],
            attributes: [
              { name: 'then_branch', kind: 'graph', value: inner },
              {
                name: 'weights',
                kind: 'tensor',
                value: { name: '', dataType: 7, dims: [2], data: { field: 7, bytes: Uint8Array.of(1, 2) } },
              },
              { name: 'rates', kind: 'floats', value: [0.25, -8] },
            ],
          },
        ],
      },
    };
    expect(readOnnx(writeOnnx(model))).toEqual(model);
  });

  it('read lists that are not packed', () => {
    const bytes = new ProtoWriter()
      .message(7, (graph) =>
        graph.message(5, (tensor) => tensor.int(1, 3).int(1, 2).int(2, 7).int(7, 300).int(7, -1).string(8, 'list')),
      )
      .message(8, (opset) => opset.int(2, 17))
      .finish();
    expect(readOnnx(bytes).graph.initializers).toEqual([
      {
        name: 'list',
        dataType: 7,
        dims: [3, 2],
        data: { field: 7, bytes: new ProtoWriter().packedInts(1, [300, -1]).finish().subarray(2) },
      },
    ]);
  });

  it.each([
    ['no bytes at all', new Uint8Array()],
    ['a text', new TextEncoder().encode('this is no model')],
    ['a length past the end', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a varint without end', new Uint8Array(40).fill(0xff)],
    ['weights in another file', withTensor((tensor) => tensor.message(13, (entry) => entry.string(1, 'location')))],
    ['a tensor of negative size', withTensor((tensor) => tensor.int(1, -4))],
    ['a name that is no text', withTensor((tensor) => tensor.bytes(8, Uint8Array.of(0xff, 0xfe)))],
    ['a graph nested without end', nested(3000)],
    [
      'millions of empty nodes',
      new ProtoWriter()
        .bytes(
          7,
          new Uint8Array(4e6).map((_, at) => (at % 2 === 0 ? 10 : 0)),
        )
        .finish(),
    ],
    ['millions of sizes', withTensor((tensor) => tensor.bytes(1, new Uint8Array(2e6)))],
  ])('refuse %s and say what was expected', (_what, bytes) => {
    expect(() => readOnnx(bytes)).toThrow(
      expect.objectContaining({ code: 'model-invalid', message: expect.stringMatching(/^Expected /) }),
    );
  });

  it('read damaged files to the end or throw model-invalid', () => {
    const bytes = writeOnnx(sampleModel());
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(bytes.length), damage, (length, changes) => {
        const damaged = bytes.slice(0, length);
        for (const [at, value] of changes) if (at < length) damaged[at] = value;
        expect(outcome(() => writeOnnx(readOnnx(damaged)))).toMatch(/read|refused/);
      }),
      { seed: 11, numRuns: 3000 },
    );
  });

  it('read any bytes to the end or throw model-invalid', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(outcome(() => readOnnx(bytes))).toMatch(/read|refused/);
      }),
      { seed: 12, numRuns: 2000 },
    );
  });
});

describe('prune', () => {
  it('keeps only what an output needs', () => {
    const pruned = prune(sampleModel(), ['y']);
    expect(pruned.graph.nodes.map((node) => node.opType)).toEqual(['Add', 'Relu']);
    expect(pruned.graph.initializers.map((tensor) => tensor.name)).toEqual(['w']);
    expect(pruned.graph.outputs.map((output) => output.name)).toEqual(['y']);
    expect(pruned.graph.inputs.map((input) => input.name)).toEqual(['x']);
  });

  it('drops inputs that no output needs', () => {
    const graph = new GraphBuilder('two');
    graph.input('a', [1]);
    graph.input('b', [1]);
    for (const [input, output] of [
      ['a', 'c'],
      ['b', 'd'],
    ] as const) {
      graph.output(graph.node('Relu', [input], { output }), [1]);
    }
    expect(prune(graph.build(), ['d']).graph.inputs.map((input) => input.name)).toEqual(['b']);
  });

  it('finds what is needed whatever the order of the nodes', () => {
    const model = sampleModel();
    const shuffled = { ...model, graph: { ...model.graph, nodes: model.graph.nodes.toReversed() } };
    expect(prune(shuffled, ['z']).graph.nodes).toHaveLength(model.graph.nodes.length);
    expect(prune(shuffled, ['y']).graph.nodes.map((node) => node.opType)).toEqual(['Relu', 'Add']);
  });

  it('keeps values that a graph inside of a node takes from outside', () => {
    const model = sampleModel();
    const branch: OnnxGraph = {
      name: 'branch',
      nodes: [{ opType: 'Neg', domain: '', name: '', inputs: ['sum'], outputs: ['inner'], attributes: [] }],
      initializers: [],
      inputs: [],
      outputs: [{ name: 'inner' }],
      values: [],
    };
    const graph: OnnxGraph = {
      ...model.graph,
      nodes: [
        ...model.graph.nodes,
        {
          opType: 'If',
          domain: '',
          name: '',
          inputs: ['flag'],
          outputs: ['q'],
          attributes: [{ name: 'then_branch', kind: 'graph', value: branch }],
        },
      ],
      outputs: [{ name: 'q' }],
    };
    expect(prune({ ...model, graph }, ['q']).graph.nodes.map((node) => node.opType)).toEqual(['Add', 'If']);
  });

  it('refuses an output that is not there and names those that are', () => {
    expect(() => prune(sampleModel(), ['mask'])).toThrow(
      expect.objectContaining({ code: 'model-invalid', message: expect.stringContaining('y, z') }),
    );
  });
});

function withTensor(write: (tensor: ProtoWriter) => void): Uint8Array {
  return new ProtoWriter()
    .message(7, (graph) => graph.message(5, write))
    .message(8, (opset) => opset.int(2, 17))
    .finish();
}

/** A graph in an attribute of a node of a graph in an attribute … */
function nested(depth: number): Uint8Array {
  let graph = new ProtoWriter().string(2, 'innermost').finish();
  for (let level = 0; level < depth; level++) {
    const inside = graph;
    graph = new ProtoWriter().message(1, (node) => node.message(5, (attribute) => attribute.bytes(6, inside))).finish();
  }
  return new ProtoWriter()
    .bytes(7, graph)
    .message(8, (opset) => opset.int(2, 17))
    .finish();
}

/** What became of the file; anything but a well-told `model-invalid` fails the test. */
function outcome(read: () => unknown): 'read' | 'refused' {
  try {
    read();
    return 'read';
  } catch (error) {
    const isTold =
      error instanceof FocalError && error.code === 'model-invalid' && error.message.startsWith('Expected ');
    if (!isTold) throw error;
    return 'refused';
  }
}
