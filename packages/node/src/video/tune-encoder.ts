import { CodecContext } from 'node-av';

/**
 * How x264 is set, of which mediabunny decides nothing and its own default is as slow as all the rest of the work together.
 * At the bit rates that are asked for here the slower presets are hardly better. The number of threads is fixed, since
 * the bytes depend on it.
 */
const PRESET = 'veryfast';
const THREADS = 2;

/** Has all H.264 encoders that are opened from now on set so. To be called once. */
export function tuneEncoder(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the context below
  const open = CodecContext.prototype.open2;
  CodecContext.prototype.open2 = function open2(this: CodecContext, ...args): Promise<number> {
    // Only x264 has both options.
    if (this.getOption('x264-params') !== null) {
      this.setOption('preset', PRESET);
      this.threadCount = THREADS;
    }
    return open.apply(this, args);
  };
}
