import type { Serving } from './serve.ts';

/**
 * Closes the server when the process is asked to end (SIGINT, SIGTERM): running work may finish first. A second signal
 * aborts it. Returns a function that stops listening for signals.
 */
export function closeOnSignals(serving: Serving, onSignal?: (signal: NodeJS.Signals) => void): () => void {
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  let count = 0;
  const listener = (signal: NodeJS.Signals): void => {
    count++;
    if (count > 1) process.exit(signal === 'SIGINT' ? 130 : 143);
    onSignal?.(signal);
    void serving.close();
  };
  const stop = (): void => {
    for (const signal of signals) process.off(signal, listener);
  };
  for (const signal of signals) process.on(signal, listener);
  void serving.closed.then(stop);
  return stop;
}
