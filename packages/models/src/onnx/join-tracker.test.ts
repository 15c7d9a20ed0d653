import { expect, test } from 'vitest';
import { joinTracker } from './join-tracker.ts';
import { ONNX_TYPE, type OnnxModel, type OnnxNode, RAW_DATA } from './model.ts';
import { readOnnx } from './read.ts';
import { writeOnnx } from './write.ts';

function node(opType: string, inputs: readonly string[], outputs: readonly string[]): OnnxNode {
  return { opType, domain: '', name: `${opType}_0`, inputs, outputs, attributes: [] };
}

function net(nodes: readonly OnnxNode[], inputs: readonly string[], outputs: readonly string[]): OnnxModel {
  const value = (name: string) => ({ name, dataType: ONNX_TYPE.float32, dims: [1] });
  return {
    irVersion: 7,
    producer: 'test',
    opsets: [{ domain: '', version: 13 }],
    functions: [],
    graph: {
      name: 'net',
      nodes,
      // Both nets call a weight alike, as exported ones do.
      initializers: [
        { name: 'w', dataType: ONNX_TYPE.float32, dims: [1], data: { field: RAW_DATA, bytes: new Uint8Array(4) } },
      ],
      inputs: inputs.map(value),
      outputs: outputs.map(value),
      values: [value('x')],
    },
  };
}

const backbone = net([node('Mul', ['input', 'w'], ['x']), node('Relu', ['x'], ['output'])], ['input'], ['output']);
const head = net(
  [node('Add', ['input1', 'w'], ['x']), node('Mul', ['x', 'input2'], ['y']), node('Exp', ['y'], ['z'])],
  ['input1', 'input2'],
  ['y', 'z'],
);

test('lays the backbone out twice over one set of weights and feeds the head from both', () => {
  const { graph } = readOnnx(writeOnnx(joinTracker(backbone, head)));
  expect(graph.inputs.map(({ name, dims }) => [name, dims])).toEqual([
    ['template', [1, 3, 127, 127]],
    ['search', [1, 3, 255, 255]],
  ]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(['scores', 'boxes']);
  expect(graph.initializers.map(({ name }) => name).sort()).toEqual(['head/w', 'w']);
  expect(graph.nodes.map(({ inputs, outputs }) => [...inputs, '→', ...outputs].join(' '))).toEqual([
    'template w → t/x',
    't/x → template-features',
    'search w → s/x',
    's/x → search-features',
    'template-features head/w → head/x',
    'head/x search-features → scores',
    'scores → boxes',
  ]);
  expect(graph.values).toEqual([]);
});

test('refuses nets of another kind', () => {
  expect(() => joinTracker(backbone, backbone)).toThrow('the head of a Siamese tracker');
});
