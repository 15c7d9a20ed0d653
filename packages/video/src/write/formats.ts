import { FocalError } from '@focal/core';
import {
  type AudioCodec,
  MovOutputFormat,
  Mp4OutputFormat,
  type OutputFormat,
  type VideoCodec,
  WebMOutputFormat,
} from 'mediabunny';

/** `mp4`: H.264 and AAC. `webm`: VP9 and Opus, with alpha where wanted. `mov`: ProRes 4444, with alpha. */
export type VideoFormat = 'mp4' | 'webm' | 'mov';

interface FormatTraits {
  readonly codec: VideoCodec;
  /** The codec that audio is brought to where the container does not take its own. */
  readonly audio: AudioCodec;
  readonly mayClear: boolean;
  readonly needsEvenSides: boolean;
  create(): OutputFormat;
}

// The index comes last: it then never has to be held back, whatever the length.
export const FORMATS: Readonly<Record<VideoFormat, FormatTraits>> = {
  mp4: {
    codec: 'avc',
    audio: 'aac',
    mayClear: false,
    needsEvenSides: true,
    create: () => new Mp4OutputFormat({ fastStart: false }),
  },
  webm: { codec: 'vp9', audio: 'opus', mayClear: true, needsEvenSides: true, create: () => new WebMOutputFormat() },
  mov: {
    codec: 'prores',
    audio: 'pcm-s16',
    mayClear: true,
    needsEvenSides: false,
    create: () => new MovOutputFormat({ fastStart: false }),
  },
};

/** The size that frames of this size are stored in: with chroma at half the size, sides are even; a column or row is repeated. */
export function storedSize(format: VideoFormat, width: number, height: number): { width: number; height: number } {
  if (!FORMATS[format].needsEvenSides) return { width, height };
  return { width: width + (width % 2), height: height + (height % 2) };
}

/** The format of a file name's extension. Throws `invalid-argument` for any other. */
export function formatOfName(name: string): VideoFormat {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  if (extension === 'mp4' || extension === 'm4v') return 'mp4';
  if (extension === 'webm' || extension === 'mov') return extension;
  throw new FocalError('invalid-argument', `Expected a name that ends in .mp4, .webm or .mov, got ${name}.`, {
    hint: 'mp4: H.264. webm: VP9, may be transparent. mov: ProRes 4444, may be transparent.',
  });
}
