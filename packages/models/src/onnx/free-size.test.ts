import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './builder.ts';
import { freeSize } from './free-size.ts';
import type { OnnxModel, OnnxTensor } from './model.ts';
import { readOnnx } from './read.ts';
import { writeOnnx } from './write.ts';

/** 64² in, halved twice, enlarged once, as a list of what 1 channel says at each of 32² places. */
function createNet(shape: readonly number[] = [1, 1024, 1]): OnnxModel {
  const graph = new GraphBuilder('net');
  graph.input('picture', [1, 64, 64, 3]);
  const halves = { attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } } };
  const first = graph.node('MaxPool', [graph.node('Transpose', ['picture'])], halves);
  const second = graph.node('MaxPool', [first], halves);
  const enlarged = graph.node('Resize', [second, '', '', graph.ints([1, 3, 32, 32])]);
  graph.node('Reshape', [graph.node('Add', [first, enlarged]), graph.ints(shape)], { output: 'list' });
  graph.output('list', shape);
  return graph.build();
}

describe('freeSize', () => {
  it('turns sizes into factors and lengths into free ones', () => {
    const { graph } = readOnnx(writeOnnx(freeSize(createNet())));
    expect(graph.inputs[0]?.dims).toEqual([1, 'height', 'width', 3]);
    expect(graph.outputs[0]?.dims).toEqual([1, 'places', 1]);
    const constant = (opType: string, place: number): OnnxTensor | undefined => {
      const name = graph.nodes.find((node) => node.opType === opType)?.inputs[place];
      return graph.initializers.find((tensor) => tensor.name === name);
    };
    const bytesOf = (tensor: OnnxTensor | undefined) => Uint8Array.from(tensor?.data.bytes ?? []).buffer;
    expect([...new Float32Array(bytesOf(constant('Resize', 2)))]).toEqual([1, 1, 2, 2]);
    expect([...new BigInt64Array(bytesOf(constant('Reshape', 1)))]).toEqual([1n, -1n, 1n]);
    // What held the sizes before is gone.
    expect(graph.initializers).toHaveLength(2);
  });

  it('frees maps, also where they are weighed by numbers of the whole that are named first', () => {
    const graph = new GraphBuilder('net');
    graph.input('picture', [1, 64, 64, 3]);
    const map = graph.node('Transpose', ['picture'], { attributes: { perm: { ints: [0, 3, 1, 2] } } });
    const whole = graph.node('Sigmoid', [graph.node('GlobalAveragePool', [map])]);
    const weighed = graph.node('Mul', [whole, map]);
    const enlarged = graph.node('Resize', [weighed, '', '', graph.ints([1, 3, 128, 128])]);
    graph.node('Identity', [enlarged], { output: 'map' });
    graph.output('map', [1, 128, 128, 3]);
    const { graph: freed } = readOnnx(writeOnnx(freeSize(graph.build())));
    expect(freed.outputs[0]?.dims).toEqual([1, 'rows', 'columns', 3]);
    const resize = freed.nodes.find((node) => node.opType === 'Resize');
    expect(resize?.inputs).toHaveLength(3);
    const factors = freed.initializers.find(({ name }) => name === resize?.inputs[2]);
    expect([...new Float32Array(Uint8Array.from(factors?.data.bytes ?? []).buffer)]).toEqual([1, 1, 2, 2]);
  });

  it('refuses nets that see the picture as a whole, and names why', () => {
    expect(() => freeSize(createNet([1, 1024]))).toThrow('Reshape');
    const graph = new GraphBuilder('net');
    graph.input('picture', [1, 64, 64, 3]);
    graph.output(graph.node('MatMul', ['picture', 'picture'], { output: 'y' }), [1, 1]);
    expect(() => freeSize(graph.build())).toThrow(expect.objectContaining({ code: 'model-invalid' }));
  });
});
