import { FocalError, getEffect, implyParameters } from '@focal/core';
import type {
  AnonymiseVideoReport,
  FocusVideoReport,
  VideoFacts,
  VideoJobs,
  VideoOutput,
  VideoProgress,
  VideoReport,
} from '@focal/node';
import type { Engine } from './engine.ts';
import { stoppable } from './stoppable.ts';
import type { Input } from './types.ts';

/** How a video is worked on. */
export interface VideoOptions {
  /**
   * Stops the work after the frame in hand; the call then rejects with `aborted`, and nothing of the result is left.
   */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: VideoProgress) => void;
}

export interface BackgroundVideoOptions extends VideoOptions {
  /** Parameters of the effect `background`. Default: `kind: 'blur'`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** The picture for `kind: 'picture'`. */
  readonly picture?: Input;
  /** Nothing stands behind: for WebM, MOV and PNG frames. */
  readonly transparent?: boolean;
}

export interface AnonymiseVideoOptions extends VideoOptions {
  /** Parameters of the effect `anonymize`; `hide` and `outline` play no part: faces are covered. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** The picture for `style: 'picture'`. */
  readonly picture?: Input;
  /** From which score on a face counts by itself, 0.05 to 0.95. Default 0.45; lower covers more, also what is no face. */
  readonly threshold?: number;
  /** How large covers are beside the usual size, 0.8 to 3. Default 1. */
  readonly scale?: number;
  /** Draws each face's box with how sure it is, to look at how well faces are found. */
  readonly drawScores?: boolean;
}

export interface FocusVideoOptions extends VideoOptions {
  /** A timeline as JSON: format `focal-timeline`. */
  readonly timeline: unknown;
  /** Settings of the look that hold throughout, whatever the timeline says: the same again at another strength. */
  readonly look?: Readonly<Record<string, unknown>>;
  /** What is spent on following: `offline` (default) takes what it needs, the others are faster. */
  readonly effort?: 'fast' | 'balanced' | 'quality' | 'offline';
}

/**
 * Videos, by their paths: they are read and written as streams, so that any length fits into little memory. One is
 * worked on at a time, others wait. A result appears when it is whole, or not at all; sound goes with it. Where a video
 * is broken, what can be read is rendered and the report says what is missing. All throw `not-found`, `exists`,
 * `unsupported-format`, `corrupt-input`, `no-space`, `invalid-argument`, `aborted`.
 */
export interface FocalVideo {
  info(path: string): Promise<VideoFacts>;
  /**
   * Another background behind everyone.
   *
   * @example
   * await focal.video.background('call.mp4', { path: 'blurred.mp4' });
   * await focal.video.background('call.mp4', { path: 'cut.webm' }, { transparent: true });
   */
  background(input: string, output: VideoOutput, options?: BackgroundVideoOptions): Promise<VideoReport>;
  /**
   * Covers every face for good. Goes through the video twice: first faces are found and followed through time, forwards
   * and backwards, then they are covered, also where they were not seen for a moment.
   */
  anonymize(input: string, output: VideoOutput, options?: AnonymiseVideoOptions): Promise<AnonymiseVideoReport>;
  /**
   * One subject in focus, all else out of it with the distance. The same timeline gives the same video. Throws
   * `not-found` where there is nothing at any of its points.
   *
   * @example
   * const timeline = { format: 'focal-timeline', version: 1, keyframes: [{ t: 0, lock: { x: 0.4, y: 0.6 } }] };
   * await focal.video.focus('walk.mp4', { path: 'focus.mp4' }, { timeline, look: { radius: 0.03 } });
   */
  focus(input: string, output: VideoOutput, options: FocusVideoOptions): Promise<FocusVideoReport>;
}

export function createVideo(engine: Engine): FocalVideo {
  async function run<K extends keyof VideoJobs>(
    kind: K,
    toInput: (stop: SharedArrayBuffer) => VideoJobs[K]['input'],
    { signal, onProgress }: VideoOptions,
  ): Promise<VideoJobs[K]['output']> {
    return stoppable(signal, (stop) => {
      const options = { onProgress: (progress: unknown) => onProgress?.(progress as VideoProgress) };
      return engine.during(() => engine.video().run(kind, toInput(stop), options));
    });
  }

  return {
    focus: (input, output, { timeline, look = {}, effort, ...options }) =>
      run(
        'video-focus',
        (stop) => ({ input, output, stop, timeline, look, ...(effort === undefined ? {} : { effort }) }),
        options,
      ),
    anonymize: async (input, output, options = {}) => {
      const { params = {}, picture, threshold, scale, drawScores } = options;
      checkBetween('threshold', threshold, 0.05, 0.95);
      checkBetween('scale', scale, 0.8, 3);
      return run(
        'video-anonymize',
        (stop) => ({
          input,
          output,
          stop,
          params: implyParameters(getEffect('anonymize'), params, picture === undefined ? [] : ['picture']),
          ...(picture === undefined ? {} : { picture }),
          ...(threshold === undefined ? {} : { threshold }),
          ...(scale === undefined ? {} : { scale }),
          ...(drawScores === undefined ? {} : { drawScores }),
        }),
        options,
      );
    },
    info: (path) => run('video-info', () => ({ path }), {}),
    background: async (input, output, options = {}) => {
      const { params = {}, picture, transparent = false } = options;
      const implied = implyParameters(getEffect('background'), params, picture === undefined ? [] : ['background']);
      return run(
        'video-background',
        (stop) => ({
          input,
          output,
          stop,
          params: Object.keys(implied).length === 0 ? { kind: 'blur' } : implied,
          ...(picture === undefined ? {} : { picture }),
          isTransparent: transparent,
        }),
        options,
      );
    },
  };
}

function checkBetween(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw new FocalError('invalid-argument', `Expected a number from ${min} to ${max} for ${name}, got ${value}.`);
}
