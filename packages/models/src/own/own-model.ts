import { FocalError } from '@focal/core';
import type { ModelId } from '../catalogue/index.ts';
import { ONNX_TYPE, type OnnxGraph, type OnnxValueInfo } from '../onnx/model.ts';
import { EXPRESSION_CLASSES } from '../tasks/expression.ts';
import { COCO_NAMES } from '../tasks/objects/coco-names.ts';

/** Tasks that a user's own model may be named for. */
export type OwnTask = 'matte' | 'person-matte' | 'objects' | 'identity' | 'expression';

/** What an own model of a task has to give, as 32-bit floats. */
export type OwnOutput =
  /** One plane of alpha 0..1. */
  | { readonly kind: 'alpha' }
  /** So many numbers: logits, or probabilities of `classes`, which are then turned into their logarithms. */
  | { readonly kind: 'numbers'; readonly length: number; readonly classes?: readonly string[] }
  /** Boxes of COCO's 80 kinds as YOLO gives them: [1, 84, boxes] or [1, boxes, 84]. */
  | { readonly kind: 'boxes' };

/** What a model of a task stands in for, and how it is fed. */
export interface OwnTaskFacts {
  /** The models that it takes the place of. */
  readonly replaces: readonly ModelId[];
  /** Width and height where the model takes any. */
  readonly side: number;
  /** What 0 and 255 of the 8-bit channel become. */
  readonly range: readonly [black: number, white: number];
  readonly gives: OwnOutput;
}

/** Of each box: its centre and size in input pixels, then the scores of its classes. */
export const OWN_BOX_VALUES = 4 + COCO_NAMES.length;

/** One line a task. All of them take one RGB picture as floats. */
export const OWN_TASKS: Readonly<Record<OwnTask, OwnTaskFacts>> = {
  matte: { replaces: ['isnet-medium', 'isnet-small'], side: 1024, range: [-0.5, 127 / 256], gives: { kind: 'alpha' } },
  'person-matte': { replaces: ['selfie'], side: 256, range: [0, 1], gives: { kind: 'alpha' } },
  objects: { replaces: ['centernet'], side: 640, range: [0, 1], gives: { kind: 'boxes' } },
  identity: { replaces: ['face-recognition'], side: 150, range: [-1, 1], gives: { kind: 'numbers', length: 128 } },
  expression: {
    replaces: ['face-expression'],
    side: 112,
    range: [0, 1],
    gives: { kind: 'numbers', length: EXPRESSION_CLASSES.length, classes: EXPRESSION_CLASSES },
  },
};

/** What a model of the task takes and gives, in words. */
export function describeOwnTask(task: OwnTask): { readonly takes: string; readonly gives: string } {
  const { side, range, gives } = OWN_TASKS[task];
  const [black, white] = range.map((value) => Number(value.toFixed(3)));
  return {
    takes: `one RGB picture, float32 [1, 3, height, width] or [1, height, width, 3], ${black} black to ${white} white (any size: ${side})`,
    gives: describeOutput(gives),
  };
}

function describeOutput(gives: OwnOutput): string {
  switch (gives.kind) {
    case 'alpha':
      return 'an alpha of one plane from 0 to 1, such as [1, 1, height, width]';
    case 'boxes':
      return `boxes of COCO's 80 kinds as YOLO gives them, [1, ${OWN_BOX_VALUES}, boxes] or [1, boxes, ${OWN_BOX_VALUES}]`;
    case 'numbers':
      return gives.classes === undefined
        ? `${gives.length} numbers, such as [1, ${gives.length}]`
        : `logits or probabilities of ${gives.classes.join(', ')}, such as [1, ${gives.length}]`;
  }
}

/** How an own model's tensors lie. Plain data. */
export interface OwnModelFit {
  readonly input: {
    readonly name: string;
    readonly layout: 'nchw' | 'nhwc';
    readonly width: number;
    readonly height: number;
    readonly range: readonly [black: number, white: number];
  };
  readonly output: OwnOutputFit;
}

/** Where the answer lies in an own model's outputs. */
export type OwnOutputFit =
  | { readonly kind: 'alpha'; readonly name: string; readonly width: number; readonly height: number }
  | {
      readonly kind: 'numbers';
      readonly name: string;
      readonly length: number;
      /** Adding up to 1, whose logarithms are meant. */
      readonly areProbabilities?: boolean;
    }
  | {
      readonly kind: 'boxes';
      readonly name: string;
      readonly boxes: number;
      /** Whether the values of one box lie together. */
      readonly byBox: boolean;
    };

/** A user's own model, checked and ready to run in place of others. Plain data. */
export interface OwnModel {
  readonly task: OwnTask;
  /** For people and provenance: the file's name and the start of its hash, never its folder. */
  readonly name: string;
  /** Of the original file or files, in hex. */
  readonly sha256: string;
  /** The model as `Runtime.load` takes it. */
  readonly onnx: Uint8Array | string;
  readonly fit: OwnModelFit;
}

/** Throws `invalid-argument` with the tasks there are. */
export function assertOwnTask(task: string): asserts task is OwnTask {
  if (Object.hasOwn(OWN_TASKS, task)) return;
  throw new FocalError('invalid-argument', `Expected a task that takes a model of one's own, got ${task}.`, {
    hint: `There are ${Object.keys(OWN_TASKS).join(', ')}. What each takes and gives: focal models --help`,
  });
}

/** Sizes outside of these are taken for a mistake, or an attack. */
const SIDES = { min: 32, max: 4096 } as const;
const CHANNELS = 3;
const MOST_BOXES = 100_000;

/**
 * The picture input of a model's graph. Throws `model-invalid`, saying what was expected and what came, unless it takes
 * one RGB picture as float32, with channels first or last, of a fixed size or any.
 */
export function fitInput(
  graph: OnnxGraph,
  task: OwnTask,
  range: readonly [number, number] = OWN_TASKS[task].range,
): OwnModelFit['input'] {
  // Old files list their weights as inputs, too.
  const weights = new Set(graph.initializers.map((tensor) => tensor.name));
  const inputs = graph.inputs.filter((input) => !weights.has(input.name));
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) throw misfit(task, `${inputs.length} inputs${listOf(inputs)}`);
  const { name, dataType, dims } = input;
  if (dataType !== ONNX_TYPE.float32) throw misfit(task, `elements of type ${nameOfType(dataType)}`);
  if (dims?.length !== 4) throw misfit(task, describeDims(dims));
  const [batch, second, third, last] = dims.map((size) => (typeof size === 'number' && size > 0 ? size : undefined));
  const isFirst = second === CHANNELS || (second === undefined && last !== CHANNELS);
  const layout = isFirst ? 'nchw' : 'nhwc';
  const [height, width, channels] = isFirst ? [third, last, second] : [second, third, last];
  if ((batch ?? 1) !== 1 || (channels ?? CHANNELS) !== CHANNELS) throw misfit(task, describeDims(dims));
  const { side } = OWN_TASKS[task];
  const fit = { name, layout, width: width ?? side, height: height ?? side, range } as const;
  if (![fit.width, fit.height].every(isSide)) throw misfit(task, describeDims(dims));
  return fit;
}

/**
 * Which of a model's outputs, with the shapes they really have, is the answer: the first that fits the task. Throws
 * `model-invalid`, saying what was expected and what came.
 */
export function fitOutput(
  outputs: readonly { readonly name: string; readonly type: string; readonly dims: readonly number[] }[],
  task: OwnTask,
): OwnOutputFit {
  const { gives } = OWN_TASKS[task];
  for (const { name, type, dims } of outputs) {
    const sides = dims.filter((size) => size !== 1);
    const fit = type === 'float32' ? fitSides(gives, name, sides) : undefined;
    if (fit !== undefined) return fit;
  }
  const came = outputs.map(({ name, type, dims }) => `${shorten(name)} ${type} [${dims.join(', ')}]`).join('; ');
  throw new FocalError(
    'model-invalid',
    `Expected ${describeOutput(gives)} as output of a model for ${task}, got ${came}.`,
  );
}

/** @param sides sizes of the output that are not 1 */
function fitSides(gives: OwnOutput, name: string, sides: readonly number[]): OwnOutputFit | undefined {
  const [first = 0, second = 0] = sides;
  switch (gives.kind) {
    case 'alpha':
      return sides.length === 2 && [first, second].every(isSide)
        ? { kind: 'alpha', name, width: second, height: first }
        : undefined;
    case 'numbers':
      return sides.length === 1 && first === gives.length ? { kind: 'numbers', name, length: first } : undefined;
    case 'boxes': {
      const byBox = second === OWN_BOX_VALUES && first !== OWN_BOX_VALUES;
      const boxes = byBox ? first : second;
      const isRight = sides.length === 2 && (byBox || first === OWN_BOX_VALUES) && boxes <= MOST_BOXES;
      return isRight ? { kind: 'boxes', name, boxes, byBox } : undefined;
    }
  }
}

/** Numbers go a little past their ends in some nets. */
const SHARE = { min: -0.01, max: 1.01 } as const;

/**
 * What a model gave on a trial, checked for its range. Gives the fit with what only the numbers tell. Throws
 * `model-invalid`.
 */
export function checkOutput(values: Float32Array, fit: OwnOutputFit, task: OwnTask): OwnOutputFit {
  const [min, max] = rangeOf(fit.kind === 'boxes' ? scoresOf(values, fit) : values);
  if (!(Number.isFinite(min) && Number.isFinite(max))) {
    throw new FocalError('model-invalid', `Expected numbers as output of a model for ${task}, got NaN or infinity.`);
  }
  const isShare = min >= SHARE.min && max <= SHARE.max;
  if (fit.kind === 'numbers') {
    const sum = values.reduce((all, value) => all + value, 0);
    const { gives } = OWN_TASKS[task];
    const isOfClasses = gives.kind === 'numbers' && gives.classes !== undefined;
    return isOfClasses && isShare && Math.abs(sum - 1) < 0.01 ? { ...fit, areProbabilities: true } : fit;
  }
  if (isShare) return fit;
  const what = fit.kind === 'alpha' ? 'an alpha' : 'scores';
  throw new FocalError(
    'model-invalid',
    `Expected ${what} from 0 to 1 as output, got ${min.toFixed(2)} to ${max.toFixed(2)}.`,
    { hint: 'Where the model gives logits, export it with its sigmoid.' },
  );
}

function scoresOf(values: Float32Array, { boxes, byBox }: Extract<OwnOutputFit, { kind: 'boxes' }>): Float32Array {
  return byBox ? values.filter((_, i) => i % OWN_BOX_VALUES >= 4) : values.subarray(4 * boxes);
}

/** NaN where any is. */
function rangeOf(values: Float32Array): readonly [min: number, max: number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}

function isSide(size: number): boolean {
  return size >= SIDES.min && size <= SIDES.max;
}

function misfit(task: OwnTask, came: string): FocalError {
  const { side } = OWN_TASKS[task];
  return new FocalError(
    'model-invalid',
    `Expected one RGB picture as input of a model for ${task}, float32 [1, 3, height, width] or ` +
      `[1, height, width, 3], got ${came}.`,
    { hint: `Sizes are fixed, from ${SIDES.min} to ${SIDES.max}, or any (then ${side} is used).` },
  );
}

function describeDims(dims: OnnxValueInfo['dims']): string {
  return dims === undefined ? 'an unknown shape' : `[${dims.map((size) => shorten(String(size ?? 'any'))).join(', ')}]`;
}

function listOf(inputs: readonly OnnxValueInfo[]): string {
  return inputs.length === 0
    ? ''
    : ` (${inputs
        .slice(0, 6)
        .map(({ name }) => shorten(name))
        .join(', ')})`;
}

function nameOfType(dataType: number | undefined): string {
  return Object.entries(ONNX_TYPE).find(([, number]) => number === dataType)?.[0] ?? String(dataType ?? 'unknown');
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
