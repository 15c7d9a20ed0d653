import type { FocusDetection, FocusView, Hidden, Matte } from '@focal/core';
import type { FollowQuality } from '@focal/models';

/** A frame on its way to a worker: one that was captured, or a moment of the demo, which each worker draws itself. */
export type LiveFrame =
  | { readonly kind: 'captured'; readonly frame: VideoFrame }
  | { readonly kind: 'drawn'; readonly timeMs: number };

/** How a frame is read: its size in pixels, left and right swapped or not. */
export interface LiveShape {
  readonly width: number;
  readonly height: number;
  readonly isMirrored: boolean;
}

/** `subject`: one, chosen by a click, is sharp. `everyone`: all people are. `hide`: faces or people are hidden. */
export type LiveMode = 'subject' | 'everyone' | 'hide';

/** Who is hidden in the mode `hide`. */
export interface HideSettings {
  readonly what: 'faces' | 'people';
  /** Whether whoever is locked stays to be seen. */
  readonly sparesLocked: boolean;
}

/** What is seen in the place of what is hidden. */
export type LiveCover =
  | { readonly kind: 'blur' }
  | { readonly kind: 'mosaic' }
  | { readonly kind: 'solid'; readonly color: string };

/** Outlines that hide, and what they were made for: with other settings they are not enough. */
export interface LiveHidden {
  readonly settings: HideSettings;
  readonly outlines: readonly Hidden[];
}

/** How frames are followed. */
export interface FollowSettings {
  readonly mode: LiveMode;
  readonly quality: Exclude<FollowQuality, 'offline'>;
  /** The detector looks at every so many frames. */
  readonly detectEvery: number;
  readonly hide: HideSettings;
}

/** What is known of a frame. */
export interface LiveFollowed {
  readonly view: FocusView;
  readonly matte?: Matte;
  /** In the mode `hide`; nothing where the models are not there. */
  readonly hidden?: LiveHidden;
  /** What a pointer can light up. */
  readonly detections: readonly FocusDetection[];
  /** `learn`: what the frame before left to be done after its answer; of it, `ms` holds what this frame waited for. */
  readonly timings: Readonly<Partial<Record<'detect' | 'track' | 'mask' | 'hide' | 'learn', number>>>;
  /** Milliseconds from the frame's coming in to all this. */
  readonly ms: number;
}

/** What stands behind people in the mode `everyone`. */
export type LiveBackdrop =
  | { readonly kind: 'blur' }
  | { readonly kind: 'color'; readonly color: string }
  | { readonly kind: 'picture' };

/** Loading what following needs. */
export interface LiveLoading {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}
