import { FocalError } from '@focal/core';
import type { Input, InputAudioTrack, InputVideoTrack } from 'mediabunny';
import type { Rotation } from '../color/turn.ts';

/** What a video file is. Plain data. */
export interface VideoFacts {
  /** Of the file: "MP4", "WebM". */
  readonly container: string;
  /** Seconds, to the end of the longest track. */
  readonly duration: number;
  readonly video: VideoTrackFacts;
  /** In the file's order. */
  readonly audio: readonly AudioTrackFacts[];
}

export interface VideoTrackFacts {
  /** Short name: "avc", "hevc", "vp9", "av1", "vp8", "prores"; else the name that the file gives. */
  readonly codec: string;
  /** With profile and level, where known: "avc1.64001f". */
  readonly codecString?: string;
  /** Upright, in square pixels. */
  readonly width: number;
  readonly height: number;
  /** How the stored frames have to be turned, degrees clockwise, and whether they are then mirrored. */
  readonly rotation: Rotation;
  readonly flip: boolean;
  /** Seconds at which the first frame is shown. */
  readonly start: number;
  readonly frames: number;
  /** Frames a second on average. */
  readonly frameRate: number;
  /** Whether frames last differently long; by the first 256. */
  readonly variableFrameRate: boolean;
  /** Bits a second on average. */
  readonly bitrate: number;
  readonly color: {
    readonly matrix?: string;
    readonly primaries?: string;
    readonly transfer?: string;
    readonly fullRange?: boolean;
    readonly hdr: boolean;
  };
  readonly mayBeTransparent: boolean;
  readonly canDecode: boolean;
}

export interface AudioTrackFacts {
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** ISO 639-2/T, where the file says it. */
  readonly language?: string;
  readonly canDecode: boolean;
}

export async function readFacts(input: Input, track: InputVideoTrack): Promise<VideoFacts> {
  const format = await input.getFormat();
  const audio: AudioTrackFacts[] = [];
  for (const each of await input.getAudioTracks()) audio.push(await readAudioFacts(each));
  return {
    container: format.name,
    duration: await input.computeDuration(undefined, { skipLiveWait: true }),
    video: await readVideoFacts(track),
    audio,
  };
}

async function readVideoFacts(track: InputVideoTrack): Promise<VideoTrackFacts> {
  const { matrix, primaries, transfer, fullRange } = await track.getColorSpace();
  const codecString = await track.getCodecParameterString();
  const stats = await track.computePacketStats();
  const rate = stats.packetCount > 1 ? await track.computeFrameRateMetrics() : undefined;
  return {
    codec: await nameCodec(track),
    ...(codecString === null ? {} : { codecString }),
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    rotation: await track.getRotation(),
    flip: await track.getFlip(),
    start: await track.getFirstTimestamp(),
    frames: stats.packetCount,
    frameRate: stats.averagePacketRate,
    variableFrameRate: rate !== undefined && !rate.frameRateIsConstant,
    bitrate: stats.averageBitrate,
    color: {
      ...(matrix && { matrix }),
      ...(primaries && { primaries }),
      ...(transfer && { transfer }),
      ...(typeof fullRange === 'boolean' && { fullRange }),
      hdr: await track.hasHighDynamicRange(),
    },
    mayBeTransparent: await track.canBeTransparent(),
    canDecode: await track.canDecode(),
  };
}

async function readAudioFacts(track: InputAudioTrack): Promise<AudioTrackFacts> {
  const language = await track.getLanguageCode();
  return {
    codec: await nameCodec(track),
    channels: await track.getNumberOfChannels(),
    sampleRate: await track.getSampleRate(),
    ...(language === 'und' ? {} : { language }),
    canDecode: await track.canDecode(),
  };
}

/** Of a codec that is not known, what the file calls it. */
export async function nameCodec(track: InputVideoTrack | InputAudioTrack): Promise<string> {
  const codec = await track.getCodec();
  if (codec !== null) return codec;
  const inner = await track.getInternalCodecId();
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner).trim() || 'unknown' : 'unknown';
}

/** Throws `unsupported-format` with what can be done, for a codec that cannot be decoded. */
export async function assertDecodable(track: InputVideoTrack): Promise<void> {
  if (await track.canDecode()) return;
  throw new FocalError(
    'unsupported-format',
    `The video's frames are stored as ${await nameCodec(track)}, which Focal cannot read.`,
    {
      hint: 'Convert it first, for example: ffmpeg -i IN -c:v libx264 -crf 16 -c:a copy OUT.mp4. Focal reads H.264, H.265, VP8, VP9, AV1 and ProRes.',
    },
  );
}
