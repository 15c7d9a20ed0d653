import { useEffect, useState } from 'react';
import type { SearchHelp } from '../api/types.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';

const NO_HELP: SearchHelp = { suggestions: [], parts: [] };
/** Between two keystrokes of those who type fast. */
const WAIT_MS = 90;

/**
 * What a search was understood as, and what could stand where one writes; as of the last text that the server answered
 * for, which comes along.
 *
 * @param at undefined where nobody writes
 */
export function useSearchHelp(text: string, at: number | undefined): SearchHelp & { readonly text: string } {
  const engine = useLibraryEngine();
  const [help, setHelp] = useState({ ...NO_HELP, text: '' });
  useEffect(() => {
    if (text.trim() === '' && at === undefined) {
      setHelp({ ...NO_HELP, text });
      return undefined;
    }
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      try {
        const answer = await engine.api.suggest(text, at ?? text.length);
        if (isCurrent) setHelp({ ...answer, text });
      } catch {
        // Help is no must: what fails is told when one searches.
      }
    };
    const timer = setTimeout(() => void ask(), at === undefined ? 0 : WAIT_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [engine, text, at]);
  return help;
}
