import { stat } from 'node:fs/promises';
import { type Allocate, FocalError } from '@focal/core';
import {
  type FrameInWork,
  openVideo,
  renderFrames,
  type VideoFacts,
  type VideoFile,
  type VideoFrame,
} from '@focal/video';
import { FilePathSource } from 'mediabunny';
import { toFileError } from '../files/file-error.ts';
import type { VideoProgress, VideoReport, VideoRequest } from '../workers/video-jobs.ts';
import { prepareOutput } from './video-output.ts';

/** Opens a video file of this machine. Throws `not-found`, `permission` and as {@link openVideo}. */
export async function openVideoFile(path: string): Promise<VideoFile> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw new FocalError('invalid-argument', `Expected a video, got the folder ${path}.`);
    if (facts.size === 0) throw new FocalError('corrupt-input', `The video ${path} is empty.`);
    return await openVideo(new FilePathSource(path));
  } catch (error) {
    throw toFileError(error, 'read', path);
  }
}

/** What a kind of video work does between reading and writing. */
export interface VideoWork {
  /** Whether frames keep their transparency. */
  readonly hasAlpha?: boolean;
  /** Share of the whole work that rendering is; the rest comes before. Default 1. */
  readonly renderShare?: number;
  /** Called before any frame is rendered: makes what renders them. */
  start(context: VideoContext): Promise<(frame: VideoFrame) => Promise<FrameInWork>>;
  /** Called when no more frames come; more than once. */
  end?(): void;
  /** Where frames lie that are read. Default: memory of their own. */
  readonly allocate?: Allocate;
  /** How many frames are in work at once. Default 1. */
  inWork?(size: { readonly width: number; readonly height: number }): number;
  /** Called once all frames are rendered: throws where that is no result. */
  check?(): void;
}

export interface VideoContext {
  readonly file: VideoFile;
  readonly facts: VideoFacts;
  readonly signal: AbortSignal;
  readonly report: (stage: VideoProgress['stage'], done: number, frames: number) => void;
}

/** How often a thread that is busy looks whether it is to stop. */
const POLL_MS = 100;
/** How often progress is told at most. */
const TELL_MS = 100;

/**
 * Reads a video, has the frames worked on and writes the result: whole, or not at all. Frames of the next stage are read
 * while those before are encoded.
 */
export async function runVideo(
  { input, output, stop }: VideoRequest,
  work: VideoWork,
  report: (progress: VideoProgress) => void,
): Promise<VideoReport> {
  const { renderShare = 1 } = work;
  const file = await openVideoFile(input);
  const signal = watchStop(stop);
  try {
    const pending = await prepareOutput({ input, output, file, hasAlpha: work.hasAlpha === true });
    try {
      const facts = await file.facts();
      const tell = createTell(report, renderShare);
      const render = await work.start({ file, facts, signal: signal.signal, report: tell });
      const start = facts.video.start;
      const rendered = await renderFrames(file, (size) => pending.openSink(size), render, {
        signal: signal.signal,
        allocate: work.allocate,
        inWork: work.inWork?.(facts.video),
        onEnd: () => work.end?.(),
        onFrame: (at, frames) => tell('render', shareOf(at - start, facts.duration - start), frames),
      });
      work.check?.();
      const bytes = await pending.commit();
      tell('render', 1, rendered.frames);
      const { duration } = facts;
      return { ...rendered, path: output.path, format: pending.format, bytes, duration, source: facts };
    } finally {
      await pending.discard();
    }
  } finally {
    signal.close();
    file.close();
  }
}

/** How much of a length lies behind a place, 0..1. */
export function shareOf(at: number, length: number): number {
  return length > 0 ? Math.min(1, Math.max(0, at / length)) : 1;
}

function createTell(report: (progress: VideoProgress) => void, renderShare: number): VideoContext['report'] {
  let last = 0;
  let toldAt = 0;
  return (stage, share, frames) => {
    const done = stage === 'look' ? share * (1 - renderShare) : 1 - renderShare + share * renderShare;
    last = Math.max(last, done);
    const now = performance.now();
    if (now - toldAt < TELL_MS && last < 1) return;
    toldAt = now;
    report({ stage, done: last, frames });
  };
}

/** The flag in shared memory as a signal. */
export function watchStop(stop: SharedArrayBuffer): { readonly signal: AbortSignal; close(): void } {
  const flag = new Int32Array(stop);
  const controller = new AbortController();
  const look = (): void => {
    if (Atomics.load(flag, 0) !== 0) controller.abort();
  };
  look();
  const timer = setInterval(look, POLL_MS);
  return { signal: controller.signal, close: () => clearInterval(timer) };
}
