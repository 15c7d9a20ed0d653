import { createMatte, type Matte } from '../../picture/matte.ts';
import { resizeMatte } from '../../picture/resize.ts';
import type { FocusLook } from './look.ts';

/** What is in focus in a frame. */
export interface InFocus {
  /** Its alpha over the whole frame, mostly smaller than it; nothing where nothing is in focus. */
  readonly matte?: Matte;
  /** Another number, another subject: the focus is pulled from one to the other. */
  readonly subject: number;
  /** Of the frame, never falling. */
  readonly timeMs: number;
}

/** How one frame is to be drawn, whatever came before. Plain data. */
export interface FocusShot {
  /** What is sharp; nothing where all of it is. */
  readonly sharp?: Matte;
  /** Radius of the largest blur disc, as a share of the longer side. */
  readonly radius: number;
}

/** Eases changes of what is in focus over time. Frames must come in order; costs next to nothing. */
export interface FocusPull {
  next(focus: InFocus, look: FocusLook): FocusShot;
  /** Whether the last shot was in the middle of a pull, so that the next will differ even if nothing moves. */
  readonly isPulling: boolean;
}

export function createFocusPull(): FocusPull {
  let shown: { readonly matte: Matte; readonly subject: number } | undefined;
  let before: { readonly matte: Matte; readonly sinceMs: number } | undefined;
  /** How far the blur is there, 0..1, and when that was. */
  let blurred = 0;
  let lastMs: number | undefined;
  let isPulling = false;

  /** What is sharp now: the subject, and during a pull what is left of the one before. */
  function sharpMatte(timeMs: number, pullMs: number): Matte | undefined {
    if (shown === undefined) return undefined;
    if (before === undefined) return shown.matte;
    const share = pullMs === 0 ? 1 : (timeMs - before.sinceMs) / pullMs;
    if (share >= 1) {
      before = undefined;
      return shown.matte;
    }
    return mixMattes(before.matte, shown.matte, ease(share));
  }

  return {
    get isPulling() {
      return isPulling;
    },
    next({ matte, subject, timeMs }, look) {
      const passed = lastMs === undefined ? undefined : Math.max(0, timeMs - lastMs);
      lastMs = timeMs;
      if (matte !== undefined) {
        if (shown !== undefined && shown.subject !== subject && blurred > 0) {
          before = { matte: sharpMatte(timeMs, look.pullMs) ?? shown.matte, sinceMs: timeMs };
        }
        shown = { matte, subject };
      }
      const wanted = matte === undefined ? 0 : 1;
      // What is in focus from the very first frame on has not been pulled there.
      const step = passed === undefined || look.pullMs === 0 ? 1 : passed / look.pullMs;
      blurred = wanted > blurred ? Math.min(wanted, blurred + step) : Math.max(wanted, blurred - step);
      if (blurred === 0 && wanted === 0) {
        shown = undefined;
        before = undefined;
      }
      const sharp = sharpMatte(timeMs, look.pullMs);
      isPulling = before !== undefined || blurred !== wanted;
      return { ...(sharp === undefined ? {} : { sharp }), radius: look.radius * ease(blurred) };
    },
  };
}

/** From one matte to another, in the other's size. */
function mixMattes(from: Matte, to: Matte, share: number): Matte {
  const { width, height } = to;
  const start = from.width === width && from.height === height ? from : resizeMatte(from, width, height);
  const mixed = createMatte(width, height);
  for (let i = 0; i < mixed.data.length; i++) {
    const a = start.data[i] as number;
    mixed.data[i] = Math.round(a + ((to.data[i] as number) - a) * share);
  }
  return mixed;
}

/** Slow at both ends. */
function ease(share: number): number {
  return share * share * (3 - 2 * share);
}
