import { Frame } from 'node-av';

/**
 * Has a frame of audio let go of its memory before it gets new. mediabunny fills one frame again and again; where a
 * longer piece of sound follows a shorter one, FFmpeg would reckon with the size of before (`av_frame_get_buffer` keeps
 * the line size that is there), and what lies behind is overwritten. Seen with @mediabunny/server 1.59.0.
 */
export function guardFrames(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the frame below
  const allocate = Frame.prototype.allocBuffer;
  Frame.prototype.allocBuffer = function allocBuffer(this: Frame): number {
    const { nbSamples, sampleRate } = this;
    if (nbSamples > 0 && sampleRate > 0 && this.data !== null) {
      const { format, channelLayout } = this;
      this.unref();
      Object.assign(this, { format, nbSamples, sampleRate, channelLayout });
    }
    return allocate.call(this);
  };
}
