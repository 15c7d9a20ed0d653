import { constants, setPriority } from 'node:os';

/** How threads stand behind others: `low` lets everything else on the machine go first. */
export type Priority = 'normal' | 'low';

/**
 * Gives the calling thread, and those it starts from now on, this priority. On Linux only: elsewhere it would concern
 * the whole process, and so the thread that answers too.
 */
export function takePriority(priority: Priority): void {
  if (priority === 'normal' || process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox may forbid it; the work is done all the same.
  }
}
