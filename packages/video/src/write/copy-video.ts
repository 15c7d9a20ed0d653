import { FocalError, throwIfAborted } from '@focal/core';
import { type AudioCodec, EncodedPacketSink, EncodedVideoPacketSource, Output, type Target } from 'mediabunny';
import { nameCodec } from '../read/facts.ts';
import type { VideoFile } from '../read/open-video.ts';
import { createAudioPump } from './audio-pump.ts';
import { FORMATS, type VideoFormat } from './formats.ts';

export type CopiedFormat = Extract<VideoFormat, 'mp4' | 'webm'>;

export interface CopiedVideo {
  readonly format: CopiedFormat;
  /** What of the sound had to be left out or encoded anew, and where the file is broken, in words. */
  readonly warnings: readonly string[];
}

/** What browsers play beside pictures; other sound is encoded anew. */
const PLAYED: Readonly<Record<CopiedFormat, readonly AudioCodec[]>> = {
  mp4: ['aac', 'mp3', 'opus', 'flac'],
  webm: ['opus', 'vorbis'],
};

/** Seconds by which files may be shorter than they say. */
const LEAST_MISSING = 0.2;

/**
 * Copies a video's pictures, as they are stored, and its first sound into a new file for browsers: nothing else of the
 * file goes along, no tags, no places, no chapters, no further tracks. How it is turned and all times stay. A file that is
 * broken ends where it breaks. Throws `unsupported-format` for what no browser plays.
 */
export async function copyVideo(file: VideoFile, target: Target, signal: AbortSignal): Promise<CopiedVideo> {
  const { video, audio } = file;
  const [codec, config, rotation, flip] = [
    await video.getCodec(),
    await video.getDecoderConfig(),
    await video.getRotation(),
    await video.getFlip(),
  ];
  const isTurned = rotation !== 0 || flip;
  const format: CopiedFormat = codec === 'vp8' || (codec === 'vp9' && !isTurned) ? 'webm' : 'mp4';
  const container = FORMATS[format].create();
  if (codec === null || codec === 'prores' || config === null || !container.getSupportedVideoCodecs().includes(codec)) {
    throw new FocalError('unsupported-format', `The video is stored as ${await nameCodec(video)}.`, {
      hint: 'Browsers play H.264, HEVC, AV1, VP8 and VP9.',
    });
  }
  const output = new Output({ format: container, target });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, isTurned ? { rotation, flip } : {});
  const pump = await createAudioPump(audio.slice(0, 1), output, FORMATS[format].audio, PLAYED[format]);
  const broken: string[] = [];
  try {
    await output.start();
    let end = Number.NEGATIVE_INFINITY;
    try {
      for await (const packet of new EncodedPacketSink(video).packets()) {
        throwIfAborted(signal);
        await source.add(packet, { decoderConfig: config });
        await pump.advance(packet.timestamp + packet.duration);
        end = Math.max(end, packet.timestamp + packet.duration);
      }
      if (end === Number.NEGATIVE_INFINITY) {
        throw new FocalError('corrupt-input', 'No frame of the video can be read: it was cut short.');
      }
      const missing = (await video.computeDuration()) - end;
      if (missing > LEAST_MISSING) broken.push(`The video ends early: its last ${missing.toFixed(1)} s are missing.`);
    } catch (error) {
      throwIfAborted(signal);
      if (end === Number.NEGATIVE_INFINITY || isOfSystem(error)) throw error;
      broken.push(`The video is broken and ends early: ${error instanceof Error ? error.message : String(error)}`);
    }
    await pump.finish();
    await output.finalize();
    return { format, warnings: [...pump.warnings, ...broken] };
  } catch (error) {
    await output.cancel().catch(() => undefined);
    throw error;
  }
}

/** The disk is full, or the file cannot be read any more: not the video's fault. */
function isOfSystem(error: unknown): boolean {
  return error instanceof FocalError || (error instanceof Error && 'syscall' in error);
}
