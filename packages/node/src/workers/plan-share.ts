import type { Pass } from '@focal/core';

// [Note: shares of a plan] Threads join a plan whenever they are free and take rows by adding to a shared counter; a
// second counter holds the rows that are done. A pass is over when all its rows are done, not when all threads have
// come by: so a plan never waits for a thread that is busy elsewhere, and a late one finds the passes done and leaves.

const STATE = 0;
const RUNNING = 0;
const STOPPED = 1;
const HEAD = 1;
const PER_PASS = 2;
/** A thread that waits looks up this often even if nobody wakes it. */
const WAIT_MS = 100;

/** The counters of a plan with so many passes: state, then rows taken and rows done of each. */
export function createControl(passes: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer((HEAD + passes * PER_PASS) * 4));
}

/** Tells all threads to leave the plan at their next look. */
export function stopPlan(control: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(control, STATE, STOPPED);
  for (let index = HEAD; index < control.length; index++) Atomics.notify(control, index);
}

/**
 * This thread's share of a plan. True when all passes are done, false when the plan was stopped. Blocks while others
 * finish the rows that they took. `onPass` is called on the thread that finishes a pass.
 */
export function runShare(
  passes: readonly Pass[],
  control: Int32Array<SharedArrayBuffer>,
  threads: number,
  onPass: (index: number) => void,
): boolean {
  for (const [index, pass] of passes.entries()) {
    const taken = HEAD + index * PER_PASS;
    const done = taken + 1;
    // Small enough that threads end together, large enough that counting costs nothing.
    const step = Math.max(1, Math.ceil(pass.rows / (threads * 8)));
    for (;;) {
      if (Atomics.load(control, STATE) !== RUNNING) return false;
      const from = Atomics.add(control, taken, step);
      if (from >= pass.rows) break;
      const to = Math.min(from + step, pass.rows);
      pass.run(from, to);
      if (Atomics.add(control, done, to - from) + to - from === pass.rows) {
        Atomics.notify(control, done);
        onPass(index);
      }
    }
    for (;;) {
      const rows = Atomics.load(control, done);
      if (rows >= pass.rows) break;
      if (Atomics.load(control, STATE) !== RUNNING) return false;
      Atomics.wait(control, done, rows, WAIT_MS);
    }
  }
  return Atomics.load(control, STATE) === RUNNING;
}
