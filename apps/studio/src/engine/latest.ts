/** Runs one job at a time and remembers only the newest of those that wait: never a backlog. */
export interface LatestRunner<T> {
  /** Runs `job` next, in place of one that still waits. */
  request(job: T): void;
  /** Forgets what waits and tells what runs to stop. */
  cancel(): void;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

/** `run` must not throw for what it expects; anything thrown goes to `onError` and does not stop later jobs. */
export function createLatestRunner<T>(
  run: (job: T, signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): LatestRunner<T> {
  let waiting: { job: T } | undefined;
  let controller: AbortController | undefined;
  let working: Promise<void> | undefined;

  const work = async () => {
    while (waiting !== undefined) {
      const { job } = waiting;
      waiting = undefined;
      controller = new AbortController();
      try {
        await run(job, controller.signal);
      } catch (error) {
        onError(error);
      }
    }
    controller = undefined;
    working = undefined;
  };

  return {
    request(job) {
      waiting = { job };
      working ??= work();
    },
    cancel() {
      waiting = undefined;
      controller?.abort();
    },
    idle: () => working ?? Promise.resolve(),
  };
}
