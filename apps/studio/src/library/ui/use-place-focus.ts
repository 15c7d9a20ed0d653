import { type RefObject, useEffect } from 'react';
import { useLibrary } from './library-context.tsx';

/** Where what had the focus is gone with the page that it stood on, the next page has it, so that keys go on there. */
export function usePlaceFocus(main: RefObject<HTMLElement | null>): void {
  const { view, albumId, personId, page } = useLibrary((state) => state.place);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at anew on each page
  useEffect(() => {
    if (isNowhere()) main.current?.focus({ preventScroll: true });
  }, [main, view, albumId, personId, page]);
}

/** Whether nothing of the page has the focus. */
export function isNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.matches('.library-main');
}
