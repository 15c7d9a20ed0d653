import type { OfferedFrame } from '@focal/web';
import type { LiveProblem, LiveSourceInfo } from '../state/live-store.ts';

export interface SourceEvents {
  onFrame(frame: OfferedFrame): void;
  /** The size or another fact has changed. */
  onInfo(info: LiveSourceInfo): void;
  /** The frame that is offered next lies at this time of the file, in seconds. */
  onTime?(mediaTime: number): void;
  /** A file has come to its end and begins anew, unless it is paused now. */
  onEnd?(): void;
  /** No more frames come. */
  onLost(problem: LiveProblem): void;
}

/** Where frames come from. Runs from the start; owned by whoever opened it. */
export interface LiveSource {
  readonly info: LiveSourceInfo;
  /** The element that plays it, where there is one: for its sound. */
  readonly media?: HTMLVideoElement;
  pause(): void;
  resume(): Promise<void>;
  /** Gives the frame that stands once more, while it is paused. */
  again(): void;
  /** One frame on or back, while it is paused. */
  step?(by: 1 | -1): Promise<void>;
  /** To this time, in seconds. */
  seek?(time: number): void;
  setMuted?(isMuted: boolean): void;
  close(): void;
}
