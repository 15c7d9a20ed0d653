import { registerMediabunnyServer } from '@mediabunny/server';
import { Logging, LogLevel, registerDecoder } from 'mediabunny';
import { AV_LOG_QUIET, Log } from 'node-av';
import { guardFrames } from './guard-frames.ts';
import { ProresDecoder } from './prores-decoder.ts';
import { tuneEncoder } from './tune-encoder.ts';

let isRegistered = false;

/**
 * Has mediabunny decode and encode with FFmpeg in this process: on processors alone, so that the same file gives the same
 * result everywhere. Loads a native program, so it is called by the thread that works on video only. Idempotent.
 */
export function registerCodecs(): void {
  Logging.level = LogLevel.Silent;
  // The first that can decode a codec does.
  if (!isRegistered) registerDecoder(ProresDecoder);
  registerMediabunnyServer({ hardwareContext: null });
  // What FFmpeg would print of broken files is told by what is thrown.
  Log.setLevel(AV_LOG_QUIET);
  if (isRegistered) return;
  isRegistered = true;
  guardFrames();
  tuneEncoder();
  // A decoder that failed rejects once more when it is closed, which mediabunny leaves unhandled: the failure itself was
  // told by then.
  process.on('unhandledRejection', (error) => {
    if (!(error instanceof Error && error.constructor.name === 'FFmpegError')) throw error;
  });
}
