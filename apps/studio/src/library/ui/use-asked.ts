import { useEffect } from 'react';
import type { LibraryEngine } from '../state/library-engine.ts';
import { useLibraryEngine } from './library-context.tsx';

/**
 * Asks the server once what asks is shown, and again whenever one of the marks changes. An answer that comes after that,
 * or when nobody is there for it any more, is not taken; what goes wrong is told.
 */
export function useAsked<T>(
  ask: (engine: LibraryEngine) => Promise<T>,
  take: (answer: T) => void,
  marks: readonly (string | number | boolean)[] = [],
): void {
  const engine = useLibraryEngine();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks says what the answer depends on
  useEffect(() => {
    let isOver = false;
    void engine.attempt(async () => {
      const answer = await ask(engine);
      if (!isOver) take(answer);
    });
    return () => {
      isOver = true;
    };
  }, [engine, ...marks]);
}
