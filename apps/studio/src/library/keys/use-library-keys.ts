import { useEffect } from 'react';
import { toKeyName } from '../../help/shortcuts.ts';
import { useLibraryParts } from '../ui/library-context.tsx';
import { isTaken } from './is-taken.ts';
import { libraryKeys } from './library-keys.ts';

/** Runs the page's keys while no photo is open. */
export function useLibraryKeys(): void {
  const parts = useLibraryParts();
  useEffect(() => {
    const byKey = new Map(libraryKeys.flatMap((each) => each.keys.map((key) => [key, each] as const)));
    const onKeyDown = (event: KeyboardEvent) => {
      const found = byKey.get(toKeyName(event));
      if (found === undefined || event.defaultPrevented || isTaken(event)) return;
      if (parts.store.getState().place.assetId !== undefined) return;
      event.preventDefault();
      found.run(parts);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [parts]);
}
