import { type Grid, type Matte, readGrid, toGrid, WHOLE_FRAME } from '@focal/core';

/** Says in which frames models look at a person whose mask is carried from one to the next. */
export interface PersonSchedule {
  /** A mask is begun: the models look at once. */
  restart(): void;
  /** Once a frame: whether they look at it; where frames come faster than they are answered, one frame later. */
  isDue(isBehind?: boolean): boolean;
  /** What they saw, and the mask of the frame before, over the whole frame. */
  looked(seen: Grid, before: Matte | undefined): void;
}

export interface PersonScheduleOptions {
  /** They look at every so many frames. */
  readonly every: number;
  /** The same where what they saw last was what had been carried there. */
  readonly calmEvery: number;
}

/** Overlap of what is seen with what was carried from which on all is calm. */
const AGREED = 0.85;

export function createPersonSchedule({ every, calmEvery }: PersonScheduleOptions): PersonSchedule {
  let isCalm = false;
  let since = Number.POSITIVE_INFINITY;
  return {
    restart() {
      isCalm = false;
      since = Number.POSITIVE_INFINITY;
    },
    isDue(isBehind = false) {
      since++;
      const usual = isCalm ? calmEvery : every;
      if (since < (isBehind ? Math.max(usual, every + 1) : usual)) return false;
      since = 0;
      return true;
    },
    looked(seen, before) {
      isCalm = before !== undefined && overlapOf(seen, before) >= AGREED;
    },
  };
}

/** Intersection over union of where both are more than half, in the part of the frame that is seen. */
function overlapOf(seen: Grid, matte: Matte): number {
  const carried = readGrid(toGrid(matte), seen, WHOLE_FRAME, WHOLE_FRAME);
  let [both, either] = [0, 0];
  for (let i = 0; i < carried.length; i++) {
    const [isSeen, isCarried] = [(seen.values[i] as number) > 0.5, (carried[i] as number) > 0.5];
    if (isSeen && isCarried) both++;
    if (isSeen || isCarried) either++;
  }
  return either === 0 ? 1 : both / either;
}
