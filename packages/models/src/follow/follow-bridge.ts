import { createMaskBridge, type Matte, type Picture } from '@focal/core';
import type { FollowedFrame } from './follower.ts';

/**
 * Gives frames that were followed with `offline` the masks that are made of what was seen before and after them. They
 * come back in order, by at most core's `MOST_BRIDGED` frames later; those without key frames at once.
 */
export interface FollowBridge {
  /** The next frame; another number of the subject begins anew. Nothing was followed where there is no second. */
  next(frame: Picture, followed: FollowedFrame | undefined, subject: number): readonly (FollowedFrame | undefined)[];
  /** The frames that are left. */
  end(): readonly FollowedFrame[];
}

export function createFollowBridge(): FollowBridge {
  const bridge = createMaskBridge();
  let waiting: FollowedFrame[] = [];
  let isBegun = false;
  let last: number | undefined;

  function end(): readonly FollowedFrame[] {
    const mattes = bridge.end();
    const left = waiting.map((each, i) => ({ ...each, matte: mattes[i] as Matte }));
    waiting = [];
    isBegun = false;
    return left;
  }

  return {
    next(frame, followed, subject) {
      const before = subject === last ? [] : end();
      last = subject;
      const box = followed?.view.box;
      if (followed?.matte === undefined || box === undefined) return [...before, ...end(), followed];
      if (!isBegun && followed.key === undefined) return [...before, followed];
      isBegun = true;
      waiting.push(followed);
      const { key, isLookedAt, matte } = followed;
      const looks = { ...(key !== undefined && { key }), ...(isLookedAt === true && { own: matte }) };
      const mattes = bridge.next(frame, box, looks);
      const settled = waiting.splice(0, mattes.length);
      return [...before, ...settled.map((each, i) => ({ ...each, matte: mattes[i] as Matte }))];
    },
    end,
  };
}
