import type { Box, FocusDetection, FocusView, Grid, Matte, Picture, Point } from '@focal/core';

/** What a follower spends on a frame. `offline` takes what it needs; the others keep up with a camera. */
export type FollowQuality = 'fast' | 'balanced' | 'quality' | 'offline';

export interface FollowerOptions {
  /** Default `balanced`. */
  readonly quality?: FollowQuality;
  /** The detector looks at every so many frames; default by quality. */
  readonly detectEvery?: number;
}

/** One frame, with what is known of it. */
export interface FollowedFrame {
  readonly view: FocusView;
  /** The subject's alpha, over the whole frame, smaller than it; only while it is locked. */
  readonly matte?: Matte;
  /**
   * With `offline`, on every few frames: a better mask of the subject, for a core `MaskBridge` that carries it to the
   * frames between.
   */
  readonly key?: Grid;
  /** Whether models looked at this frame for its matte, beside what stands out in key frames. */
  readonly isLookedAt?: boolean;
  /** What the detector saw last, for the pointer to light up; may be of an earlier frame. */
  readonly detections: readonly FocusDetection[];
  /** Milliseconds in this frame by what they went into; only what ran. */
  readonly timings: Readonly<Partial<Record<'detect' | 'track' | 'mask', number>>>;
}

/**
 * Follows a subject with all that the models know: tracker, detector, and a matte of the subject in each frame. Frames
 * must come one after another and have one size; a frame of another size starts over. Owned by the caller, who closes it.
 */
export interface Follower {
  /** The tracker in use. */
  readonly tracker: 'nanotrack' | 'correlation';
  /**
   * Locks what is at a point, given in fractions of the frame: what the detector knows there or, with `pick`, also what
   * grows from the point. Nothing where there is no subject: what was followed before stays.
   */
  lockAt(frame: Picture, point: Point, options?: { readonly pick?: boolean }): Promise<FollowedFrame | undefined>;
  /** Throws `invalid-argument` for a box without an area. */
  lock(frame: Picture, box: Box, label?: string): Promise<FollowedFrame>;
  release(): void;
  /** From now on the detector looks at every so many frames; three times as often while the subject is in doubt. */
  setDetectEvery(frames: number): void;
  /** The next frame; without a lock, only the detector looks, now and then. */
  step(frame: Picture): Promise<FollowedFrame>;
  close(): Promise<void>;
}
