/** Whether frames take nearly all of the time that there is between them: then what can be left out is. */
export interface Pace {
  /** A frame was answered at this time, after so many milliseconds of work. */
  answered(nowMs: number, workMs: number): void;
  readonly isBehind: boolean;
}

/** Of the time, at work: from this share on it is behind. */
const BEHIND = 0.85;
/** Over how long it is looked at. */
const WINDOW_MS = 2000;
/** Frames that are farther apart belong to no stream: a source was paused. */
const PAUSE_MS = 1000;

export function createPace(): Pace {
  let before: number | undefined;
  let share = 0;
  return {
    answered(nowMs, workMs) {
      const gap = before === undefined ? PAUSE_MS : nowMs - before;
      before = nowMs;
      if (gap <= 0 || gap >= PAUSE_MS) return;
      share += (Math.min(1, workMs / gap) - share) * (1 - Math.exp(-gap / WINDOW_MS));
    },
    get isBehind() {
      return share > BEHIND;
    },
  };
}
