/** Work that only the next frame needs: it is done once this one has been answered, and counted. */
export interface Later {
  readonly add: (work: () => void) => void;
  /** What was added is done as soon as the thread is free, which is after answers that are ready are posted. */
  begin(): void;
  /** For how long what was done last kept a frame waiting that was sent at this time of the thread's clock. */
  waitedMs(sentMs: number): number;
  /** Milliseconds of work since this was last asked. */
  take(): number;
}

export function createLater(): Later {
  const all: (() => void)[] = [];
  let [from, to, sum] = [0, 0, 0];
  const work = () => {
    from = performance.now();
    for (const each of all.splice(0)) each();
    to = performance.now();
    sum += to - from;
  };
  return {
    add: (each) => void all.push(each),
    begin() {
      if (all.length > 0) setTimeout(work);
    },
    waitedMs: (sentMs) => Math.max(0, to - Math.max(from, sentMs)),
    take() {
      const taken = sum;
      sum = 0;
      return taken;
    },
  };
}
