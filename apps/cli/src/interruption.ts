import type { ExitCode } from './exit-codes.ts';

/**
 * Ctrl-C and the system's request to end, as a signal for long work. The first stops the work in good order, a second
 * ends the program at once. Owned by the command; `[Symbol.dispose]` gives the signals back.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #onSignal: (name: NodeJS.Signals) => void;
  #exitCode: ExitCode = 130;

  constructor(onFirst: () => void) {
    this.#onSignal = (name) => {
      if (this.#controller.signal.aborted) {
        // Threads may be inside native code that must not be torn down: leave without any cleaning up.
        process.kill(process.pid, 'SIGKILL');
        return;
      }
      this.#exitCode = name === 'SIGTERM' ? 143 : 130;
      onFirst();
      this.#controller.abort();
    };
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the program ends with after this interruption. */
  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }
}
