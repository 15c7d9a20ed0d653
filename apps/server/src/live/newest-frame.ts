/** Runs one piece of work at a time; of what comes meanwhile only the newest is kept. */
export interface NewestFrame<T> {
  /** Works on it when what runs is done, unless a newer one comes first. */
  push(item: T): void;
  /** Drops what waits. */
  clear(): void;
}

/** @param work gets how many were left out since the one before; it must not throw. */
export function createNewestFrame<T>(work: (item: T, skipped: number) => Promise<void>): NewestFrame<T> {
  let waiting: { readonly item: T } | undefined;
  let isRunning = false;
  let skipped = 0;

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting !== undefined) {
      const { item } = waiting;
      const left = skipped;
      waiting = undefined;
      skipped = 0;
      await work(item, left);
    }
    isRunning = false;
  }

  return {
    push(item) {
      if (waiting !== undefined) skipped++;
      waiting = { item };
      if (!isRunning) void run();
    },
    clear() {
      waiting = undefined;
    },
  };
}
