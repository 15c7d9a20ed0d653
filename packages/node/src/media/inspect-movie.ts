import { type CaptureFacts, FocalError, type Picture } from '@focal/core';
import { openVideoFile } from '../video/run-video.ts';
import { readMovieCapture } from './movie-capture.ts';

/** What a library keeps of a video. */
export interface InspectedMovie {
  /** Short name of the container: mp4, mov, webm, mkv, ts. */
  readonly format: string;
  /** Upright, in square pixels. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  /** Frames a second. */
  readonly frameRate: number;
  readonly codec: string;
  readonly hasSound: boolean;
  readonly capture: CaptureFacts;
}

/** Throws as `openVideo`, and `unsupported-format` for a codec that cannot be decoded. */
export async function inspectMovie(path: string): Promise<InspectedMovie> {
  const file = await openVideoFile(path);
  try {
    const { container, duration, video, audio } = await file.facts();
    return {
      format: FORMATS[container] ?? container.toLowerCase().slice(0, 12),
      width: video.width,
      height: video.height,
      durationMs: Math.round(duration * 1000),
      frameRate: video.frameRate,
      codec: video.codec,
      hasSound: audio.length > 0,
      capture: await readMovieCapture(path),
    };
  } finally {
    file.close();
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  MP4: 'mp4',
  'QuickTime File Format': 'mov',
  WebM: 'webm',
  Matroska: 'mkv',
  'MPEG Transport Stream': 'ts',
};

/** The frame that is shown at so many seconds; the first one where nothing is shown then. Throws `corrupt-input`. */
export async function readFrameAt(path: string, at: number): Promise<Picture> {
  const file = await openVideoFile(path);
  try {
    for (const from of [at, undefined]) {
      for await (const { picture } of file.frames(from === undefined ? {} : { from })) return picture;
    }
    throw new FocalError('corrupt-input', 'No frame of the video can be read.');
  } finally {
    file.close();
  }
}
