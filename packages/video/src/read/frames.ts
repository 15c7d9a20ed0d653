import { type Allocate, FocalError, type Picture, throwIfAborted } from '@focal/core';
import { EncodedPacketSink, type InputVideoTrack, type VideoSample, VideoSampleSink } from 'mediabunny';
import { createPictureReader } from './picture-reader.ts';

/** One frame, upright. */
export interface VideoFrame {
  /** Counted from 0 over the frames that could be read. */
  readonly index: number;
  readonly picture: Picture;
  /** Seconds, as the file has them. */
  readonly timestamp: number;
  readonly duration: number;
}

/** A part of a video that could not be read. */
export interface BrokenPart {
  /** Seconds: of the last frame before it; below any other where there was none. */
  readonly after: number;
  /** Of the frame where reading went on; absent: nothing after it could be read. */
  readonly until?: number;
  readonly message: string;
}

export interface FramesOptions {
  /** Seconds: the first frame is the one that is shown then. Default: the very first. */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
  /** Where pictures lie, as far as frames are stored upright in luma and chroma. All of it is written. */
  readonly allocate?: Allocate | undefined;
  /** Called for each part that was left out. Where it is not there, the first throws `corrupt-input`. */
  readonly onBroken?: ((part: BrokenPart) => void) | undefined;
}

/** How many times reading is taken up again: a file that is broken all over ends before that. */
const MOST_BREAKS = 1000;

/** Seconds at the end that may be missing without the file being cut short: decoders drop a frame here and there. */
const LEAST_MISSING = 0.5;

/** See {@link VideoFile.frames}. After a part that is broken, reading goes on at the next frame that stands by itself. */
export async function* readFrames(
  track: InputVideoTrack,
  { from: start, signal, allocate, onBroken }: FramesOptions,
): AsyncGenerator<VideoFrame, void, undefined> {
  const read = createPictureReader(await track.getColorSpace(), allocate);
  let last = Number.NEGATIVE_INFINITY;
  let from = start;
  let index = 0;
  let broken: BrokenPart | undefined;
  reading: for (let breaks = 0; breaks < MOST_BREAKS; breaks++) {
    // A sink for each time: the one that failed may be left with a decoder that did.
    const samples = new VideoSampleSink(track).samples(from);
    let failure: unknown;
    let isAtEnd = false;
    try {
      for (;;) {
        throwIfAborted(signal);
        let sample: VideoSample | undefined;
        let picture: Picture | undefined;
        try {
          const next = await samples.next();
          if (next.done) {
            const end = await findEnd(track);
            if (end <= last + LEAST_MISSING) break reading;
            failure = new Error('the file ends there');
            isAtEnd = true;
            break;
          }
          sample = next.value;
          // What ends before the start is there for decoders only.
          if (sample.timestamp <= last || (sample.timestamp < 0 && sample.timestamp + sample.duration <= 0)) continue;
          picture = await read(sample);
        } catch (error) {
          failure = error;
          break;
        } finally {
          sample?.close();
        }
        last = sample.timestamp;
        if (broken !== undefined) onBroken?.({ ...broken, until: last });
        broken = undefined;
        yield { index: index++, picture, timestamp: sample.timestamp, duration: sample.duration };
      }
    } finally {
      await samples.return().catch(() => undefined);
    }
    const message = failure instanceof Error ? failure.message : String(failure);
    if (onBroken === undefined) {
      throw new FocalError(
        'corrupt-input',
        `The video is broken after ${describeTime(Math.max(last, start ?? last))}: ${message}`,
        {
          cause: failure,
        },
      );
    }
    // Where not one frame came since the last break, it is the same part.
    broken ??= { after: last, message };
    from = isAtEnd ? undefined : await findRestart(track, Math.max(last, from ?? Number.NEGATIVE_INFINITY));
    if (from === undefined) break;
  }
  if (broken !== undefined) onBroken?.(broken);
}

/** When the last frame is shown by the file's index, whether or not it is there. */
async function findEnd(track: InputVideoTrack): Promise<number> {
  try {
    const last = await new EncodedPacketSink(track).getPacket(Number.POSITIVE_INFINITY, { metadataOnly: true });
    return last?.timestamp ?? Number.NEGATIVE_INFINITY;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

/** When the next frame after this time is shown that can be decoded without others. */
async function findRestart(track: InputVideoTrack, after: number): Promise<number | undefined> {
  try {
    const packets = new EncodedPacketSink(track);
    let packet =
      after === Number.NEGATIVE_INFINITY
        ? await packets.getFirstPacket({ metadataOnly: true })
        : await packets.getKeyPacket(after, { metadataOnly: true });
    packet ??= await packets.getFirstPacket({ metadataOnly: true });
    while (packet !== null) {
      packet = await packets.getNextKeyPacket(packet, { metadataOnly: true });
      if (packet !== null && packet.timestamp > after) return packet.timestamp;
    }
  } catch {
    // The index itself ends here.
  }
  return undefined;
}

function describeTime(seconds: number): string {
  return Number.isFinite(seconds) ? `${seconds.toFixed(2)} s` : 'the start';
}
