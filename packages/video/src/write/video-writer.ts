import { FocalError, type Picture } from '@focal/core';
import { type InputAudioTrack, Output, Quality, type Target, VideoSample, VideoSampleSource } from 'mediabunny';
import { createFromRgba, i420Length } from '../color/from-rgba.ts';
import { createFromRgba444, i444p10Length } from '../color/from-rgba-444.ts';
import { writtenSpace, type YcbcrSpace } from '../color/ycbcr.ts';
import { type AudioPump, createAudioPump } from './audio-pump.ts';
import { FORMATS, storedSize, type VideoFormat } from './formats.ts';

export const QUALITIES = ['low', 'medium', 'high', 'very-high'] as const;
export type VideoQuality = (typeof QUALITIES)[number];

export interface VideoWriterOptions {
  readonly target: Target;
  readonly format: VideoFormat;
  /** Of the frames that will be added. */
  readonly width: number;
  readonly height: number;
  /** Whether alpha is kept; else frames have to be opaque. */
  readonly hasAlpha?: boolean;
  /** Default `high`. */
  readonly quality?: VideoQuality;
  /** Goes with the frames: packet for packet where the container takes it, else encoded anew. */
  readonly audio?: readonly InputAudioTrack[];
}

/** Writes a video file frame by frame. Owned by who made it; ended by `finish` or `cancel`, whichever comes first. */
export interface VideoWriter {
  /** What the frames are stored as; may be larger by a column and a row. */
  readonly width: number;
  readonly height: number;
  /** What could not be kept, in words. */
  readonly warnings: readonly string[];
  /**
   * Adds a frame, later than those before it. Comes back when the writer is ready for the next: encoding goes on
   * meanwhile, and what it failed at is thrown by a later call. The picture may be used again at once.
   */
  add(picture: Picture, timestamp: number, duration: number): Promise<void>;
  /** Writes what is left and the file's index. */
  finish(): Promise<void>;
  cancel(): Promise<void>;
}

/** Frames that wait for the encoder at most. */
const AHEAD = 2;

/** How the file names a space. */
function toTold({ matrix, full }: YcbcrSpace) {
  const told = matrix === 'bt709' ? 'bt709' : 'smpte170m';
  return { primaries: 'bt709', transfer: 'bt709', matrix: told, fullRange: full } as const;
}

/**
 * Begins a file. Throws `invalid-argument` where alpha is wanted of a format that has none.
 * See [Note: colours of video] for how colours are stored.
 */
export async function createVideoWriter(options: VideoWriterOptions): Promise<VideoWriter> {
  const { target, format, hasAlpha = false, quality = 'high', audio = [] } = options;
  const traits = FORMATS[format];
  if (hasAlpha && !traits.mayClear) {
    throw new FocalError('invalid-argument', `Expected a format that may be transparent, got ${format}.`, {
      hint: 'Choose webm or mov, a folder of PNG frames, or another background.',
    });
  }
  const { width, height } = storedSize(format, options.width, options.height);
  const space = writtenSpace(height);
  const output = new Output({ format: traits.create(), target });
  const mayBeNegative = output.format.negativeTimestampSupport === 'full';
  const frames = new VideoSampleSource({
    codec: traits.codec,
    alpha: hasAlpha ? 'keep' : 'discard',
    hardwareAcceleration: 'prefer-software',
    quality: new Quality(quality),
    ...(format === 'mov' ? { fullCodecString: 'ap4h' } : {}),
    // The encoder does not hand on what frames say of their colours.
    onEncodedPacket: (_, meta) => {
      if (meta?.decoderConfig !== undefined) Object.assign(meta.decoderConfig, { colorSpace: toTold(space) });
    },
  });
  output.addVideoTrack(frames, hasAlpha ? { canBeTransparent: true } : {});
  const pump: AudioPump = await createAudioPump(audio, output, traits.audio);
  await output.start();
  const toSample = (format === 'mov' ? createProresSamples : createSamples)(space, width, height, hasAlpha);
  const waiting: Promise<void>[] = [];
  let failure: { readonly error: unknown } | undefined;
  let ended: Promise<void> | undefined;

  function assertSound(): void {
    if (failure !== undefined) throw failure.error;
  }

  async function settle(most: number): Promise<void> {
    while (waiting.length > most) await waiting.shift();
    assertSound();
  }

  return {
    width,
    height,
    warnings: pump.warnings,
    async add(picture, timestamp, duration) {
      assertSound();
      // Not every container can hold what begins before the start.
      const early = mayBeNegative ? 0 : Math.max(0, -timestamp);
      const sample = toSample(picture, timestamp + early, Math.max(0, duration - early));
      const adding = frames
        .add(sample)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => sample.close());
      waiting.push(adding);
      await pump.advance(timestamp + duration);
      await settle(AHEAD);
    },
    async finish() {
      await settle(0);
      await pump.finish();
      ended ??= output.finalize();
      await ended;
    },
    async cancel() {
      await Promise.all(waiting);
      ended ??= output.cancel();
      await ended.catch(() => undefined);
    },
  };
}

type ToSample = (picture: Picture, timestamp: number, duration: number) => VideoSample;

function createSamples(space: YcbcrSpace, width: number, height: number, hasAlpha: boolean): ToSample {
  const convert = createFromRgba(space);
  // A sample takes a copy.
  const data = new Uint8Array(i420Length(width, height, hasAlpha));
  return (picture, timestamp, duration) => {
    convert(picture, data, { width, height, hasAlpha });
    return new VideoSample(data, {
      format: hasAlpha ? 'I420A' : 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp,
      duration,
      colorSpace: toTold(space),
    });
  };
}

/** ProRes 4444 has chroma in full size and 10 bits. */
function createProresSamples(space: YcbcrSpace, width: number, height: number, hasAlpha: boolean): ToSample {
  const convert = createFromRgba444(space);
  return (picture, timestamp, duration) => {
    const data = new Uint16Array(i444p10Length(width, height, hasAlpha));
    convert(picture, data, hasAlpha);
    return new VideoSample(data, {
      format: hasAlpha ? 'I444AP10' : 'I444P10',
      codedWidth: width,
      codedHeight: height,
      timestamp,
      duration,
      colorSpace: toTold(space),
    });
  };
}
