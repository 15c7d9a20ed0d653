import { useEffect, useRef } from 'react';
import { toKeyName } from '../../help/shortcuts.ts';
import { isTaken } from '../keys/is-taken.ts';
import { useLibraryParts } from '../ui/library-context.tsx';
import { type ViewerActions, viewerKeys } from './viewer-keys.ts';

export function useViewerKeys(actions: ViewerActions): void {
  const { store } = useLibraryParts();
  const current = useRef(actions);
  current.current = actions;
  useEffect(() => {
    const byKey = new Map(viewerKeys.flatMap((each) => each.keys.map((key) => [key, each] as const)));
    const onKeyDown = (event: KeyboardEvent) => {
      const name = toKeyName(event);
      if (event.defaultPrevented || isTaken(event)) return;
      if (name === '?') {
        event.preventDefault();
        return store.getState().openDialog('keys');
      }
      const found = byKey.get(name);
      if (found === undefined || (event.repeat && !/^(arrow|[+=-])/.test(name))) return;
      event.preventDefault();
      found.run(current.current, name);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [store]);
}
