/** By what pictures are drawn: the graphics card, or core's kernels on the processor. */
export type DrawnBy = 'card' | 'processor';

/** Finds out what draws faster, while pictures are drawn: each has its turn. */
export interface Trial {
  /** What is to draw the next picture. */
  readonly next: DrawnBy;
  /** Whether it is found out, so that no times are needed any more. */
  readonly isOver: boolean;
  count(by: DrawnBy, ms: number): void;
}

/** The first of each compiles what it draws with, and does not count. */
const ROUNDS = 4;

export function createTrial(): Trial {
  const times: Record<DrawnBy, number[]> = { card: [], processor: [] };
  const isOver = () => times.card.length >= ROUNDS && times.processor.length >= ROUNDS;
  const typical = (by: DrawnBy) => times[by].slice(1).sort((a, b) => a - b)[(ROUNDS - 1) >> 1] ?? 0;
  return {
    get next() {
      // The card leaves the processor to what follows the subject: it may be as slow.
      if (isOver()) return typical('card') <= typical('processor') ? 'card' : 'processor';
      return times.card.length <= times.processor.length ? 'card' : 'processor';
    },
    get isOver() {
      return isOver();
    },
    count(by, ms) {
      if (times[by].length < ROUNDS) times[by].push(ms);
    },
  };
}
