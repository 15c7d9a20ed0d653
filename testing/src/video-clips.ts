// Video clips that tests draw themselves: a disc that moves over a slope of grey, a beep, times and turns as wanted.
import { readFile } from 'node:fs/promises';
import { registerMediabunnyServer } from '@mediabunny/server';
import {
  AudioSample,
  AudioSampleSource,
  FilePathTarget,
  Logging,
  LogLevel,
  type MetadataTags,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import sharp from 'sharp';

export interface ClipOptions {
  readonly path: string;
  readonly width?: number;
  readonly height?: number;
  /** When each frame is shown, in seconds. Default: ten frames, a tenth of a second each. */
  readonly timestamps?: readonly number[];
  /** Default: {@link drawDisc}. RGBA. */
  readonly draw?: (frame: number, width: number, height: number) => Uint8Array | Promise<Uint8Array>;
  /** Degrees by which players turn the frames. */
  readonly rotation?: 0 | 90 | 180 | 270;
  /** Of a beep of 440 Hz as long as the video. */
  readonly audio?: 'aac' | 'opus' | undefined;
  /** The index before the frames, so that a file that is cut short can be read. */
  readonly indexFirst?: boolean;
  readonly keyFrameInterval?: number;
  /** What the file says of itself. */
  readonly tags?: MetadataTags;
}

const RATE = 48_000;

/** Makes a clip: H.264 in MP4, or VP9 where the name ends in .webm. */
export async function makeClip(options: ClipOptions): Promise<void> {
  const { path, width = 64, height = 48, draw = drawDisc, rotation = 0, audio, indexFirst = false } = options;
  const timestamps = options.timestamps ?? Array.from({ length: 10 }, (_, i) => i / 10);
  registerMediabunnyServer({ hardwareContext: null });
  Logging.level = LogLevel.Silent;
  const isWebm = path.endsWith('.webm');
  const format = isWebm ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: indexFirst ? 'in-memory' : false });
  const output = new Output({ format, target: new FilePathTarget(path) });
  const frames = new VideoSampleSource({
    codec: isWebm ? 'vp9' : 'avc',
    quality: new Quality('very-high'),
    keyFrameInterval: options.keyFrameInterval ?? 1,
    hardwareAcceleration: 'prefer-software',
  });
  output.addVideoTrack(frames, isWebm ? {} : { rotation });
  const sound =
    audio === undefined ? undefined : new AudioSampleSource({ codec: audio, quality: new Quality('medium') });
  if (sound !== undefined) output.addAudioTrack(sound);
  if (options.tags !== undefined) output.setMetadataTags(options.tags);
  await output.start();
  for (const [i, timestamp] of timestamps.entries()) {
    // The last is shown as long as the one before: longer sound after shorter would overrun the encoder's memory.
    const before = timestamp - (timestamps[i - 1] ?? timestamp - 0.1);
    const duration = (timestamps[i + 1] ?? timestamp + before) - timestamp;
    const data = await draw(i, width, height);
    const sample = new VideoSample(data, {
      format: 'RGBA',
      codedWidth: width,
      codedHeight: height,
      timestamp,
      duration,
    });
    await frames.add(sample);
    sample.close();
    if (sound !== undefined) await addBeep(sound, timestamp, duration);
  }
  await output.finalize();
}

async function addBeep(sound: AudioSampleSource, timestamp: number, duration: number): Promise<void> {
  const from = Math.round(timestamp * RATE);
  const count = Math.round((timestamp + duration) * RATE) - from;
  const data = Float32Array.from({ length: count }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * (from + i)) / RATE));
  const sample = new AudioSample({
    data,
    format: 'f32',
    numberOfChannels: 1,
    sampleRate: RATE,
    timestamp: from / RATE,
  });
  await sound.add(sample);
  sample.close();
}

/** A red disc that moves to the right over a slope from dark at the top to light. Opaque. */
export function drawDisc(frame: number, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  const radius = Math.min(width, height) / 5;
  const centre = discCentre(frame, width, height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const grey = 40 + (160 * y) / height;
      const isDisc = Math.hypot(x + 0.5 - centre.x, y + 0.5 - centre.y) < radius;
      data[i] = isDisc ? 210 : grey;
      data[i + 1] = isDisc ? 60 : grey;
      data[i + 2] = isDisc ? 50 : grey;
      data[i + 3] = 255;
    }
  }
  return data;
}

/** Where the disc of a frame is, in pixels. */
export function discCentre(frame: number, width: number, height: number): { readonly x: number; readonly y: number } {
  return { x: width * (0.25 + 0.05 * (frame % 10)), y: height / 2 };
}

/** Draws a photo that is panned over and grows, as frames of a clip. */
export async function drawPan(
  photo: string,
  frames: number,
): Promise<(frame: number, width: number, height: number) => Promise<Uint8Array>> {
  const bytes = await readFile(photo);
  const { width: photoWidth, height: photoHeight } = await sharp(bytes).metadata();
  return async (frame, width, height) => {
    const share = frame / Math.max(1, frames - 1);
    const shown = 0.75 + 0.25 * share;
    const across = Math.min(photoWidth, (photoHeight * width) / height) * shown;
    const down = (across * height) / width;
    const { data } = await sharp(bytes)
      .extract({
        left: Math.round((photoWidth - across) * (0.3 + 0.4 * share)),
        top: Math.round((photoHeight - down) * 0.3),
        width: Math.floor(across),
        height: Math.floor(down),
      })
      .resize(width, height, { fit: 'fill' })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return new Uint8Array(data);
  };
}
