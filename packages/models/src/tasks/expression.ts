import {
  type Expression,
  type ExpressionName,
  type FacePoints,
  type Picture,
  throwIfAborted,
  toTensor,
} from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { alignFace, createFaceTemplate } from './align-face.ts';
import { takeFloats } from './outputs.ts';

/**
 * The two nets, by the ids `face-expression` and `emotion`. They stay the caller's. Without the second the first decides
 * alone, as a user's own model does.
 */
export interface ExpressionSessions {
  readonly expression: Session;
  readonly emotion?: Session;
}

// [Note: how much a face smiles]
// Each net judges the aligned face, one of them in two frames: three runs of a millisecond or two. Of each counts the
// logit of `happy` against the other six; both nets weigh the same. The smile is that mean through one increasing map,
// so the order of faces is what the nets say and only the scale is ours. The map (Platt 1999) was fitted on one half of
// two sets of photos that people sorted into smiling and not, where both kinds and both sets had the same weight: at .5
// as many do as do not. Frames and the sharpness of the distribution come from that half, too; what is reported comes
// from the other. Mirror images and further frames changed less than chance does, so they are not run.

/** The map from the mean logit to the smile: 1 / (1 + exp(-(slope · logit + shift))). */
const SMILE_SLOPE = 0.495;
const SMILE_SHIFT = -0.441;
/** What the mean of both nets' log probabilities is multiplied by: alone they are far too sure. */
const SHARPNESS = 0.46;

interface Net {
  readonly input: string;
  readonly output: string;
  readonly side: number;
  /** Borders around the mean face that it sees, as shares of the face's side. */
  readonly frames: readonly number[];
  /** Its classes in its own order. */
  readonly classes: readonly ExpressionName[];
  readonly prepare: (chip: Picture) => Float32Array;
}

/** The classes of `face-expression`, in its own order. */
export const EXPRESSION_CLASSES: readonly ExpressionName[] = [
  'neutral',
  'happy',
  'sad',
  'angry',
  'fearful',
  'disgusted',
  'surprised',
];
const EXPRESSION_NET: Net = {
  input: 'image',
  output: 'logits',
  side: 112,
  frames: [0.25, 0.35],
  classes: EXPRESSION_CLASSES,
  prepare: toRgb,
};
const EMOTION_NET: Net = {
  input: 'input_1',
  output: 'StatefulPartitionedCall/model_1/global_average_pooling2d_1/Mean',
  side: 64,
  frames: [0.2],
  classes: ['angry', 'disgusted', 'fearful', 'happy', 'sad', 'surprised', 'neutral'],
  prepare: toGrey,
};

const NAMES: readonly ExpressionName[] = ['angry', 'disgusted', 'fearful', 'happy', 'neutral', 'sad', 'surprised'];

/**
 * What a face shows: how much it smiles, and which of seven expressions it has. [Note: how much a face smiles] It is
 * read from the aligned face, so turns in the plane do not count. Some 6 ms.
 *
 * @example
 * const { points } = await readLandmarks(mesh, picture, face);
 * (await readExpression({ expression, emotion }, picture, { points })).smile // 0.94
 */
export async function readExpression(
  sessions: ExpressionSessions,
  picture: Picture,
  face: { readonly points: FacePoints },
  options: RunOptions = {},
): Promise<Expression> {
  const first = await judge(sessions.expression, EXPRESSION_NET, picture, face.points, options);
  const { emotion } = sessions;
  const second = emotion === undefined ? first : await judge(emotion, EMOTION_NET, picture, face.points, options);
  const logit = (first.smile + second.smile) / 2;
  const logs = first.logs.map((log, i) => ((log + (second.logs[i] as number)) / 2) * SHARPNESS);
  return { smile: 1 / (1 + Math.exp(-(SMILE_SLOPE * logit + SMILE_SHIFT))), distribution: toDistribution(logs) };
}

/** What a net says, as the mean over its frames. */
interface Judgement {
  /** The logit of `happy` against all else. */
  readonly smile: number;
  /** The logarithms of the probabilities, in the order of {@link NAMES}. */
  readonly logs: readonly number[];
}

async function judge(
  session: Session,
  net: Net,
  picture: Picture,
  points: FacePoints,
  options: RunOptions,
): Promise<Judgement> {
  const logs = NAMES.map(() => 0);
  let smile = 0;
  for (const frame of net.frames) {
    throwIfAborted(options.signal);
    const chip = alignFace(picture, points, createFaceTemplate(frame), net.side);
    const seen = await runNet(session, net, net.prepare(chip), options);
    NAMES.forEach((name, i) => {
      const log = seen[net.classes.indexOf(name)] as number;
      logs[i] = (logs[i] as number) + log / net.frames.length;
    });
    smile += toLogit(seen, net.classes.indexOf('happy')) / net.frames.length;
  }
  return { smile, logs };
}

/** One class against all others, from the logarithms of the probabilities; never infinite. */
function toLogit(logs: readonly number[], index: number): number {
  return (logs[index] as number) - logOfSum(logs.filter((_, i) => i !== index));
}

/** The logarithms of a net's probabilities. */
async function runNet(session: Session, net: Net, data: Float32Array, options: RunOptions): Promise<number[]> {
  const channels = data.length / net.side ** 2;
  const outputs = await session.run(
    { [net.input]: { type: 'float32', data, dims: [1, net.side, net.side, channels] } },
    { ...options, outputs: [net.output] },
  );
  const logits = Array.from(takeFloats(outputs, net.output, net.classes.length));
  const sum = logOfSum(logits);
  return logits.map((logit) => logit - sum);
}

/** log Σ exp, without overflow. */
function logOfSum(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

function toRgb(chip: Picture): Float32Array {
  return toTensor(chip, chip.width, chip.height, { fit: 'stretch', layout: 'nhwc', scale: [1, 1, 1] }).data;
}

/** Luma by BT.601, -1..1. */
function toGrey(chip: Picture): Float32Array {
  const rgb = toRgb(chip);
  const grey = new Float32Array(rgb.length / 3);
  for (let i = 0, o = 0; o < grey.length; i += 3, o++) {
    const luma = 0.299 * (rgb[i] as number) + 0.587 * (rgb[i + 1] as number) + 0.114 * (rgb[i + 2] as number);
    grey[o] = luma / 127.5 - 1;
  }
  return grey;
}

/** In the order of {@link NAMES}; adds up to 1. */
function toDistribution(logs: readonly number[]): Record<ExpressionName, number> {
  const sum = logOfSum(logs);
  const share = (name: ExpressionName): number => Math.exp((logs[NAMES.indexOf(name)] as number) - sum);
  return {
    angry: share('angry'),
    disgusted: share('disgusted'),
    fearful: share('fearful'),
    happy: share('happy'),
    neutral: share('neutral'),
    sad: share('sad'),
    surprised: share('surprised'),
  };
}
