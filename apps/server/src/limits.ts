import { FocalError } from '@focal/core';

/** Bounds of what one server takes on. */
export interface Limits {
  /** Bytes of one request body, all parts together. Larger ones are refused, early where the length is announced. */
  readonly maxUploadBytes: number;
  /** A body has to arrive within this time. */
  readonly uploadTimeoutMs: number;
  /** One edit has to be done within this time, counted from its turn. */
  readonly workTimeoutMs: number;
  /** Edits running at once. */
  readonly concurrency: number;
  /** Requests that may wait (or upload) beside those; past it the answer is 429. */
  readonly queueLength: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxUploadBytes: 64 * 1024 * 1024,
  uploadTimeoutMs: 120_000,
  workTimeoutMs: 180_000,
  concurrency: 2,
  queueLength: 32,
};

/** The defaults with these changes. Throws `invalid-argument` for a limit that is no whole number in range. */
export function toLimits(changes: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    const least = name === 'queueLength' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new FocalError('invalid-argument', `Expected a whole number from ${least} for ${name}, got ${value}.`);
    }
  }
  return limits;
}
