import { FocalError } from '@focal/core';

/** Bounds of what one server takes on. */
export interface Limits {
  /** Bytes of one request body, all parts together. Larger ones are refused, early where the length is announced. */
  readonly maxUploadBytes: number;
  /** A body has to arrive within this time. */
  readonly uploadTimeoutMs: number;
  /** One edit has to be done within this time, counted from its turn. */
  readonly workTimeoutMs: number;
  /** A request whose turn has not come within this time, counted from the end of its upload, is sent away with 503. */
  readonly queueTimeoutMs: number;
  /** Edits running at once. */
  readonly concurrency: number;
  /** Bytes of a request that brings a video; it has the time of {@link videoTimeoutMs} to arrive. */
  readonly maxVideoBytes: number;
  /** One video has to be done within this time, counted from its turn, and is sent away when that has not come by then. */
  readonly videoTimeoutMs: number;
  /** Videos that may wait beside the one that is worked on; past it the answer is 429. */
  readonly videoQueueLength: number;
  /** Live sessions over WebSocket at a time, each with a thread and models of its own. */
  readonly liveSessions: number;
  /** Requests that may wait (or upload) beside those; past it the answer is 429. */
  readonly queueLength: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxUploadBytes: 64 * 1024 * 1024,
  uploadTimeoutMs: 120_000,
  workTimeoutMs: 180_000,
  queueTimeoutMs: 120_000,
  concurrency: 2,
  liveSessions: 2,
  queueLength: 32,
  maxVideoBytes: 1024 * 1024 * 1024,
  videoTimeoutMs: 3_600_000,
  videoQueueLength: 4,
};

/** The defaults with these changes. Throws `invalid-argument` for a limit that is no whole number in range. */
export function toLimits(changes: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    const least = name === 'queueLength' || name === 'videoQueueLength' ? 0 : 1;
    // Timers hold 31 bits of milliseconds and fire at once past them.
    const most = name.endsWith('Ms') ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const range = `from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}`;
      throw new FocalError('invalid-argument', `Expected a whole number ${range} for ${name}, got ${value}.`);
    }
  }
  return limits;
}
