import { type Picture, resizePicture } from '@focal/core';
import type { Session } from '../ports.ts';
import type { Sessions } from '../sessions.ts';
import { MATTE_SIDE } from '../tasks/matte.ts';
import { type DetectorLook, lookOnce, PLAIN_VIEW } from '../tasks/objects/look.ts';
import type { ClassEvidence } from '../tasks/saliency.ts';
import type { FactInput, MatteModel } from './fact-maker.ts';
import type { Step } from './step.ts';

const DETECTOR = 'centernet';

export interface FactInputOptions {
  readonly picture: Picture;
  /** What the caller has made of the picture: the square of mattes, and the reduction of {@link reducedSize}. */
  readonly square: Picture | undefined;
  readonly reduced: Picture | undefined;
  /** Whether the model of mattes, which sees the square, is there. */
  readonly hasSquareModel: boolean;
  readonly sessions: Sessions;
  readonly matteModel: MatteModel;
  /** Whether the detector is to tell what speaks for its strongest class: it takes three times as long. */
  readonly needsGradient: boolean;
  readonly evidence: ClassEvidence | undefined;
}

/** Long side of the reduced picture: what the models of things, faces and people see. */
const REDUCED_SIDE = 896;

/** Size of the reduction that most facts are made from: its own where the picture is not larger. */
export function reducedSize({ width, height }: Pick<Picture, 'width' | 'height'>): {
  readonly width: number;
  readonly height: number;
} {
  const scale = Math.min(1, REDUCED_SIDE / Math.max(width, height));
  return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
}

/** What the facts of one picture are made from. */
export function createFactInput(options: FactInputOptions): FactInput {
  const { picture, sessions, matteModel, needsGradient, hasSquareModel, evidence } = options;
  let { square, reduced } = options;
  let look: Promise<DetectorLook> | undefined;
  let gradientLook: Promise<DetectorLook> | undefined;

  const input: FactInput = {
    picture,
    sessions,
    matteModel,
    ...(evidence === undefined ? {} : { evidence }),
    square() {
      square ??= resizePicture(picture, MATTE_SIDE, MATTE_SIDE);
      return square;
    },
    reduced() {
      reduced ??= reduce();
      return reduced;
    },
    detect(step) {
      // A user's own detector has no gradient: evidence then takes a look of its own.
      const isForBoth = needsGradient && !sessions.isOwn(DETECTOR);
      look ??= isForBoth ? input.detectWithGradient(step) : lookWith(() => sessions.get(DETECTOR), step);
      return look;
    },
    detectWithGradient(step) {
      gradientLook ??= lookWith(() => sessions.getWithGradient(DETECTOR), step);
      return gradientLook;
    },
  };

  async function lookWith(load: () => Promise<Session>, step: Step): Promise<DetectorLook> {
    const session = await step('model', 0.1, load);
    return lookOnce(session, input.reduced(), PLAIN_VIEW, step.runOptions);
  }

  /**
   * By way of the square where that is needed for mattes, also when no matte is asked for: what is found does not
   * depend on which facts are.
   */
  function reduce(): Picture {
    const { width, height } = reducedSize(picture);
    if (width === picture.width && height === picture.height) return picture;
    return resizePicture(hasSquareModel ? input.square() : picture, width, height);
  }

  return input;
}
