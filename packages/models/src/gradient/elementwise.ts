import type { OnnxNode } from '../onnx/model.ts';
import { floatOf, intOf } from './attributes.ts';
import { type GraphView, invalid } from './graph-view.ts';
import { type GradientContext, type GradientOperator, inputOf, outputOf } from './operator.ts';

/** An operator that changes numbers one by one. */
function pointwise(gradient: (context: GradientContext, node: OnnxNode, grad: string) => string): GradientOperator {
  return { shape: (view, node) => view.shape(inputOf(node, 0)), gradient: (...given) => [gradient(...given)] };
}

export const identity = pointwise((_, __, grad) => grad);

export const relu = pointwise((context, node, grad) => passRelu(context, grad, [sign(context, outputOf(node))]));

/** Makes every positive number that matters larger than 1. A power of two, so that multiples of bounds are exact. */
const HUGE = 2 ** 100;

/**
 * 1 where a value is on the right side of a bound, 0 where it is the bound. No value may be on the wrong side. (Sign
 * would do, but takes four times as long; so do two operators, since it is memory that they wait for.)
 */
function beyond({ graph }: GradientContext, name: string, bound: number, side: 'above' | 'below'): string {
  const slope = side === 'above' ? HUGE : -HUGE;
  return graph.node('HardSigmoid', [name], {
    attributes: { alpha: { float: slope }, beta: { float: -slope * bound } },
  });
}

function sign(context: GradientContext, name: string): string {
  return beyond(context, name, 0, 'above');
}

function passRelu({ graph, rule }: GradientContext, grad: string, masks: readonly string[]): string {
  const passed = rule === 'guided' ? graph.node('Relu', [grad]) : grad;
  return masks.reduce((value, mask) => graph.node('Mul', [value, mask]), passed);
}

/** Clip between constants. From 0 on it is a Relu with a lid (Relu6), and guided like one. */
export const clip = pointwise((context, node, grad) => {
  const [low, high] = [boundOf(context.view, node, 1), boundOf(context.view, node, 2)];
  const output = outputOf(node);
  const masks: string[] = [];
  if (low !== undefined) masks.push(beyond(context, output, low, 'above'));
  if (high !== undefined) masks.push(beyond(context, output, high, 'below'));
  if (low === 0) return passRelu(context, grad, masks);
  return masks.reduce((value, mask) => context.graph.node('Mul', [value, mask]), grad);
});

function boundOf(view: GraphView, node: OnnxNode, at: number): number | undefined {
  const name = node.inputs[at];
  if (name === undefined || name === '') return undefined;
  const [value] = view.floats(node, at).values;
  return value === undefined || Math.abs(value) > 1e37 ? undefined : value;
}

/** s' = s (1 − s). */
export const sigmoid = pointwise(({ graph }, node, grad) => {
  const output = outputOf(node);
  const slope = graph.node('Mul', [output, graph.node('Sub', [graph.scalar(1), output])]);
  return graph.node('Mul', [grad, slope]);
});

/** t' = 1 − t². */
export const tanh = pointwise(({ graph }, node, grad) => {
  const output = outputOf(node);
  const slope = graph.node('Sub', [graph.scalar(1), graph.node('Mul', [output, output])]);
  return graph.node('Mul', [grad, slope]);
});

export const hardSigmoid = pointwise((context, node, grad) => {
  const { graph } = context;
  const output = outputOf(node);
  const inside = isBetween0And1(context, output);
  const slope = graph.node('Mul', [inside, graph.scalar(floatOf(node, 'alpha', 0.2))]);
  return graph.node('Mul', [grad, slope]);
});

/** x · h(x) with h = clip(x / 6 + 1/2, 0, 1): h + x / 6 where h is neither 0 nor 1. */
export const hardSwish = pointwise((context, node, grad) => {
  const { graph } = context;
  const attributes = { alpha: { float: 1 / 6 }, beta: { float: 0.5 } };
  const gate = graph.node('HardSigmoid', [inputOf(node, 0)], { attributes });
  const slant = graph.node('Mul', [inputOf(node, 0), graph.scalar(1 / 6)]);
  const slope = graph.node('Add', [gate, graph.node('Mul', [slant, isBetween0And1(context, gate)])]);
  return graph.node('Mul', [grad, slope]);
});

function isBetween0And1(context: GradientContext, name: string): string {
  const { graph } = context;
  return sign(context, graph.node('Mul', [name, graph.node('Sub', [graph.scalar(1), name])]));
}

/** s (g − Σ g s), the sum along the axis. */
export const softmax = pointwise(({ graph, view }, node, grad) => {
  const output = outputOf(node);
  const rank = view.shape(output).length;
  const axis = (intOf(node, 'axis', -1) + rank) % rank;
  const sum = graph.node('ReduceSum', [graph.node('Mul', [grad, output]), graph.ints([axis])]);
  return graph.node('Mul', [output, graph.node('Sub', [grad, sum])]);
});

/** With fixed mean and variance: a factor for each channel. */
export const batchNormalization = pointwise(({ graph, view }, node, grad) => {
  const [scale, variance] = [view.floats(node, 1).values, view.floats(node, 4).values];
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  const factors = scale.map((value, i) => value / Math.sqrt((variance[i] as number) + epsilon));
  const rank = view.shape(inputOf(node, 0)).length;
  const dims = Array.from({ length: rank }, (_, axis) => (axis === 1 ? factors.length : 1));
  return graph.node('Mul', [grad, graph.floats('factors', dims, factors)]);
});

/** An operator on two values, the smaller repeated to the size of the larger. */
function binary(
  gradient: (context: GradientContext, node: OnnxNode, grad: string) => readonly [() => string, () => string],
): GradientOperator {
  return {
    shape: (view, node) => broadcast(node, view.shape(inputOf(node, 0)), view.shape(inputOf(node, 1))),
    gradient(context, node, grad) {
      const output = context.view.shape(outputOf(node));
      return gradient(context, node, grad).map((make, at) => {
        const input = inputOf(node, at);
        return context.isWanted(input) ? sumTo(context, make(), output, context.view.shape(input)) : undefined;
      });
    },
  };
}

export const add = binary((_, __, grad) => [() => grad, () => grad]);
export const sub = binary(({ graph }, _, grad) => [() => grad, () => graph.node('Neg', [grad])]);
export const mul = binary(({ graph }, node, grad) => [
  () => graph.node('Mul', [grad, inputOf(node, 1)]),
  () => graph.node('Mul', [grad, inputOf(node, 0)]),
]);
export const div = binary(({ graph }, node, grad) => [
  () => graph.node('Div', [grad, inputOf(node, 1)]),
  () => graph.node('Neg', [graph.node('Div', [graph.node('Mul', [grad, outputOf(node)]), inputOf(node, 1)])]),
]);

function broadcast(node: OnnxNode, a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (left !== right && left !== 1 && right !== 1) {
      throw invalid(`Expected shapes that fit for ${node.opType} ${node.name}, got [${a.join()}] and [${b.join()}].`);
    }
    return Math.max(left, right);
  });
}

/** Adds up what came of the same number, where a value was repeated. */
function sumTo({ graph }: GradientContext, grad: string, from: readonly number[], to: readonly number[]): string {
  const extra = from.length - to.length;
  const axes = from.flatMap((size, axis) => (axis < extra || (to[axis - extra] === 1 && size > 1) ? [axis] : []));
  if (axes.length === 0) return grad;
  const summed = graph.node('ReduceSum', [grad, graph.ints(axes)]);
  return extra === 0 ? summed : graph.node('Reshape', [summed, graph.ints(to)]);
}
