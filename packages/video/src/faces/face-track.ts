import type { Box, FacePoints } from '@focal/core';

/**
 * How a place in a track is known, surest first. `found`: the detector saw a face there in this frame. `looked`: it saw
 * one at a closer look where one was expected. `followed`: what was a face was followed by its looks. `between`: between
 * two frames in which it was seen. `beyond`: before the first or after the last of them.
 */
export type FaceBasis = 'found' | 'looked' | 'followed' | 'between' | 'beyond';

/** Where a face is in one frame. */
export interface FacePlace {
  /** From the brows to the chin, in fractions of the frame. */
  readonly box: Box;
  /** Turn of the head in the frame's plane, degrees clockwise. */
  readonly rollDegrees: number;
  readonly points?: FacePoints;
  /** How sure the detector, or what followed it, was, 0..1; 0 where nothing was measured. */
  readonly score: number;
  readonly basis: FaceBasis;
}

/** One face through time. Plain data. */
export interface FaceTrack {
  /** "face-1", in order of appearance. */
  readonly id: string;
  /** Frame of the first place. */
  readonly first: number;
  /** One for each frame from the first on; nothing where the face was out of sight. */
  readonly places: readonly (FacePlace | undefined)[];
  /** Whether it ends because the scene changed. */
  readonly endsAtCut: boolean;
  /** Whether it begins at the first frame of a scene. */
  readonly startsAtCut: boolean;
}
