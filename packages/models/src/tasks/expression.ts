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
import { mirrorRows } from './mirror.ts';
import { takeFloats } from './outputs.ts';

/** The two nets, by the ids `face-expression` and `emotion`. They stay the caller's. */
export interface ExpressionSessions {
  readonly expression: Session;
  readonly emotion: Session;
}

// [Note: how much a face smiles]
// Both nets judge the aligned face in two frames, each as it is and mirrored: eight runs of a millisecond or two. Of
// each run counts the logit of `happy` against the other six; the smile is the mean, through one increasing map, so
// that order is what the nets say and only the scale is ours. The map (Platt 1999) was fitted on one half of two sets
// of photos sorted by people into smiling and not, both kinds and both sets of the same weight; what is reported comes
// from the other half. A mean beats each of its parts, and nothing trained on top of it did better than the mean.

/** Borders around the mean face that the nets see, as shares of its side. */
const FRAMES = [0.25, 0.35] as const;
/** The map from the mean logit to the smile: 1 / (1 + exp(-(slope · logit + shift))). */
const SMILE_SLOPE = 1;
const SMILE_SHIFT = 0;
/** What the mean of both nets' log probabilities is multiplied by before it becomes the distribution. */
const SHARPNESS = 1;

interface Net {
  readonly input: string;
  readonly output: string;
  readonly side: number;
  /** Its classes in its own order. */
  readonly classes: readonly ExpressionName[];
}

const EXPRESSION_NET: Net = {
  input: 'image',
  output: 'logits',
  side: 112,
  classes: ['neutral', 'happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised'],
};
const EMOTION_NET: Net = {
  input: 'input_1',
  output: 'StatefulPartitionedCall/model_1/global_average_pooling2d_1/Mean',
  side: 64,
  classes: ['angry', 'disgusted', 'fearful', 'happy', 'sad', 'surprised', 'neutral'],
};

const NAMES: readonly ExpressionName[] = ['angry', 'disgusted', 'fearful', 'happy', 'neutral', 'sad', 'surprised'];

/**
 * What a face shows: how much it smiles, and which of seven expressions it has. [Note: how much a face smiles] It is
 * read from the aligned face, so turns in the plane do not count, and a mirrored photo gives the same. Some 12 ms.
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
  const sums = new Map<ExpressionName, number>(NAMES.map((name) => [name, 0]));
  let smile = 0;
  let runs = 0;
  for (const padding of FRAMES) {
    throwIfAborted(options.signal);
    const template = createFaceTemplate(padding);
    const large = toRgb(alignFace(picture, face.points, template, EXPRESSION_NET.side));
    const small = toGrey(alignFace(picture, face.points, template, EMOTION_NET.side));
    for (const [session, net, data] of [
      [sessions.expression, EXPRESSION_NET, large],
      [sessions.emotion, EMOTION_NET, small],
    ] as const) {
      const channels = data.length / net.side ** 2;
      for (const input of [data, mirrorRows(data, net.side, channels)]) {
        const logs = await runNet(session, net, input, options);
        logs.forEach((log, i) => {
          const name = net.classes[i] as ExpressionName;
          sums.set(name, (sums.get(name) ?? 0) + log);
          if (name === 'happy') smile += log - Math.log(Math.max(1e-12, -Math.expm1(log)));
        });
        runs++;
      }
    }
  }
  return {
    smile: 1 / (1 + Math.exp(-(SMILE_SLOPE * (smile / runs) + SMILE_SHIFT))),
    distribution: toDistribution(NAMES.map((name) => ((sums.get(name) as number) / runs) * SHARPNESS)),
  };
}

/** The logarithms of a net's probabilities. */
async function runNet(session: Session, net: Net, data: Float32Array, options: RunOptions): Promise<number[]> {
  const channels = data.length / net.side ** 2;
  const outputs = await session.run(
    { [net.input]: { type: 'float32', data, dims: [1, net.side, net.side, channels] } },
    { ...options, outputs: [net.output] },
  );
  const logits = takeFloats(outputs, net.output, net.classes.length);
  const top = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - top), 0);
  return Array.from(logits, (logit) => logit - top - Math.log(sum));
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
  const top = Math.max(...logs);
  const shares = logs.map((log) => Math.exp(log - top));
  const sum = shares.reduce((total, share) => total + share, 0);
  const share = (name: ExpressionName): number => (shares[NAMES.indexOf(name)] as number) / sum;
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
