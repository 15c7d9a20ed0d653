import { createFocusPull, FocalError, type FocusLook, type FocusShot } from '@focal/core';
import { createFollowBridge, type FollowedFrame, type Follower } from '@focal/models';
import type { VideoFrame } from '../read/frames.ts';
import { playTimeline, type Timeline } from '../timeline/timeline.ts';

export interface FocusFramesOptions {
  /** Stays the caller's. */
  readonly follower: Follower;
  readonly timeline: Timeline;
  /** Settings of the look that hold throughout, whatever the timeline says. */
  readonly overrides?: Partial<FocusLook>;
}

/** What became of the subjects of a timeline. Plain data. */
export interface FocusReport {
  /** Which tracker followed them. */
  readonly tracker: 'nanotrack' | 'correlation';
  readonly locks: readonly {
    /** Seconds. */
    readonly at: number;
    /** Whether there was something at the point. */
    readonly found: boolean;
    readonly label?: string;
  }[];
  /** Frames with the subject in focus. */
  readonly lockedFrames: number;
  /** When the subject was out of sight, in seconds. */
  readonly lost: readonly { readonly from: number; readonly to: number }[];
}

/** Tells how a video's frames are to be drawn in focus: by a core `FocusDrawer`, in any order. */
export interface FocusFrames {
  /**
   * Frames must come in order. How one is to be drawn may be known only when core's `MOST_BRIDGED` more have been looked
   * at, or at the end.
   */
  look(frame: VideoFrame): Promise<{ readonly drawn: Promise<FocusedFrame> }>;
  /** No more frames will come. */
  end(): void;
  /**
   * What became of the subjects so far. Throws `not-found` where there was nothing at any of the points: a video without
   * a focus is no result.
   */
  report(): FocusReport;
}

/** How a frame is to be drawn. */
export interface FocusedFrame {
  readonly shot: FocusShot;
  readonly look: FocusLook;
}

/** A frame of which it is not known yet. */
interface Waiting {
  readonly frame: Pick<VideoFrame, 'timestamp' | 'duration'>;
  readonly subject: number;
  readonly look: FocusLook;
  readonly resolve: (drawn: FocusedFrame) => void;
}

/** Follows what a timeline locks; no more than a few frames are kept. */
export function createFocusFrames({ follower, timeline, overrides = {} }: FocusFramesOptions): FocusFrames {
  const player = playTimeline(timeline, overrides);
  const pull = createFocusPull();
  const bridge = createFollowBridge();
  const waiting: Waiting[] = [];
  const locks: FocusReport['locks'][number][] = [];
  const lost: { from: number; to: number }[] = [];
  let subject = 0;
  let isFollowing = false;
  let isLost = false;
  let lockedFrames = 0;

  async function follow(frame: VideoFrame): Promise<FollowedFrame | undefined> {
    const { picture, timestamp } = frame;
    let followed: FollowedFrame | undefined;
    for (const keyframe of player.due(timestamp)) {
      if ('release' in keyframe) {
        follower.release();
        isFollowing = false;
        isLost = false;
        followed = undefined;
      } else if ('lock' in keyframe) {
        const taken = await follower.lockAt(picture, keyframe.lock, { pick: true });
        const label = taken?.view.label;
        locks.push({ at: timestamp, found: taken !== undefined, ...(label === undefined ? {} : { label }) });
        if (taken === undefined) continue;
        subject++;
        isFollowing = true;
        followed = taken;
      }
    }
    if (!isFollowing) return undefined;
    return followed ?? follower.step(picture);
  }

  function note({ timestamp, duration }: Waiting['frame'], followed: FollowedFrame | undefined): void {
    if (followed === undefined) return;
    if (followed.matte !== undefined) {
      lockedFrames++;
      isLost = false;
      return;
    }
    const last = lost.at(-1);
    if (isLost && last !== undefined) last.to = timestamp + duration;
    else lost.push({ from: timestamp, to: timestamp + duration });
    isLost = true;
  }

  function settle(followed: FollowedFrame | undefined): void {
    const next = waiting.shift();
    if (next === undefined) return;
    const { frame, subject: of, look, resolve } = next;
    note(frame, followed);
    const { matte } = followed ?? {};
    const inFocus = { ...(matte === undefined ? {} : { matte }), subject: of, timeMs: frame.timestamp * 1000 };
    resolve({ shot: pull.next(inFocus, look), look });
  }

  return {
    async look(frame) {
      const { picture, timestamp, duration } = frame;
      const followed = await follow(frame);
      const { look } = player;
      const drawn = new Promise<FocusedFrame>((resolve) => {
        waiting.push({ frame: { timestamp, duration }, subject, look, resolve });
      });
      for (const settled of bridge.next(picture, followed, subject)) settle(settled);
      return { drawn };
    },
    end() {
      for (const settled of bridge.end()) settle(settled);
    },
    report() {
      if (!locks.some(({ found }) => found)) {
        throw new FocalError('not-found', 'There is nothing to keep in focus where the timeline points.', {
          hint: 'Point at a person or thing: fractions of the frame from the left and the top, and the second: 0.4,0.6@2.5',
        });
      }
      return { tracker: follower.tracker, locks, lockedFrames, lost };
    },
  };
}
