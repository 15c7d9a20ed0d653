import type { GraphBuilder } from '../onnx/builder.ts';
import type { OnnxNode } from '../onnx/model.ts';
import { intOf, intsOf, stringOf } from './attributes.ts';
import { type GraphView, invalid } from './graph-view.ts';
import { type GradientOperator, inputOf, outputOf } from './operator.ts';

/** A window that slides over rows and columns; each pair is [rows, columns]. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Before the first row and column, after the last. */
  readonly pads: readonly [top: number, left: number, bottom: number, right: number];
}

/** A convolution's weights [out, in / groups, rows, columns]. */
interface Filters {
  readonly dims: readonly [out: number, inPerGroup: number, rows: number, columns: number];
  readonly values: Float32Array;
  readonly groups: number;
}

/** `kernel_shape`, `strides`, `dilations` and `pads` of a node, for an input of this shape. */
export function windowOf(node: OnnxNode, kernel: readonly number[], input: readonly number[]): Window {
  const [strides, dilations] = [intsOf(node, 'strides', [1, 1]), intsOf(node, 'dilations', [1, 1])];
  const given = intsOf(node, 'pads', [0, 0, 0, 0]);
  if (input.length !== 4 || kernel.length !== 2) {
    throw invalid(`Expected pictures of two dimensions for ${node.opType} ${node.name}, got ${kernel.length}.`);
  }
  const auto = stringOf(node, 'auto_pad', 'NOTSET');
  const pads = auto === 'NOTSET' || auto === '' ? [...given] : [0, 0, 0, 0];
  if (auto.startsWith('SAME')) {
    for (let axis = 0; axis < 2; axis++) {
      const [size = 1, stride = 1] = [input[axis + 2], strides[axis]];
      const span = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
      const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + span - size);
      pads[axis] = auto === 'SAME_UPPER' ? total >> 1 : total - (total >> 1);
      pads[axis + 2] = total - (pads[axis] ?? 0);
    }
  }
  return {
    kernel: pair(kernel),
    strides: pair(strides),
    dilations: pair(dilations),
    pads: [pads[0] ?? 0, pads[1] ?? 0, pads[2] ?? 0, pads[3] ?? 0],
  };
}

/** Rows and columns that a window gives. */
export function slide(
  { kernel, strides, dilations, pads }: Window,
  input: readonly number[],
  isCeil = false,
): readonly [number, number] {
  const along = (axis: 0 | 1): number => {
    const size = (input[axis + 2] ?? 1) + pads[axis] + pads[axis === 0 ? 2 : 3];
    const steps = (size - (kernel[axis] - 1) * dilations[axis] - 1) / strides[axis];
    return (isCeil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  };
  return [along(0), along(1)];
}

/** Conv over pictures, with constant weights: any stride, padding, dilation and number of groups. */
export const conv: GradientOperator = {
  shape(view, node) {
    const input = view.shape(inputOf(node, 0));
    const filters = filtersOf(view, node);
    const [, , rows, columns] = filters.dims;
    return [input[0] ?? 1, filters.dims[0], ...slide(windowOf(node, [rows, columns], input), input)];
  },
  gradient({ graph, view }, node, grad) {
    const input = view.shape(inputOf(node, 0));
    const filters = filtersOf(view, node);
    const [, , rows, columns] = filters.dims;
    const window = windowOf(node, [rows, columns], input);
    return [convolveBack(graph, grad, { window, filters, input, output: view.shape(outputOf(node)) })];
  },
};

function filtersOf(view: GraphView, node: OnnxNode): Filters {
  const { dims, values } = view.floats(node, 1);
  const [out, inPerGroup, rows, columns] = dims;
  if (
    out === undefined ||
    inPerGroup === undefined ||
    rows === undefined ||
    columns === undefined ||
    dims.length !== 4
  ) {
    throw invalid(`Expected weights of four dimensions for ${node.opType} ${node.name}, got ${dims.length}.`);
  }
  return { dims: [out, inPerGroup, rows, columns], values, groups: intOf(node, 'group', 1) };
}

/** What a convolution that is gone back through looked like. */
export interface Backward {
  readonly window: Window;
  readonly filters: Filters;
  /** Shapes of what the convolution read and gave. */
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/**
 * The gradient of a convolution's input as a convolution again, which ONNX Runtime has faster kernels for than for
 * ConvTranspose. With stride 1 it is one with the filters turned over. With larger strides, depthwise filters go over
 * the gradient with zeros laid in between; others would waste most of their work on zeros, so they give the s² pictures
 * of rows and columns of equal remainder by s as channels, which are then laid between each other.
 */
export function convolveBack(graph: GraphBuilder, grad: string, backward: Backward): string {
  const { window, filters, input } = backward;
  const phases = window.strides[0] * window.strides[1];
  if (phases === 1) return convolve(graph, grad, backward);
  if (filters.dims[1] !== 1 || filters.dims[0] !== input[1]) {
    return layBetween(graph, convolve(graph, grad, backward), backward);
  }
  const [sh, sw] = window.strides;
  const [, , rows = 1, columns = 1] = backward.output;
  const wide = graph.node('Resize', [grad, '', graph.floats('strides', [4], Float32Array.of(1, 1, sh, sw))], {
    attributes: {
      mode: { string: 'nearest' },
      coordinate_transformation_mode: { string: 'asymmetric' },
      nearest_mode: { string: 'floor' },
    },
  });
  const size = [rows * sh, columns * sw] as const;
  const firsts = Float32Array.from({ length: size[0] * size[1] }, (_, i) =>
    Math.floor(i / size[1]) % sh === 0 && (i % size[1]) % sw === 0 ? 1 : 0,
  );
  const sparse = graph.node('Mul', [wide, graph.floats('firsts', [1, 1, ...size], firsts)]);
  const output = [...backward.output.slice(0, 2), ...size];
  return convolve(graph, sparse, { ...backward, window: { ...window, strides: [1, 1] }, output });
}

/** With a stride: all phases of a channel beside each other. */
function convolve(graph: GraphBuilder, grad: string, { window, filters, input, output }: Backward): string {
  const [, channels = 1, height = 1, width = 1] = input;
  const axes = [axisOf(window, 0, height, output[2] ?? 1), axisOf(window, 1, width, output[3] ?? 1)] as const;
  const out = channels * window.strides[0] * window.strides[1];
  const dims = [out, filters.dims[0] / filters.groups, axes[0].taps, axes[1].taps];
  const weights = graph.floats('gradient-weights', dims, turnFilters(filters, channels, axes));
  return graph.node('Conv', [cropUnread(graph, grad, axes, output), weights], {
    attributes: {
      kernel_shape: { ints: dims.slice(2) },
      strides: { ints: [1, 1] },
      dilations: { ints: [axes[0].dilation, axes[1].dilation] },
      pads: { ints: [axes[0].before, axes[1].before, axes[0].after, axes[1].after].map((pad) => Math.max(0, pad)) },
      group: { int: filters.groups },
    },
  });
}

function layBetween(graph: GraphBuilder, phases: string, { window, input }: Backward): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = input;
  const [sh, sw] = window.strides;
  const [rows, columns] = [Math.ceil(height / sh), Math.ceil(width / sw)];
  const apart = graph.node('Reshape', [phases, graph.ints([batch, channels, sh, sw, rows, columns])]);
  const beside = graph.node('Transpose', [apart], { attributes: { perm: { ints: [0, 1, 4, 2, 5, 3] } } });
  const whole = graph.node('Reshape', [beside, graph.ints([batch, channels, rows * sh, columns * sw])]);
  if (rows * sh === height && columns * sw === width) return whole;
  return graph.node('Slice', [whole, graph.ints([0, 0]), graph.ints([height, width]), graph.ints([2, 3])]);
}

/** One axis of the convolution that goes back. */
interface Axis {
  readonly stride: number;
  readonly taps: number;
  readonly dilation: number;
  /** Zeros before and after the gradient; negative: so much of it is left out. */
  readonly before: number;
  readonly after: number;
  /** Of what comes out, for each phase. */
  readonly length: number;
  /** The forward filter's place that is at this tap in this phase; undefined for none. */
  readonly from: (phase: number, tap: number) => number | undefined;
}

/**
 * Forward, output o reads input i = o·s + k·d − p at the filter's place k. So input q·s + r takes from output q + t at
 * every k for which t = (r + p − k·d) / s is whole.
 */
function axisOf(window: Window, axis: 0 | 1, inputSize: number, outputSize: number): Axis {
  const [kernel, stride, dilation] = [window.kernel[axis], window.strides[axis], window.dilations[axis]];
  const pad = window.pads[axis];
  const length = Math.ceil(inputSize / stride);
  if (stride === 1) {
    const first = pad - (kernel - 1) * dilation;
    const after = length - 1 + pad - (outputSize - 1);
    return { stride, taps: kernel, dilation, before: -first, after, length, from: (_, tap) => kernel - 1 - tap };
  }
  const places = new Map<string, number>();
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let phase = 0; phase < stride; phase++) {
    for (let k = 0; k < kernel; k++) {
      const t = (phase + pad - k * dilation) / stride;
      if (!Number.isInteger(t)) continue;
      places.set(`${phase},${t}`, k);
      first = Math.min(first, t);
      last = Math.max(last, t);
    }
  }
  return {
    stride,
    taps: last - first + 1,
    dilation: 1,
    before: -first,
    after: length - 1 + last - (outputSize - 1),
    length,
    from: (phase, tap) => places.get(`${phase},${tap + first}`),
  };
}

/** Leaves out what no input was read for, which is rare: Conv takes no negative padding. */
function cropUnread(graph: GraphBuilder, grad: string, axes: readonly [Axis, Axis], output: readonly number[]): string {
  if (axes.every(({ before, after }) => before >= 0 && after >= 0)) return grad;
  const starts = axes.map(({ before }) => Math.max(0, -before));
  const ends = axes.map(({ after }, axis) => (output[axis + 2] ?? 1) - Math.max(0, -after));
  return graph.node('Slice', [grad, graph.ints(starts), graph.ints(ends), graph.ints([2, 3])]);
}

/** Filters from outputs to inputs: for each input channel and phase, over the outputs of its group. */
function turnFilters(
  { dims: [out, inPerGroup, rows, columns], values, groups }: Filters,
  channels: number,
  [rowAxis, columnAxis]: readonly [Axis, Axis],
): Float32Array {
  const outPerGroup = out / groups;
  const phases = rowAxis.stride * columnAxis.stride;
  const size = rowAxis.taps * columnAxis.taps;
  const turned = new Float32Array(channels * phases * outPerGroup * size);
  for (let phase = 0; phase < phases; phase++) {
    for (let tap = 0; tap < size; tap++) {
      const row = rowAxis.from(Math.floor(phase / columnAxis.stride), Math.floor(tap / columnAxis.taps));
      const column = columnAxis.from(phase % columnAxis.stride, tap % columnAxis.taps);
      if (row === undefined || column === undefined) continue;
      const place = row * columns + column;
      for (let channel = 0; channel < channels; channel++) {
        const first = Math.floor(channel / inPerGroup) * outPerGroup;
        for (let o = 0; o < outPerGroup; o++) {
          const from = ((first + o) * inPerGroup + (channel % inPerGroup)) * rows * columns + place;
          turned[((channel * phases + phase) * outPerGroup + o) * size + tap] = values[from] as number;
        }
      }
    }
  }
  return turned;
}

function pair(values: readonly number[]): readonly [number, number] {
  return [values[0] ?? 1, values[1] ?? 1];
}
