import { FocalError } from '@focal/core';
import {
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  type Source,
  UnsupportedInputFormatError,
  WEBM,
} from 'mediabunny';
import { assertDecodable, readFacts, type VideoFacts } from './facts.ts';
import { findCut, type VideoCut } from './find-cut.ts';
import { type FramesOptions, readFrames, type VideoFrame } from './frames.ts';

// Playlists are left out: they name other files and addresses to read.
const FORMATS = [MP4, QTFF, WEBM, MATROSKA, MPEG_TS];

/** A video file that is open for reading. Owned by who opened it. */
export interface VideoFile {
  /** Looks at all frames' times once, without reading the frames. */
  facts(): Promise<VideoFacts>;
  /**
   * The frames in the order in which they are shown, upright. The next few are decoded while one is used. Throws
   * `unsupported-format` for a codec that cannot be decoded.
   */
  frames(options?: FramesOptions): AsyncGenerator<VideoFrame, void, undefined>;
  /** Where the file ends too early; undefined where it does not. Reads few packets, and decodes nothing. */
  cut(): Promise<VideoCut | undefined>;
  readonly video: InputVideoTrack;
  readonly audio: readonly InputAudioTrack[];
  close(): void;
}

/**
 * Opens a video file of any kind that mediabunny reads: MP4, MOV, WebM, Matroska, MPEG-TS. Throws `unsupported-format`
 * for what is no video or has no picture, `corrupt-input` for a file whose index is missing.
 *
 * @example
 * const file = await openVideo(new FilePathSource('walk.mp4'));
 * (await file.facts()).video.codec // "avc"
 */
export async function openVideo(source: Source): Promise<VideoFile> {
  const input = new Input({ source, formats: FORMATS });
  try {
    const { video, audio } = await findTracks(input);
    return {
      facts: () => explained(() => readFacts(input, video)),
      async *frames(options = {}) {
        await assertDecodable(video);
        yield* readFrames(video, options);
      },
      cut: () => explained(() => findCut(input, video)),
      video,
      audio,
      close: () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    throw error;
  }
}

async function findTracks(input: Input): Promise<Pick<VideoFile, 'video' | 'audio'>> {
  return explained(async () => {
    const video = await input.getPrimaryVideoTrack();
    if (video !== null) return { video, audio: await input.getAudioTracks() };
    if ((await input.getTracks()).length > 0) {
      throw new FocalError('unsupported-format', 'Expected a video, got a file without moving pictures.');
    }
    throw new FocalError('corrupt-input', "The video's index is missing.", { hint: NO_INDEX });
  });
}

const NO_INDEX =
  'Of an MP4 that was cut short before its index was written nothing can be shown; a tool such as untrunc may rebuild it.';

/** What goes wrong while the file's own index is read, in Focal's words. */
async function explained<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FocalError) throw error;
    if (error instanceof UnsupportedInputFormatError) {
      throw new FocalError('unsupported-format', 'Expected a video, got a file of another or an unknown kind.', {
        hint: 'Focal reads MP4, MOV, WebM, Matroska and MPEG-TS.',
        cause: error,
      });
    }
    // The system's errors are the caller's to name.
    if (error instanceof Error && 'code' in error && 'syscall' in error) throw error;
    throw new FocalError('corrupt-input', `The video's index cannot be read: ${messageOf(error)}.`, {
      hint: NO_INDEX,
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
