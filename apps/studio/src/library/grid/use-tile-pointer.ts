import { type RefObject, useEffect } from 'react';
import { useLibraryParts } from '../ui/library-context.tsx';

const LONG_PRESS_MS = 450;
const STILL_PX = 10;

/**
 * A click opens a photo, or selects it once one is selected; the check, Ctrl and a long press select, Shift takes all up to
 * it.
 */
export function useTilePointer(ref: RefObject<HTMLElement | null>): void {
  const { store, engine } = useLibraryParts();
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const listening = new AbortController();
    const { signal } = listening;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };
    let isPressed = false;
    const tileOf = (event: Event): number | undefined => {
      const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-id]') : null;
      return tile === null ? undefined : Number(tile.dataset.id);
    };
    const stop = (): void => clearTimeout(timer);

    element.addEventListener(
      'pointerdown',
      (event) => {
        isPressed = false;
        const id = tileOf(event);
        if (id === undefined || event.pointerType === 'mouse') return;
        start = { x: event.clientX, y: event.clientY };
        timer = setTimeout(() => {
          isPressed = true;
          navigator.vibrate?.(15);
          engine.toggle(id);
        }, LONG_PRESS_MS);
      },
      { signal },
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL_PX) stop();
      },
      { signal },
    );
    for (const name of ['pointerup', 'pointercancel', 'scroll'] as const) {
      element.addEventListener(name, stop, { signal });
    }
    element.addEventListener('contextmenu', (event) => isPressed && event.preventDefault(), { signal });
    element.addEventListener(
      'click',
      (event) => {
        const id = tileOf(event);
        if (id === undefined) return;
        // The end of a long press is no click.
        if (isPressed) {
          isPressed = false;
          return;
        }
        if (store.getState().isMoving) return void engine.moveInAlbum([...store.getState().selection], id);
        const isCheck = event.target instanceof Element && event.target.closest('[data-check]') !== null;
        const { selection } = store.getState();
        if (event.shiftKey && store.getState().anchorId !== undefined) void engine.selectTo(id);
        else if (isCheck || selection.size > 0 || event.ctrlKey || event.metaKey || event.shiftKey) engine.toggle(id);
        else {
          store.setState({ focusId: id });
          engine.go({ assetId: id });
        }
      },
      { signal },
    );
    return () => {
      stop();
      listening.abort();
    };
  }, [ref, store, engine]);
}
