import { FocalError } from '@focal/core';
import type * as Mediabunny from 'mediabunny';
import type { AudioSampleSource, Output, VideoSampleSource } from 'mediabunny';
import { createRecordingFile } from './recording-file.ts';
import type { SoundChunk } from './sound-chunk.ts';

export interface RecorderOptions {
  readonly width: number;
  readonly height: number;
  /** When it begins, on the clock of the frames. */
  readonly startedMs: number;
  /** The sound that comes with it: sent through the port, its sample 0 at `zeroMs` on the clock of the frames. */
  readonly sound?: { readonly port: MessagePort; readonly sampleRate: number; readonly zeroMs: number } | undefined;
}

/** Writes what is shown, with its times, and sound. Owned by whoever made it, who finishes or cancels it. */
export interface Recorder {
  /** `mp4` or `webm`. */
  readonly extension: string;
  /** Copies what the canvas shows. Frames that come faster than they can be encoded are left out. */
  addFrame(canvas: OffscreenCanvas, timeMs: number): void;
  /** The time until `resume` is cut out. */
  pause(timeMs: number): void;
  resume(timeMs: number): void;
  /** Throws what went wrong while it was written. */
  finish(): Promise<Blob>;
  cancel(): Promise<void>;
}

/** Frames that wait for the encoder, at most. */
const MOST_WAITING = 6;
/** How much of a frame's distance to the one before there must be at least. */
const LEAST_GAP_MS = 2;

/**
 * Begins a file: H.264 and AAC in MP4 where this browser encodes both, else VP9 or VP8 and Opus in WebM. Throws
 * `unsupported-format` where it encodes none of them.
 */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { startedMs, sound } = options;
  const lib = await import('mediabunny');
  // Encoders want even sides.
  const [width, height] = [evenOf(options.width), evenOf(options.height)];
  const codecs = await chooseCodecs(lib, width, height, sound?.sampleRate);
  const file = await createRecordingFile();
  const target = file === undefined ? new lib.BufferTarget() : new lib.StreamTarget(file.writable, { chunked: true });
  const format = codecs.extension === 'mp4' ? new lib.Mp4OutputFormat() : new lib.WebMOutputFormat();
  const output: Output = new lib.Output({ format, target });
  const pictures: VideoSampleSource = new lib.VideoSampleSource({
    codec: codecs.video,
    quality: lib.QUALITY_HIGH,
    sizeChangeBehavior: 'contain',
    transform: { width, height, fit: 'contain' },
  });
  output.addVideoTrack(pictures);
  const sounds: AudioSampleSource | undefined =
    codecs.audio && new lib.AudioSampleSource({ codec: codecs.audio, quality: lib.QUALITY_HIGH });
  if (sounds !== undefined) output.addAudioTrack(sounds);
  await output.start();

  let failure: unknown;
  let waiting = 0;
  let pausedMs = 0;
  let pausedAt: number | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  /** Seconds of sound written so far. */
  let soundEnd: number | undefined;
  let isOver = false;
  const fail = (error: unknown) => {
    failure ??= error;
  };

  const addSound = ({ planes, frame }: SoundChunk): void => {
    const first = planes[0];
    if (sounds === undefined || sound === undefined || first === undefined || isOver || pausedAt !== undefined) return;
    const at = (sound.zeroMs + (frame / sound.sampleRate) * 1000 - startedMs - pausedMs) / 1000;
    if (at < 0) return;
    // After the first, samples follow each other without a gap: clocks differ by less than one hears.
    const timestamp = soundEnd ?? at;
    soundEnd = timestamp + first.length / sound.sampleRate;
    const data = new Float32Array(planes.length * first.length);
    for (const [i, plane] of planes.entries()) data.set(plane, i * first.length);
    const sample = new lib.AudioSample({
      data,
      format: 'f32-planar',
      numberOfChannels: planes.length,
      sampleRate: sound.sampleRate,
      timestamp,
    });
    sounds
      .add(sample)
      .catch(fail)
      .finally(() => sample.close());
  };
  if (sound !== undefined) sound.port.onmessage = (event) => addSound(event.data as SoundChunk);

  const end = () => {
    isOver = true;
    sound?.port.close();
  };

  return {
    extension: codecs.extension,
    addFrame(canvas, timeMs) {
      const at = timeMs - startedMs - pausedMs;
      if (isOver || failure !== undefined || pausedAt !== undefined || at < 0) return;
      if (waiting >= MOST_WAITING || at < lastMs + LEAST_GAP_MS) return;
      lastMs = at;
      waiting++;
      const sample = new lib.VideoSample(new VideoFrame(canvas, { timestamp: Math.round(at * 1000) }));
      pictures
        .add(sample)
        .catch(fail)
        .finally(() => {
          sample.close();
          waiting--;
        });
    },
    pause(timeMs) {
      pausedAt ??= timeMs;
    },
    resume(timeMs) {
      if (pausedAt !== undefined) pausedMs += Math.max(0, timeMs - pausedAt);
      pausedAt = undefined;
    },
    async finish() {
      end();
      if (failure === undefined && lastMs < 0) {
        failure = new FocalError('invalid-argument', 'Nothing was shown while it recorded.');
      }
      try {
        if (failure !== undefined) throw failure;
        await output.finalize();
        if (file !== undefined) return await file.finish();
        return new Blob([(target as { buffer: ArrayBuffer | null }).buffer ?? new ArrayBuffer(0)]);
      } catch (error) {
        await cancelAll();
        throw error;
      }
    },
    async cancel() {
      end();
      await cancelAll();
    },
  };

  async function cancelAll(): Promise<void> {
    await output.cancel().catch(() => undefined);
    await file?.discard().catch(() => undefined);
  }
}

type Lib = typeof Mediabunny;

interface Codecs {
  readonly extension: 'mp4' | 'webm';
  readonly video: 'avc' | 'vp9' | 'vp8';
  readonly audio?: 'aac' | 'opus';
}

async function chooseCodecs(lib: Lib, width: number, height: number, sampleRate: number | undefined): Promise<Codecs> {
  const hasVideo = (codec: Codecs['video']) => lib.canEncodeVideo(codec, { width, height, quality: lib.QUALITY_HIGH });
  const hasAudio = async (codec: 'aac' | 'opus') =>
    sampleRate === undefined || lib.canEncodeAudio(codec, { sampleRate, numberOfChannels: 2 });
  const choices = [
    ['mp4', 'avc', 'aac'],
    ['webm', 'vp9', 'opus'],
    ['webm', 'vp8', 'opus'],
  ] as const;
  for (const [extension, video, audio] of choices) {
    if ((await hasAudio(audio)) && (await hasVideo(video))) {
      return { extension, video, ...(sampleRate !== undefined && { audio }) };
    }
  }
  throw new FocalError('unsupported-format', 'This browser encodes neither H.264 nor VP9 or VP8 of this size.', {
    hint: 'Take a newer Chrome, Edge, Firefox or Safari, or record this window with another program.',
  });
}

function evenOf(side: number): number {
  return Math.max(2, side + (side % 2));
}
