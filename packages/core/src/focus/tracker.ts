import type { Picture } from '../picture/picture.ts';
import type { Box } from '../scene/geometry.ts';

/** Where a tracker sees its subject in a frame. */
export interface TrackStep {
  /** Fractions of the frame; may reach outside 0..1 where the subject leaves it. */
  readonly box: Box;
  /** How alike this place is to the subject, 0..1: measured in this frame, never a guess from the frames before. */
  readonly confidence: number;
}

/**
 * Follows one subject, whatever it is, from frame to frame. All frames of a run have one size. Deterministic: the same
 * frames give the same steps. Implementations pass the contract tests of trackers.
 */
export interface Tracker {
  /** Learns the subject anew. Throws `invalid-argument` for a box without an area. */
  start(frame: Picture, box: Box): Promise<void>;
  /** Looks for the subject around where it was last. Throws `invalid-argument` before the first `start`. */
  step(frame: Picture): Promise<TrackStep>;
  /** Has the next step look here: the subject was found by other means. What was learned of it is kept. */
  moveTo(box: Box): void;
}
