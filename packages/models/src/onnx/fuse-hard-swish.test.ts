import { expect, test } from 'vitest';
import { GraphBuilder } from './builder.ts';
import { fuseHardSwish } from './fuse-hard-swish.ts';

interface Written {
  readonly factor?: number;
  readonly shift?: number;
  readonly top?: number;
  /** A value in between that is an output too. */
  readonly shown?: 'Add' | 'Clip';
}

/** x → (factor · x) · clip(x + shift, 0, top) → y, with a convolution's name before and a Relu behind. */
function build({ factor = 1 / 6, shift = 3, top = 6, shown }: Written = {}) {
  const graph = new GraphBuilder('net');
  graph.input('x', [1, 2, 3, 4]);
  const scaled = graph.node('Mul', [graph.floats('factor', [1, 1, 1, 1], Float32Array.of(factor)), 'x']);
  const added = graph.node('Add', ['x', graph.floats('shift', [1, 1, 1, 1], Float32Array.of(shift))]);
  const clipped = graph.node('Clip', [added, graph.scalar(0), graph.scalar(top)]);
  const product = graph.node('Mul', [scaled, clipped]);
  graph.output(graph.node('Relu', [product], { output: 'y' }), [1, 2, 3, 4]);
  if (shown !== undefined) graph.output(shown === 'Add' ? added : clipped, [1, 2, 3, 4]);
  return graph.build();
}

const operators = (model: ReturnType<typeof build>) => model.graph.nodes.map(({ opType }) => opType);

test('four operators become one, in their place, and their constants go', () => {
  const { graph } = fuseHardSwish(build());
  expect(graph.nodes.map(({ opType, inputs }) => [opType, ...inputs])).toEqual([
    ['HardSwish', 'x'],
    ['Relu', 'Mul_2'],
  ]);
  expect(graph.initializers).toEqual([]);
});

test('a sixth of 16 bits is one', () => {
  expect(operators(fuseHardSwish(build({ factor: 0.1666259765625 })))).toEqual(['HardSwish', 'Relu']);
});

test.each<Written>([{ factor: 0.2 }, { shift: 2 }, { top: 5 }, { shown: 'Add' }, { shown: 'Clip' }])(
  'what is something else, or is read by others too, stays: %o',
  (written) => {
    const model = build(written);
    expect(fuseHardSwish(model)).toEqual(model);
  },
);
