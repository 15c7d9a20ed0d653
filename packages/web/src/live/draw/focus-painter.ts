import {
  createFocusBlur,
  createFocusLayerer,
  createFocusPull,
  createPicture,
  type FocusLook,
  type InFocus,
  type Picture,
} from '@focal/core';
import { type Card, NO_CARD, openCard } from './card.ts';
import { createTrial, type DrawnBy } from './trial.ts';

/** `auto`: the graphics card where there is a real one that draws faster. */
export type DrawWish = DrawnBy | 'auto';

export interface Painted {
  /** Its pixels, overwritten by the next, or what the card has drawn, which is the caller's to close. */
  readonly shown: Picture | ImageBitmap;
  /** By what it was blurred; nothing where none of it is. */
  readonly by?: DrawnBy;
}

const IN_SOFTWARE =
  'This browser has no graphics card, or may not use it: its WebGL2 runs on the processor, slower than what Focal has for that.';

/**
 * Draws frames with one subject in focus, by the graphics card or by core's kernels, which look the same. What the card
 * cannot draw, also because it is lost, core draws, at once.
 */
export interface FocusPainter {
  /** Whether there is a real graphics card, so that what is shown should stay on it. */
  readonly hasCard: boolean;
  /** For who wishes for the card: why it is not as they may think. */
  readonly note: string | undefined;
  wish(by: DrawWish): void;
  paint(frame: Picture, focus: InFocus, look: FocusLook): Painted;
  /** Its pixels, which the processor draws. Overwritten by the next. */
  render(frame: Picture, focus: InFocus, look: FocusLook): Picture;
  /** Whether the last picture was in the middle of a pull, so that the next will differ even if nothing moves. */
  readonly isPulling: boolean;
  /** What comes next is another source. */
  restart(): void;
}

/** `onBack` is called when the card was lost and is back: what was shown may be gone. */
export function createFocusPainter(onBack: () => void, open = openCard): FocusPainter {
  let card: Card | undefined = open(onBack);
  const layerer = createFocusLayerer();
  const blur = createFocusBlur();
  const trial = createTrial();
  let pull = createFocusPull();
  let wished: DrawWish = 'auto';
  let target: Picture | undefined;

  /** Memory for what the processor draws. */
  const targetFor = ({ width, height, colorSpace }: Picture): Picture => {
    const fits = target?.width === width && target.height === height && target.colorSpace === colorSpace;
    if (!fits || target === undefined) target = createPicture(width, height, { colorSpace });
    return target;
  };

  const choose = (): DrawnBy => {
    if (card === undefined || card.problem !== undefined) return 'processor';
    if (wished !== 'auto') return wished;
    return card.isSoftware ? 'processor' : trial.next;
  };

  const paint = (frame: Picture, focus: InFocus, look: FocusLook, chosen: DrawnBy): Painted => {
    const shot = pull.next(focus, look);
    const started = performance.now();
    const { picture, subject } = layerer.split(frame, shot, look);
    if (subject === undefined) return { shown: picture };
    const lens = { ...look, radius: shot.radius };
    const drawn = chosen === 'card' ? card?.draw(picture, subject, lens) : undefined;
    const shown = drawn ?? blur.draw({ picture, subject }, lens, targetFor(picture));
    const by = shown === drawn ? 'card' : 'processor';
    trial.count(by, performance.now() - started);
    return { shown, by };
  };

  return {
    hasCard: card?.isSoftware === false,
    get note() {
      if (wished !== 'card') return undefined;
      const problem = card === undefined ? NO_CARD : card.problem;
      if (problem !== undefined) return `${problem} The processor draws.`;
      return card?.isSoftware === true ? IN_SOFTWARE : undefined;
    },
    wish(by) {
      wished = by;
      // A browser may have had none the moment it was asked.
      if (by === 'card') card ??= open(onBack);
    },
    paint: (frame, focus, look) => paint(frame, focus, look, choose()),
    render: (frame, focus, look) => paint(frame, focus, look, 'processor').shown as Picture,
    get isPulling() {
      return pull.isPulling;
    },
    restart() {
      pull = createFocusPull();
    },
  };
}
