import type { FocusDetection, FocusView } from '@focal/core';
import type { Device } from '@focal/models';

/** One frame of a live session, and what is asked of it. */
export interface LiveFrameInput {
  /** JPEG, PNG or WebP. */
  readonly bytes: Uint8Array;
  /** Larger frames are reduced to so many pixels on the longer side. */
  readonly maxSide: number;
  /** When it was taken, never falling. */
  readonly timeMs: number;
  /** Parameters of `focusLook`; defaults for what is left out. */
  readonly look: Readonly<Record<string, unknown>>;
  /** Lets go of the subject first. */
  readonly release?: boolean;
  /** Locks what is at a point of this frame, in fractions; with `pick` also what no detector knows. */
  readonly lock?: { readonly x: number; readonly y: number; readonly pick?: boolean };
  /** The detector looks at every so many frames. */
  readonly detectEvery?: number;
  /** Draws the subject's box, and that of what is at this point. */
  readonly boxes?: { readonly pointer?: { readonly x: number; readonly y: number } };
  /** Of the JPEG that comes back, 1..100. */
  readonly jpegQuality: number;
}

/** What became of a frame. */
export interface LiveFrameOutput {
  /** A JPEG. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly view: FocusView;
  readonly detections: readonly FocusDetection[];
  /** Whether there was nothing to lock where that was asked for. */
  readonly isMissed: boolean;
  /** Milliseconds by what they went into. */
  readonly timings: Readonly<Record<string, number>>;
}

/** What is known of a session's thread once it is ready. */
export interface LiveReady {
  readonly device: Device;
  readonly tracker: 'nanotrack' | 'correlation';
}

/** What a live worker does, for one session after another. */
export type LiveJobs = {
  /** Loads what every frame needs. */
  readonly 'live-open': {
    readonly input: { readonly quality: 'fast' | 'balanced' | 'quality' };
    readonly output: LiveReady;
  };
  readonly 'live-frame': { readonly input: LiveFrameInput; readonly output: LiveFrameOutput };
};
