import { FocalError } from '@focal/core';
import type { ModelId } from '../catalogue/index.ts';
import { ONNX_TYPE, type OnnxGraph, type OnnxValueInfo } from '../onnx/model.ts';

/** Tasks that a user's own model may be named for. */
export type OwnTask = 'matte' | 'person-matte';

/** What a model of a task stands in for, and how it is fed. */
export interface OwnTaskFacts {
  /** The models that it takes the place of. */
  readonly replaces: readonly ModelId[];
  /** Width and height where the model takes any. */
  readonly side: number;
  /** What 0 and 255 of the 8-bit channel become. */
  readonly range: readonly [black: number, white: number];
}

/** One line a task. All of them take one RGB picture and give one alpha 0..1, as floats. */
export const OWN_TASKS: Readonly<Record<OwnTask, OwnTaskFacts>> = {
  matte: { replaces: ['isnet-medium', 'isnet-small'], side: 1024, range: [-0.5, 127 / 256] },
  'person-matte': { replaces: ['selfie'], side: 256, range: [0, 1] },
};

/** How an own model's tensors lie. Plain data. */
export interface OwnModelFit {
  readonly input: {
    readonly name: string;
    readonly layout: 'nchw' | 'nhwc';
    readonly width: number;
    readonly height: number;
    readonly range: readonly [black: number, white: number];
  };
  readonly output: { readonly name: string; readonly width: number; readonly height: number };
}

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
    hint: `There are ${Object.keys(OWN_TASKS).join(', ')}.`,
  });
}

/** Sizes outside of these are taken for a mistake, or an attack. */
const SIDES = { min: 32, max: 4096 } as const;
const CHANNELS = 3;

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

/** Which of a model's outputs, with the shapes they really have, is the alpha: the first that is one plane. */
export function fitOutput(
  outputs: readonly { readonly name: string; readonly type: string; readonly dims: readonly number[] }[],
  task: OwnTask,
): OwnModelFit['output'] {
  for (const { name, type, dims } of outputs) {
    const sides = dims.filter((size) => size !== 1);
    const [height = 0, width = 0] = sides;
    if (type === 'float32' && sides.length === 2 && [height, width].every(isSide)) return { name, width, height };
  }
  const came = outputs.map(({ name, type, dims }) => `${shorten(name)} ${type} [${dims.join(', ')}]`).join('; ');
  throw new FocalError(
    'model-invalid',
    `Expected an alpha of one plane as output of a model for ${task}, such as [1, 1, height, width], got ${came}.`,
  );
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
