import type { Keyframe } from '@focal/video';

/** Plays keyframes along with a video that is watched, which may jump. */
export interface TimelineRun {
  /** What is due now that the frame of this time is shown; `jumped` where what was followed before does not hold. */
  at(
    keyframes: readonly Keyframe[],
    mediaTime: number,
  ): { readonly due: readonly Keyframe[]; readonly jumped: boolean };
  /** What was set at this time is done already. */
  skip(mediaTime: number): void;
  restart(): void;
}

/** A video that is played goes on by less than this between two frames, in seconds. */
const MOST_STEP = 1;
/** Times of frames are told with a few digits less. */
const SLACK = 0.002;

export function createTimelineRun(): TimelineRun {
  let last: number | undefined;
  return {
    at(keyframes, mediaTime) {
      const jumped = last !== undefined && (mediaTime < last - SLACK || mediaTime > last + MOST_STEP);
      const after = last === undefined || jumped ? Number.NEGATIVE_INFINITY : last + SLACK;
      last = mediaTime;
      const due = keyframes.filter(({ t }) => t > after && t <= mediaTime + SLACK);
      // After a jump only the last of those before would count, and where its subject is by now is not known.
      return { due: jumped ? due.filter(({ t }) => t > mediaTime - SLACK) : due, jumped };
    },
    skip(mediaTime) {
      last = Math.max(last ?? mediaTime, mediaTime);
    },
    restart() {
      last = undefined;
    },
  };
}
