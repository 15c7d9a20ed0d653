import { intOf, intsOf } from './attributes.ts';
import { convolveBack, slide, type Window, windowOf } from './convolution.ts';
import { invalid } from './graph-view.ts';
import { type GradientOperator, inputOf, outputOf } from './operator.ts';

/** AveragePool, whether or not it counts its padding. */
export const averagePool: GradientOperator = {
  shape(view, node) {
    const input = view.shape(inputOf(node, 0));
    const window = windowOf(node, intsOf(node, 'kernel_shape', []), input);
    return [...input.slice(0, 2), ...slide(window, input, intOf(node, 'ceil_mode', 0) === 1)];
  },
  gradient({ graph, view }, node, grad) {
    if (intOf(node, 'ceil_mode', 0) === 1) throw invalid(`Expected AveragePool ${node.name} without ceil_mode.`);
    const [input, output] = [view.shape(inputOf(node, 0)), view.shape(outputOf(node))];
    const window = windowOf(node, intsOf(node, 'kernel_shape', []), input);
    const isPaddingCounted = intOf(node, 'count_include_pad', 0) === 1;
    const shares = sharesOf(window, input, output, isPaddingCounted);
    const shared = graph.node('Mul', [grad, graph.floats('shares', [1, 1, ...output.slice(2)], shares)]);
    const [channels = 1] = input.slice(1);
    const [rows, columns] = window.kernel;
    const values = new Float32Array(channels * rows * columns).fill(1);
    const filters = { dims: [channels, 1, rows, columns] as const, values, groups: channels };
    return [convolveBack(graph, shared, { window, filters, input, output })];
  },
};

/** What each output gives back to each of the pixels it is the mean of. */
function sharesOf(
  { kernel, strides, dilations, pads }: Window,
  input: readonly number[],
  output: readonly number[],
  isPaddingCounted: boolean,
): Float32Array {
  const countAlong = (axis: 0 | 1, at: number): number => {
    if (isPaddingCounted) return kernel[axis];
    const first = at * strides[axis] - pads[axis];
    const places = Array.from({ length: kernel[axis] }, (_, k) => first + k * dilations[axis]);
    return places.filter((place) => place >= 0 && place < (input[axis + 2] ?? 1)).length;
  };
  const [, , height = 1, width = 1] = output;
  return Float32Array.from(
    { length: height * width },
    (_, i) => 1 / (countAlong(0, Math.floor(i / width)) * countAlong(1, i % width)),
  );
}

/** MaxPool: the gradient goes to the pixel that was the largest. */
export const maxPool: GradientOperator = {
  shape: (view, node) => averagePool.shape(view, node),
  gradient({ graph, view }, node, grad) {
    const input = view.shape(inputOf(node, 0));
    const { kernel, strides, dilations, pads } = windowOf(node, intsOf(node, 'kernel_shape', []), input);
    const places = graph.unique('places');
    graph.node('MaxPool', [inputOf(node, 0)], {
      attributes: {
        kernel_shape: { ints: kernel },
        strides: { ints: strides },
        dilations: { ints: dilations },
        pads: { ints: pads },
        ceil_mode: { int: intOf(node, 'ceil_mode', 0) },
      },
      moreOutputs: [places],
    });
    const count = input.reduce((product, size) => product * size, 1);
    const zeros = graph.node('Expand', [graph.scalar(0), graph.ints([count])]);
    const flat = [places, grad].map((name) => graph.node('Reshape', [name, graph.ints([-1])]));
    const spread = graph.node('ScatterElements', [zeros, ...flat], {
      attributes: { axis: { int: 0 }, reduction: { string: 'add' } },
    });
    return [graph.node('Reshape', [spread, graph.ints(input)])];
  },
};
