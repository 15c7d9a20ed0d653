import { AvFrameVideoSampleResource } from '@mediabunny/server';
import { CustomVideoDecoder, type EncodedPacket, type VideoCodec, VideoSample } from 'mediabunny';
import { AV_CODEC_ID_PRORES, Codec, CodecContext, FFmpegError, Frame, Packet, Rational } from 'node-av';

/**
 * ProRes by FFmpeg. @mediabunny/server 1.59.0 has the threads of a WebAssembly program (turbores 1.2.2) decode it, which now
 * and then end with "memory access out of bounds" and then never answer. Every frame stands by itself, so a packet gives
 * one frame at once.
 */
export class ProresDecoder extends CustomVideoDecoder {
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #context = new CodecContext();

  static override supports(codec: VideoCodec): boolean {
    return codec === 'prores';
  }

  async init(): Promise<void> {
    this.#frame.alloc();
    this.#packet.alloc();
    const codec = Codec.findDecoder(AV_CODEC_ID_PRORES);
    if (codec === null) throw new Error('This FFmpeg has no decoder of ProRes.');
    this.#context.allocContext3(codec);
    this.#context.codecTag = this.config.codec;
    this.#context.width = this.config.codedWidth ?? 0;
    this.#context.height = this.config.codedHeight ?? 0;
    FFmpegError.throwIfError(await this.#context.open2(codec), 'Open the decoder of ProRes');
  }

  async decode(packet: EncodedPacket): Promise<void> {
    this.#packet.data = Buffer.from(packet.data);
    this.#packet.isKeyframe = true;
    FFmpegError.throwIfError(await this.#context.sendPacket(this.#packet), 'Send a packet of ProRes');
    this.#packet.unref();
    FFmpegError.throwIfError(await this.#context.receiveFrame(this.#frame), 'Decode a frame of ProRes');
    this.#frame.sampleAspectRatio = this.#pixelAspectRatio();
    const frame = this.#frame.clone();
    if (frame === null) throw new Error('There is no memory for a frame.');
    const { timestamp, duration } = packet;
    this.onSample(new VideoSample(new AvFrameVideoSampleResource(frame), { timestamp, duration }));
  }

  #pixelAspectRatio(): Rational {
    const { codedWidth = 1, codedHeight = 1 } = this.config;
    const { displayAspectWidth = codedWidth, displayAspectHeight = codedHeight } = this.config;
    return new Rational(displayAspectWidth * codedHeight, displayAspectHeight * codedWidth);
  }

  async flush(): Promise<void> {}

  close(): void {
    this.#context.freeContext();
    this.#frame.free();
    this.#packet.free();
  }
}
