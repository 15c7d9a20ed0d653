import {
  type AudioCodec,
  AudioSampleSink,
  AudioSampleSource,
  canEncodeAudio,
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  type InputAudioTrack,
  type Output,
  Quality,
} from 'mediabunny';
import { nameCodec } from '../read/facts.ts';

/** Carries audio from a file to another, abreast of its frames. */
export interface AudioPump {
  /** What had to be left out or encoded anew, in words. */
  readonly warnings: readonly string[];
  /** Carries what begins before this time, in seconds. */
  advance(until: number): Promise<void>;
  finish(): Promise<void>;
}

/** One track's way: gives the time of what comes next, and carries it. */
interface Lane {
  /** Carries everything that begins before `until`. */
  advance(until: number): Promise<void>;
}

/** How far audio goes ahead of the frames, in seconds: containers lay both out in turns. */
const LEAD = 0.5;

/**
 * Adds a track to the output for each of these: packet for packet where the container takes the codec, else decoded and
 * encoded as `fallback`. A track that neither works for is left out, which is told. Where audio is broken it ends, which
 * is told as well. To be called before the output is started.
 *
 * @param allowed codecs that are carried as they are; default: all that the container takes
 */
export async function createAudioPump(
  tracks: readonly InputAudioTrack[],
  output: Output,
  fallback: AudioCodec,
  allowed: readonly AudioCodec[] = output.format.getSupportedAudioCodecs(),
): Promise<AudioPump> {
  const warnings: string[] = [];
  const lanes: Lane[] = [];
  const mayBeNegative = output.format.negativeTimestampSupport === 'full';
  for (const track of tracks) {
    const codec = await track.getCodec();
    const name = await nameCodec(track);
    const metadata = { languageCode: await track.getLanguageCode() };
    const config = await track.getDecoderConfig();
    if (codec !== null && config !== null && allowed.includes(codec)) {
      const source = new EncodedAudioPacketSource(codec);
      output.addAudioTrack(source, metadata);
      lanes.push(
        createLane(track, copyPackets(track, mayBeNegative), (packet) => source.add(packet, { decoderConfig: config })),
      );
      continue;
    }
    if (codec === null || !(await track.canDecode())) {
      warnings.push(`The audio is stored as ${name}, which Focal cannot read: it was left out.`);
      continue;
    }
    const numberOfChannels = await track.getNumberOfChannels();
    const rate = await track.getSampleRate();
    const channels = Math.min(2, numberOfChannels);
    const isKept = await canEncodeAudio(fallback, { numberOfChannels, sampleRate: rate });
    const source = new AudioSampleSource({
      codec: fallback,
      quality: new Quality('high'),
      ...(isKept ? {} : { transform: { sampleRate: 48_000, numberOfChannels: channels } }),
    });
    output.addAudioTrack(source, metadata);
    warnings.push(`The audio was encoded anew, from ${name} to ${fallback}.`);
    lanes.push(
      createLane(track, new AudioSampleSink(track).samples(0), async (sample) => {
        try {
          await source.add(sample);
        } finally {
          sample.close();
        }
      }),
    );
  }

  /** Items in turn, with one read ahead to know when it begins. */
  function createLane<T extends { readonly timestamp: number }>(
    track: InputAudioTrack,
    items: AsyncGenerator<T, void, unknown>,
    carry: (item: T) => Promise<void>,
  ): Lane {
    let next: T | undefined;
    let isOver = false;
    return {
      async advance(until) {
        while (!isOver) {
          if (next === undefined) {
            try {
              const read = await items.next();
              if (read.done) isOver = true;
              else next = read.value;
            } catch (error) {
              isOver = true;
              const reason = error instanceof Error ? error.message : String(error);
              warnings.push(`Audio track ${track.number} is broken and ends early: ${reason}`);
            }
          }
          if (next === undefined || next.timestamp >= until) return;
          const item = next;
          next = undefined;
          await carry(item);
        }
      },
    };
  }

  const advance = async (until: number): Promise<void> => {
    for (const lane of lanes) await lane.advance(until);
  };
  return {
    warnings,
    advance: (until) => advance(until + LEAD),
    finish: () => advance(Number.POSITIVE_INFINITY),
  };
}

async function* copyPackets(
  track: InputAudioTrack,
  mayBeNegative: boolean,
): AsyncGenerator<EncodedPacket, void, unknown> {
  for await (const packet of new EncodedPacketSink(track).packets()) {
    // What lies before the start is only there to warm decoders up.
    if (mayBeNegative || packet.timestamp >= 0) yield packet;
  }
}
