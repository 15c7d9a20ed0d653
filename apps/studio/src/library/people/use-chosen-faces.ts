import { useEffect, useRef, useState } from 'react';
import { isTaken } from '../keys/is-taken.ts';

/** Faces that are chosen in a list; Escape chooses none. */
export function useChosenFaces() {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const size = useRef(0);
  size.current = chosen.size;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || size.current === 0 || event.defaultPrevented || isTaken(event)) return;
      event.preventDefault();
      setChosen(new Set());
    };
    // Before the keys of the page, of which Escape is one.
    addEventListener('keydown', onKeyDown, true);
    return () => removeEventListener('keydown', onKeyDown, true);
  }, []);
  const ids = [...chosen];
  return {
    chosen,
    ids,
    /** `3 faces` */
    those: ids.length === 1 ? 'One face' : `${ids.length} faces`,
    toggle: (id: number) => {
      const now = new Set(chosen);
      if (!now.delete(id)) now.add(id);
      setChosen(now);
    },
    clear: () => setChosen(new Set()),
  };
}
