import type { OnnxNode } from '../onnx/model.ts';
import { floatOf, intOf, intsOf, stringOf } from './attributes.ts';
import { type GraphView, invalid } from './graph-view.ts';
import { type GradientContext, type GradientOperator, inputOf, outputOf } from './operator.ts';

/** An operator that keeps every number and its order, in another shape. */
function reshaping(shape: GradientOperator['shape']): GradientOperator {
  return {
    shape,
    gradient: ({ graph, view }, node, grad) => [
      graph.node('Reshape', [grad, graph.ints(view.shape(inputOf(node, 0)))]),
    ],
  };
}

export const reshape = reshaping((view, node) => {
  const input = view.shape(inputOf(node, 0));
  const sizes = view.ints(node, 1).map((size, axis) => (size === 0 ? (input[axis] ?? 1) : size));
  const known = product(sizes.filter((size) => size !== -1));
  return sizes.map((size) => (size === -1 ? product(input) / known : size));
});

export const flatten = reshaping((view, node) => {
  const input = view.shape(inputOf(node, 0));
  const axis = toAxis(intOf(node, 'axis', 1), input.length);
  return [product(input.slice(0, axis)), product(input.slice(axis))];
});

export const squeeze = reshaping((view, node) => {
  const input = view.shape(inputOf(node, 0));
  const axes = axesOf(view, node, input.length, []);
  return input.filter((size, axis) => (axes.length === 0 ? size !== 1 : !axes.includes(axis)));
});

export const unsqueeze = reshaping((view, node) => {
  const input = [...view.shape(inputOf(node, 0))];
  const rank = input.length + view.ints(node, 1).length;
  const axes = axesOf(view, node, rank, []);
  return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (input.shift() ?? 1)));
});

export const transpose: GradientOperator = {
  shape(view, node) {
    const input = view.shape(inputOf(node, 0));
    return permOf(node, input.length).map((axis) => input[axis] ?? 1);
  },
  gradient({ graph, view }, node, grad) {
    const perm = permOf(node, view.shape(inputOf(node, 0)).length);
    const back = perm.map((_, axis) => perm.indexOf(axis));
    return [graph.node('Transpose', [grad], { attributes: { perm: { ints: back } } })];
  },
};

function permOf(node: OnnxNode, rank: number): readonly number[] {
  return intsOf(
    node,
    'perm',
    Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
  );
}

export const concat: GradientOperator = {
  shape(view, node) {
    const shapes = node.inputs.map((name) => view.shape(name));
    const [first = []] = shapes;
    const at = toAxis(intOf(node, 'axis', 0), first.length);
    return first.map((size, axis) => (axis === at ? shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0) : size));
  },
  gradient(context, node, grad) {
    const { graph, view } = context;
    const axis = toAxis(intOf(node, 'axis', 0), view.shape(outputOf(node)).length);
    let end = 0;
    return node.inputs.map((name) => {
      const start = end;
      end += view.shape(name)[axis] ?? 0;
      if (!context.isWanted(name)) return undefined;
      return graph.node('Slice', [grad, graph.ints([start]), graph.ints([end]), graph.ints([axis])]);
    });
  },
};

/** Pad with a constant around. */
export const pad: GradientOperator = {
  shape(view, node) {
    const input = view.shape(inputOf(node, 0));
    const pads = padsOf(view, node);
    return input.map((size, axis) => size + (pads[axis] ?? 0) + (pads[axis + input.length] ?? 0));
  },
  gradient({ graph, view }, node, grad) {
    const input = view.shape(inputOf(node, 0));
    const starts = padsOf(view, node).slice(0, input.length);
    const ends = input.map((size, axis) => (starts[axis] ?? 0) + size);
    return [graph.node('Slice', [grad, graph.ints(starts), graph.ints(ends)])];
  },
};

function padsOf(view: GraphView, node: OnnxNode): readonly number[] {
  const mode = stringOf(node, 'mode', 'constant');
  const pads = view.ints(node, 1);
  if (mode !== 'constant' || pads.some((size) => size < 0) || (node.inputs[3] ?? '') !== '') {
    throw invalid(`Expected Pad ${node.name} with a constant around on all axes, got ${mode}.`);
  }
  return pads;
}

/** The mean along axes: each number that it was made of gets the same share. */
export const reduceMean: GradientOperator = {
  shape(view, node) {
    const input = view.shape(inputOf(node, 0));
    const axes = meanAxes(node, input.length);
    if (intOf(node, 'keepdims', 1) === 1) return input.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return input.filter((_, axis) => !axes.includes(axis));
  },
  gradient: (context, node, grad) => [
    spread(context, node, grad, meanAxes(node, context.view.shape(inputOf(node, 0)).length)),
  ],
};

function meanAxes(node: OnnxNode, rank: number): readonly number[] {
  const all = Array.from({ length: rank }, (_, axis) => axis);
  return intsOf(node, 'axes', all).map((axis) => toAxis(axis, rank));
}

export const globalAveragePool: GradientOperator = {
  shape: (view, node) => view.shape(inputOf(node, 0)).map((size, axis) => (axis < 2 ? size : 1)),
  gradient(context, node, grad) {
    const rank = context.view.shape(inputOf(node, 0)).length;
    return [
      spread(
        context,
        node,
        grad,
        Array.from({ length: rank - 2 }, (_, i) => i + 2),
      ),
    ];
  },
};

function spread({ graph, view }: GradientContext, node: OnnxNode, grad: string, axes: readonly number[]): string {
  const input = view.shape(inputOf(node, 0));
  const kept = input.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const count = product(axes.map((axis) => input[axis] ?? 1));
  const shares = graph.node('Mul', [graph.node('Reshape', [grad, graph.ints(kept)]), graph.scalar(1 / count)]);
  return graph.node('Expand', [shares, graph.ints(input)]);
}

/** MatMul with a constant on one side. */
export const matMul: GradientOperator = {
  shape(view, node) {
    const [a, b] = [view.shape(inputOf(node, 0)), view.shape(inputOf(node, 1))];
    if (a.length < 2 || b.length !== 2) throw invalid(`Expected MatMul ${node.name} of a value and a matrix.`);
    return [...a.slice(0, -1), b[1] ?? 1];
  },
  gradient({ graph, view }, node, grad) {
    const { dims, values } = view.floats(node, 1);
    return [graph.node('MatMul', [grad, graph.floats('matrix', [...dims].reverse(), turn(values, dims))])];
  },
};

/** Gemm with a constant matrix: α·a·b + β·c. */
export const gemm: GradientOperator = {
  shape(view, node) {
    const [a, { dims }] = [view.shape(inputOf(node, 0)), view.floats(node, 1)];
    return [a[0] ?? 1, (intOf(node, 'transB', 0) === 1 ? dims[0] : dims[1]) ?? 1];
  },
  gradient({ graph, view }, node, grad) {
    if (intOf(node, 'transA', 0) === 1) throw invalid(`Expected Gemm ${node.name} without transA.`);
    const attributes = {
      alpha: { float: floatOf(node, 'alpha', 1) },
      transB: { int: 1 - intOf(node, 'transB', 0) },
    };
    view.floats(node, 1);
    return [graph.node('Gemm', [grad, inputOf(node, 1)], { attributes })];
  },
};

function turn(values: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number);
}

function axesOf(view: GraphView, node: OnnxNode, rank: number, fallback: readonly number[]): readonly number[] {
  const name = node.inputs[1];
  return (name === undefined || name === '' ? fallback : view.ints(node, 1)).map((axis) => toAxis(axis, rank));
}

function toAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
