import { createMatte, createPicture, FocalError, type Picture, resizeMatte, toErrorData, toTensor } from '@focal/core';
import type { ModelEntry } from '../catalogue/index.ts';
import type { Session, Tensor } from '../ports.ts';
import { toBytes } from '../tasks/matte.ts';
import { SCORES, SIDES } from '../tasks/objects/look.ts';
import { takeFloats } from '../tasks/outputs.ts';
import { toDetectorMaps } from './detector-maps.ts';
import { OWN_BOX_VALUES, type OwnModel, type OwnModelFit, type OwnOutputFit } from './own-model.ts';

/**
 * A session of a user's own model that is fed, and answers, as the model `entry` in whose place it runs: size, layout
 * and range are turned on the way in, what it gives on the way out. Where it fails at a picture, that throws
 * `model-invalid` with the model's name, and the session goes on. Closing it closes `session`.
 */
export function adaptSession(
  session: Session,
  { name, fit }: Pick<OwnModel, 'name' | 'fit'>,
  entry: ModelEntry,
): Session {
  const { input, output } = fit;
  return {
    inputNames: [entry.input.name],
    outputNames: output.kind === 'boxes' ? [SCORES, SIDES] : (entry.outputs ?? [ANSWERS[output.kind]]),
    device: session.device,
    async run(feeds, options = {}) {
      const feed = feeds[entry.input.name];
      if (feed === undefined) throw new FocalError('invalid-argument', `Expected the input ${entry.input.name}.`);
      const tensor = toOwnInput(feed, input, entry);
      try {
        const outputs = await session.run({ [input.name]: tensor }, { ...options, outputs: [output.name] });
        return toAnswer(outputs, fit, entry, options.outputs);
      } catch (error) {
        throw toOwnError(error, name);
      }
    },
    close: () => session.close(),
  };
}

/** What the answer is called where the entry names no outputs. */
const ANSWERS = { alpha: 'alpha', numbers: 'numbers', boxes: 'boxes' } as const;

function toOwnInput(feed: Tensor, { width, height, layout, range }: OwnModelFit['input'], entry: ModelEntry): Tensor {
  const [black, white] = range;
  const scale = (white - black) / 255;
  const mean = -black / scale;
  const { data } = toTensor(toPicture(feed, entry), width, height, {
    fit: 'stretch',
    layout,
    mean: [mean, mean, mean],
    scale: [scale, scale, scale],
  });
  return { type: 'float32', data, dims: layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3] };
}

/** The answer under the names that the task asks for. */
function toAnswer(
  outputs: Readonly<Record<string, Tensor>>,
  { input, output }: OwnModelFit,
  entry: ModelEntry,
  wanted: readonly string[] | undefined,
): Readonly<Record<string, Tensor>> {
  const named = wanted?.[0] ?? entry.outputs?.[0] ?? ANSWERS[output.kind];
  switch (output.kind) {
    case 'alpha': {
      const alpha = takeFinite(outputs, output.name, output.width * output.height);
      const [side, across] = sizeOf(entry);
      return {
        [named]: { type: 'float32', data: resizeAlpha(alpha, output, across, side), dims: [1, 1, side, across] },
      };
    }
    case 'numbers': {
      const values = takeFinite(outputs, output.name, output.length);
      const data = output.areProbabilities === true ? values.map((value) => Math.log(Math.max(value, 1e-9))) : values;
      return { [named]: { type: 'float32', data, dims: [1, output.length] } };
    }
    case 'boxes':
      return toDetectorMaps(takeFinite(outputs, output.name, output.boxes * OWN_BOX_VALUES), output, input);
  }
}

function takeFinite(outputs: Readonly<Record<string, Tensor>>, name: string, length: number): Float32Array {
  const values = takeFloats(outputs, name, length);
  if (values.every((value) => Number.isFinite(value))) return values;
  throw new FocalError('model-invalid', 'Expected numbers as its output, got NaN or infinity.');
}

/** Whatever the runtime says of it: the model is the user's own, and so is the mending. */
function toOwnError(error: unknown, name: string): unknown {
  const { code, message } = toErrorData(error);
  if (code === 'aborted' || code === 'closed') return error;
  return new FocalError('model-invalid', `The model ${name} failed at this picture: ${message}`, {
    hint: 'Other pictures may do. Leave --model out to have it done by Focal’s own model.',
    cause: error,
  });
}

/** The 8-bit picture that a task has made a model's input from. */
function toPicture(feed: Tensor, { input }: ModelEntry): Picture {
  const [height, width] = sizeOf({ input });
  const plane = width * height;
  if (feed.type !== 'float32' || feed.data.length !== plane * 3) {
    throw new FocalError('invalid-argument', `Expected ${plane * 3} floats for the input ${input.name}.`);
  }
  const [black, white] = input.range;
  const scale = 255 / (white - black);
  const [step, stride] = input.layout === 'nchw' ? [1, plane] : [3, 1];
  const { data } = feed;
  const picture = createPicture(width, height);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      picture.data[i * 4 + channel] = ((data[i * step + channel * stride] as number) - black) * scale + 0.5;
    }
    picture.data[i * 4 + 3] = 255;
  }
  return picture;
}

function resizeAlpha(
  alpha: Float32Array,
  { width, height }: Extract<OwnOutputFit, { kind: 'alpha' }>,
  toWidth: number,
  toHeight: number,
): Float32Array {
  if (width === toWidth && height === toHeight) return alpha;
  const { data } = resizeMatte(createMatte(width, height, { data: toBytes(alpha) }), toWidth, toHeight);
  const floats = new Float32Array(data.length);
  for (let i = 0; i < floats.length; i++) floats[i] = (data[i] as number) / 255;
  return floats;
}

function sizeOf({ input: { layout, dims } }: Pick<ModelEntry, 'input'>): readonly [height: number, width: number] {
  return layout === 'nchw' ? [dims[2], dims[3]] : [dims[1], dims[2]];
}
