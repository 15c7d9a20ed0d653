import type { SightWish } from '@focal/core';

/** Says in which frames a detector looks, beside a session that follows a subject in each. */
export interface SightSchedule {
  /** Whether it looks at this frame. Frames are counted up. */
  isDue(frame: number, wish: SightWish): boolean;
  /** It has looked at this frame. */
  looked(frame: number): void;
  setEvery(frames: number): void;
  /** Frames are of something else from here on: the next is looked at. */
  restart(): void;
}

/** In doubt it looks so many times as often, but not at frames nearer than this. */
const DOUBT_FACTOR = 3;
const LEAST_EVERY = 2;

/** @param restFactor where a look would help little, so many times as seldom */
export function createSightSchedule(every: number, restFactor = 1): SightSchedule {
  let frames = every;
  let last = Number.NEGATIVE_INFINITY;
  return {
    isDue(frame, wish) {
      const everies: Readonly<Record<SightWish, number>> = {
        little: frames * restFactor,
        usual: frames,
        much: Math.min(frames, Math.max(LEAST_EVERY, Math.round(frames / DOUBT_FACTOR))),
      };
      return frame - last >= everies[wish];
    },
    looked(frame) {
      last = frame;
    },
    setEvery(next) {
      frames = Math.max(1, Math.round(next));
    },
    restart() {
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
