import { type Fact, type Picture, resizePicture } from '@focal/core';
import type { Sessions } from '../sessions.ts';
import { MATTE_SIDE } from '../tasks/matte.ts';
import { type DetectorLook, lookOnce, PLAIN_VIEW } from '../tasks/objects/look.ts';
import type { FactInput, MatteModel } from './fact-maker.ts';

const DETECTOR = 'centernet';

export interface FactInputOptions {
  readonly picture: Picture;
  /** The picture resized to the square of mattes, where the caller made it. */
  readonly square: Picture | undefined;
  readonly sessions: Sessions;
  readonly matteModel: MatteModel;
  /** The facts that are to be made. */
  readonly facts: readonly Fact[];
}

/** What the facts of one picture are made from. */
export function createFactInput(options: FactInputOptions): FactInput {
  const { picture, sessions, matteModel, facts } = options;
  let square = options.square;
  let reduced: Picture | undefined;
  let look: Promise<DetectorLook> | undefined;

  const input: FactInput = {
    picture,
    sessions,
    matteModel,
    square() {
      square ??= resizePicture(picture, MATTE_SIDE, MATTE_SIDE);
      return square;
    },
    reduced() {
      reduced ??= reduce();
      return reduced;
    },
    detect(step) {
      look ??= (async () => {
        const session = facts.includes('saliency') ? sessions.getWithGradient(DETECTOR) : sessions.get(DETECTOR);
        return lookOnce(await session, input.reduced(), PLAIN_VIEW, step.runOptions);
      })();
      return look;
    },
  };

  /** Always by way of the square, so that what is found does not depend on which facts are asked for. */
  function reduce(): Picture {
    const { width, height } = picture;
    const scale = MATTE_SIDE / Math.max(width, height);
    if (scale >= 1) return picture;
    return resizePicture(input.square(), Math.ceil(width * scale), Math.ceil(height * scale));
  }

  return input;
}
