/** Says in which frames a detector looks, beside a session that follows a subject in each. */
export interface SightSchedule {
  /** Whether it looks at this frame; `isWanted`: the session is in doubt. Frames are counted up. */
  isDue(frame: number, isWanted: boolean): boolean;
  /** It has looked at this frame. */
  looked(frame: number): void;
  setEvery(frames: number): void;
  /** Frames are of something else from here on: the next is looked at. */
  restart(): void;
}

/** In doubt it looks so many times as often, but not at frames nearer than this. */
const DOUBT_FACTOR = 3;
const LEAST_EVERY = 2;

export function createSightSchedule(every: number): SightSchedule {
  let frames = every;
  let last = Number.NEGATIVE_INFINITY;
  return {
    isDue(frame, isWanted) {
      const inDoubt = Math.min(frames, Math.max(LEAST_EVERY, Math.round(frames / DOUBT_FACTOR)));
      return frame - last >= (isWanted ? inDoubt : frames);
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
