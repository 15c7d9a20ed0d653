import type { OnnxNode } from '../onnx/model.ts';
import { floatOf, intOf, stringOf } from './attributes.ts';
import { type GraphView, invalid } from './graph-view.ts';
import { type GradientOperator, inputOf, outputOf } from './operator.ts';

/**
 * Resize of rows and columns, `nearest` or `linear`. It is a matrix from the left and one from the right, and so is its
 * gradient, with the matrices transposed.
 */
export const resize: GradientOperator = {
  shape(view, node) {
    const input = view.shape(inputOf(node, 0));
    const sizes = sizesOf(view, node, input);
    if (input.length !== 4 || sizes.length !== 4 || sizes[0] !== input[0] || sizes[1] !== input[1]) {
      throw invalid(`Expected Resize ${node.name} to change rows and columns only.`);
    }
    return sizes;
  },
  gradient({ graph, view }, node, grad) {
    const [, , height = 1, width = 1] = view.shape(inputOf(node, 0));
    const [, , rows = 1, columns = 1] = view.shape(outputOf(node));
    const scales = scalesOf(view, node);
    const across = weightsOf(node, width, columns, scales?.[3] ?? columns / width);
    const down = transpose(weightsOf(node, height, rows, scales?.[2] ?? rows / height), rows, height);
    const narrow = graph.node('MatMul', [grad, graph.floats('columns', [columns, width], across)]);
    return [graph.node('MatMul', [graph.floats('rows', [height, rows], down), narrow])];
  },
};

function scalesOf(view: GraphView, node: OnnxNode): readonly number[] | undefined {
  const name = node.inputs[2];
  if (name === undefined || name === '') return undefined;
  const { values } = view.floats(node, 2);
  return values.length === 0 ? undefined : [...values];
}

function sizesOf(view: GraphView, node: OnnxNode, input: readonly number[]): readonly number[] {
  const scales = scalesOf(view, node);
  if (scales === undefined) return view.ints(node, 3);
  return input.map((size, axis) => Math.floor(size * (scales[axis] ?? 1)));
}

/** Row o of the matrix [to, from]: how much of each input makes output o (operator Resize of the ONNX specification). */
function weightsOf(node: OnnxNode, from: number, to: number, scale: number): Float32Array {
  const mode = stringOf(node, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') throw invalid(`Expected Resize by nearest or linear, got ${mode}.`);
  if (intOf(node, 'exclude_outside', 0) !== 0 || floatOf(node, 'cubic_coeff_a', -0.75) !== -0.75)
    throw invalid(`Expected Resize ${node.name} without settings for cubic filters.`);
  const weights = new Float32Array(to * from);
  const add = (o: number, at: number, weight: number): void => {
    const i = o * from + Math.min(from - 1, Math.max(0, at));
    weights[i] = (weights[i] as number) + weight;
  };
  for (let o = 0; o < to; o++) {
    const place = placeOf(node, o, { from, to, scale });
    if (mode === 'nearest') {
      add(o, roundAs(stringOf(node, 'nearest_mode', 'round_prefer_floor'), place), 1);
      continue;
    }
    const inside = Math.min(from - 1, Math.max(0, place));
    const first = Math.floor(inside);
    add(o, first, 1 - (inside - first));
    add(o, first + 1, inside - first);
  }
  return weights;
}

function placeOf(
  node: OnnxNode,
  o: number,
  { from, to, scale }: { readonly from: number; readonly to: number; readonly scale: number },
): number {
  const mode = stringOf(node, 'coordinate_transformation_mode', 'half_pixel');
  if (mode === 'asymmetric') return o / scale;
  if (mode === 'half_pixel') return (o + 0.5) / scale - 0.5;
  if (mode === 'pytorch_half_pixel') return to > 1 ? (o + 0.5) / scale - 0.5 : 0;
  if (mode === 'align_corners') return to > 1 ? (o * (from - 1)) / (to - 1) : 0;
  throw invalid(`Expected Resize with the coordinates of pictures, got ${mode}.`);
}

function roundAs(mode: string, value: number): number {
  if (mode === 'floor') return Math.floor(value);
  if (mode === 'ceil') return Math.ceil(value);
  return mode === 'round_prefer_ceil' ? Math.floor(value + 0.5) : Math.ceil(value - 0.5);
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number);
}
