import { FocalError } from '@focal/core';

/** Too many wrong ones: how long to wait. */
export class TooManyAttemptsError extends FocalError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('busy', `Too many wrong attempts: wait ${describe(retryAfterSeconds)}.`, { hint: 'Then try again.' });
    this.name = 'TooManyAttemptsError';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface AttemptsOptions {
  /** Wrong ones that one key has free. */
  readonly most: number;
  readonly withinMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Counts wrong attempts by who makes them or at what, in memory. */
export interface Attempts {
  /** Gives what `check` gives. Throws {@link TooManyAttemptsError} without asking it where there were too many. */
  attempt<T>(key: string, check: () => Promise<T | undefined>): Promise<T | undefined>;
}

/** Keys that are remembered; beyond that the oldest is forgotten. */
const MOST_KEYS = 10_000;

export function createAttempts({ most, withinMs, now }: AttemptsOptions): Attempts {
  const wrong = new Map<string, number[]>();
  return {
    async attempt(key, check) {
      const time = now();
      const recent = (wrong.get(key) ?? []).filter((each) => each > time - withinMs && each <= time);
      const [oldest] = recent;
      if (recent.length >= most && oldest !== undefined) {
        throw new TooManyAttemptsError(Math.max(1, Math.ceil((oldest + withinMs - time) / 1000)));
      }
      // Counted before it is known, so that many at once are no more than one after another.
      wrong.delete(key);
      wrong.set(key, [...recent, time]);
      for (const [first] of wrong) {
        if (wrong.size <= MOST_KEYS) break;
        wrong.delete(first);
      }
      const forget = (): void => {
        const left = wrong.get(key) ?? [];
        const at = left.indexOf(time);
        if (at >= 0) left.splice(at, 1);
        if (left.length === 0) wrong.delete(key);
      };
      try {
        const right = await check();
        if (right !== undefined) forget();
        return right;
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}

function describe(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}
