import { type Allocate, FocalError, type Picture, throwIfAborted } from '@focal/core';
import type { BrokenPart, VideoFrame } from '../read/frames.ts';
import type { VideoFile } from '../read/open-video.ts';

/** Takes rendered frames: a video file, or a folder of pictures. */
export interface FrameSink {
  /** What could not be kept, in words. */
  readonly warnings: readonly string[];
  add(picture: Picture, timestamp: number, duration: number): Promise<void>;
  finish(): Promise<void>;
  cancel(): Promise<void>;
}

/** A frame that is drawn, here or on another thread. */
export interface FrameInWork {
  readonly picture: Picture | Promise<Picture>;
  /** Called once nobody reads the picture any more: its memory may be used again. */
  readonly release?: () => void;
}

export interface RenderFramesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where frames lie that are read: see `FramesOptions`. What is released may be given out again. */
  readonly allocate?: Allocate | undefined;
  /** How many frames are drawn at once while the next is looked at. Default 1. */
  readonly inWork?: number | undefined;
  /** Called when no more frames come, also after an error: pictures that waited for later frames must settle then. */
  readonly onEnd?: (() => void) | undefined;
  /** After each frame: where in the video it lies, in seconds, and how many there were. */
  readonly onFrame?: ((at: number, frames: number) => void) | undefined;
}

/** What was rendered. Plain data. */
export interface RenderedFrames {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** What could not be read and is missing. */
  readonly broken: readonly BrokenPart[];
  readonly warnings: readonly string[];
}

/**
 * Renders all frames of a video. `render` is called for one after the other and looks at it; those before may still be
 * drawn, and those before them encoded, while the next is decoded. Never more than a few are in memory. Throws `corrupt-input` where no frame can be read at all; the sink is cancelled then,
 * as after every error.
 */
export async function renderFrames(
  file: VideoFile,
  openSink: (size: { readonly width: number; readonly height: number }) => Promise<FrameSink>,
  render: (frame: VideoFrame) => Promise<FrameInWork>,
  { signal, allocate, inWork = 1, onEnd, onFrame }: RenderFramesOptions = {},
): Promise<RenderedFrames> {
  const broken: BrokenPart[] = [];
  const frames = file.frames({ signal, allocate, onBroken: (part) => broken.push(part) });
  let sink: FrameSink | undefined;
  let count = 0;
  let size = { width: 0, height: 0 };
  const waiting: (FrameInWork & { readonly timestamp: number; readonly duration: number })[] = [];

  async function write(): Promise<void> {
    const next = waiting.shift();
    if (next === undefined) return;
    const { timestamp, duration, release } = next;
    const picture = await next.picture;
    throwIfAborted(signal);
    if (sink === undefined) {
      size = { width: picture.width, height: picture.height };
      sink = await openSink(size);
    }
    await sink.add(picture, timestamp, duration);
    release?.();
    count++;
    onFrame?.(timestamp + duration, count);
  }

  try {
    for await (const frame of ahead(frames)) {
      throwIfAborted(signal);
      const { timestamp, duration } = frame;
      const rendered = await render(frame);
      // What goes wrong is told when its turn comes, if the work goes on until then.
      if (rendered.picture instanceof Promise) rendered.picture.catch(() => undefined);
      waiting.push({ ...rendered, timestamp, duration });
      while (waiting.length > inWork) await write();
    }
    onEnd?.();
    while (waiting.length > 0) await write();
    if (sink === undefined) {
      const [first] = broken;
      throw new FocalError('corrupt-input', `No frame of the video can be read${first ? `: ${first.message}` : ''}.`);
    }
    throwIfAborted(signal);
    await sink.finish();
    return { frames: count, ...size, broken, warnings: sink.warnings };
  } catch (error) {
    await sink?.cancel();
    throw error;
  } finally {
    // Threads that draw still write to their memory.
    onEnd?.();
    await Promise.allSettled(waiting.map(async ({ picture }) => picture));
    await frames.return();
  }
}

/** The same items, each asked for while the one before is used. */
export async function* ahead<T>(items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  let next = items.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = items.next();
      // Whoever stops here never asks for it.
      next.catch(() => undefined);
      yield value as T;
    }
  } finally {
    await next.catch(() => undefined);
  }
}
