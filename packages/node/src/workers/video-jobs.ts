import type { Picture } from '@focal/core';
import type { FollowQuality } from '@focal/models';
import type {
  CopiedVideo,
  FaceTracksReport,
  FocusReport,
  RenderedFrames,
  VideoCut,
  VideoFacts,
  VideoFormat,
} from '@focal/video';
import type { InspectedMovie } from '../media/inspect-movie.ts';
import type { VideoOutput } from '../video/video-output.ts';

/** What every video job takes. */
export interface VideoRequest {
  /** Path of the video. */
  readonly input: string;
  readonly output: VideoOutput;
  /** One Int32: anything but 0 stops the job, which then rejects with `aborted` and leaves nothing behind. */
  readonly stop: SharedArrayBuffer;
}

/** How far a video job is. */
export interface VideoProgress {
  /** `look` goes through the video once before it is rendered. */
  readonly stage: 'look' | 'render';
  /** Share of the whole work, 0..1, never falling. */
  readonly done: number;
  /** Frames of this stage so far. */
  readonly frames: number;
}

/** A video that was rendered. Plain data. */
export interface VideoReport extends RenderedFrames {
  readonly path: string;
  readonly format: VideoFormat | 'png';
  /** Size of the file; 0 for a folder. */
  readonly bytes: number;
  /** Seconds of video. */
  readonly duration: number;
  readonly source: VideoFacts;
}

export interface BackgroundVideoInput extends VideoRequest {
  /** Parameters of the effect `background`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The picture for `kind: 'picture'`: path or bytes. */
  readonly picture?: string | Uint8Array;
  readonly isTransparent?: boolean;
}

export interface AnonymiseVideoInput extends VideoRequest {
  /** Parameters of the effect `anonymize`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The picture for `style: 'picture'`: path or bytes. */
  readonly picture?: string | Uint8Array;
  /** From which score on a face counts by itself, 0..1. */
  readonly threshold?: number;
  /** How large covers are beside the usual size. */
  readonly scale?: number;
  readonly drawScores?: boolean;
}

/** With what is known of the faces that were covered. */
export interface AnonymiseVideoReport extends VideoReport {
  readonly faces: FaceTracksReport;
}

export interface FocusVideoInput extends VideoRequest {
  /** A timeline as JSON. */
  readonly timeline: unknown;
  /** Settings of the look that hold throughout. */
  readonly look: Readonly<Record<string, unknown>>;
  /** What is spent on following; default `offline`. */
  readonly effort?: FollowQuality;
}

/** With what became of the subjects. */
export interface FocusVideoReport extends VideoReport {
  readonly focus: FocusReport;
}

/** What the video worker does. */
export type VideoJobs = {
  readonly 'video-info': { readonly input: { readonly path: string }; readonly output: VideoFacts };
  /** Where its file ends too early, if it does. */
  readonly 'video-cut': { readonly input: { readonly path: string }; readonly output: VideoCut | undefined };
  /** A copy without anything but pictures and sound, at a path that is free. */
  readonly 'copy-movie': {
    readonly input: { readonly input: string; readonly output: string; readonly stop: SharedArrayBuffer };
    readonly output: CopiedVideo;
  };
  /** What a library keeps of a video. */
  readonly 'inspect-movie': { readonly input: { readonly path: string }; readonly output: InspectedMovie };
  /** The frame that is shown at so many seconds, or the last one before it that can be read. */
  readonly 'video-frame': { readonly input: { readonly path: string; readonly at: number }; readonly output: Picture };
  readonly 'video-background': { readonly input: BackgroundVideoInput; readonly output: VideoReport };
  readonly 'video-focus': { readonly input: FocusVideoInput; readonly output: FocusVideoReport };
  readonly 'video-anonymize': { readonly input: AnonymiseVideoInput; readonly output: AnonymiseVideoReport };
};
