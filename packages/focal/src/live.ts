import { FocalError, parseLookSettings } from '@focal/core';
import type { LiveFrameInput, LiveFrameOutput, LiveReady } from '@focal/node';
import type { Engine } from './engine.ts';

export interface LiveOptions {
  /** What is spent on a frame. Default `balanced`. */
  readonly quality?: 'fast' | 'balanced' | 'quality';
  /** Larger frames are reduced to so many pixels on the longer side, 64 to 1920. Default 960. */
  readonly maxSide?: number;
}

/** What is asked of a frame; see `LiveFrameInput` for each. */
export type LiveFrameOptions = Partial<
  Pick<LiveFrameInput, 'timeMs' | 'look' | 'release' | 'lock' | 'detectEvery' | 'boxes' | 'jpegQuality'>
>;

/**
 * One subject kept sharp in frames that come one after another, on a thread of its own with models of its own. Frames
 * are worked on in the order they are given. `close()` is idempotent; use after it throws `closed`.
 */
export interface LiveFocus extends AsyncDisposable {
  /** Resolves when the models are loaded. Throws `model-missing`, `device-unavailable`. */
  ready(): Promise<LiveReady>;
  /**
   * A frame as JPEG, PNG or WebP in, the same as a JPEG out, with what is known of it. Throws `corrupt-input`,
   * `unsupported-format`, `too-large`, `invalid-argument`; the session goes on with the next frame.
   */
  frame(bytes: Uint8Array, options?: LiveFrameOptions): Promise<LiveFrameOutput>;
  close(): Promise<void>;
}

const MAX_SIDE = { least: 64, most: 1920 } as const;

export function openLive(engine: Engine, options: LiveOptions = {}): LiveFocus {
  const { quality = 'balanced', maxSide = 960 } = options;
  if (!Number.isInteger(maxSide) || maxSide < MAX_SIDE.least || maxSide > MAX_SIDE.most) {
    const { least, most } = MAX_SIDE;
    throw new FocalError(
      'invalid-argument',
      `Expected a whole number from ${least} to ${most} for maxSide, got ${maxSide}.`,
    );
  }
  const pool = engine.openLive();
  const opened = pool.run('live-open', { quality });
  // Told to whoever waits for it.
  opened.catch(() => undefined);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= pool.close();
    return closing;
  };
  return {
    ready: () => opened,
    async frame(bytes, { timeMs = performance.now(), look = {}, jpegQuality = 85, ...asked } = {}) {
      if (closing !== undefined) throw new FocalError('closed', 'The live session has been closed.');
      parseLookSettings(look);
      if (asked.lock !== undefined) checkPoint(asked.lock);
      await opened;
      return pool.run('live-frame', { bytes, maxSide, timeMs, look, jpegQuality, ...asked });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkPoint({ x, y }: { readonly x: number; readonly y: number }): void {
  if (x >= 0 && x <= 1 && y >= 0 && y <= 1) return;
  throw new FocalError('invalid-argument', `Expected a point in fractions from 0 to 1, got ${x}, ${y}.`);
}
