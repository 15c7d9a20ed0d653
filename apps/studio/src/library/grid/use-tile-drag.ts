import { type RefObject, useEffect } from 'react';
import { useLibraryParts } from '../ui/library-context.tsx';

const FAR_PX = 6;
/** Near the edge of what is in sight the grid scrolls along, by so much a frame. */
const [EDGE_PX, SCROLL_PX] = [70, 14];

/**
 * Photos of an album that is filled by hand are dragged to another place with the mouse: those that are selected, or the
 * one under the pointer. Escape ends it. By touch and keys, the selection is moved by *Move*.
 */
export function useTileDrag(ref: RefObject<HTMLElement | null>, isArranged: boolean): void {
  const { store, engine } = useLibraryParts();
  useEffect(() => {
    const element = ref.current;
    if (element === null || !isArranged) return;
    const listening = new AbortController();
    const { signal } = listening;
    let start: { readonly x: number; readonly y: number; readonly id: number } | undefined;
    let at = { x: 0, y: 0 };
    let isDragging = false;
    let wasDragged = false;
    let frame = 0;
    const mark = document.createElement('div');
    mark.className = 'drop-mark';

    const tileAt = (x: number, y: number): HTMLElement | undefined =>
      document
        .elementsFromPoint(x, y)
        .map((each) => each.closest<HTMLElement>('[data-id]'))
        .find((each) => each !== null && element.contains(each)) ?? undefined;
    /** Before which photo it would come: the one under the pointer, or the next where the pointer is on its second half. */
    const target = ():
      | { readonly before: number | undefined; readonly tile: HTMLElement; readonly isAfter: boolean }
      | undefined => {
      const tile = tileAt(at.x, at.y);
      if (tile === undefined) return undefined;
      const { left, width } = tile.getBoundingClientRect();
      const isAfter = at.x > left + width / 2;
      const id = Number(tile.dataset.id);
      return { before: isAfter ? engine.nextInAlbum(id) : id, tile, isAfter };
    };
    const draw = (): void => {
      const { top, bottom } = element.getBoundingClientRect();
      if (at.y < top + EDGE_PX) element.scrollTop -= SCROLL_PX;
      if (at.y > bottom - EDGE_PX) element.scrollTop += SCROLL_PX;
      const found = target();
      mark.hidden = found === undefined;
      if (found !== undefined) {
        const box = found.tile.getBoundingClientRect();
        mark.style.transform = `translate(${(found.isAfter ? box.right : box.left) - 2}px, ${box.top}px)`;
        mark.style.height = `${box.height}px`;
      }
      frame = requestAnimationFrame(draw);
    };
    const end = (): void => {
      cancelAnimationFrame(frame);
      mark.remove();
      delete element.dataset.dragging;
      start = undefined;
      isDragging = false;
    };

    element.addEventListener(
      'pointerdown',
      (event) => {
        wasDragged = false;
        const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-id]') : null;
        if (tile === null || event.pointerType !== 'mouse' || event.button !== 0) return;
        start = { x: event.clientX, y: event.clientY, id: Number(tile.dataset.id) };
      },
      { signal },
    );
    window.addEventListener(
      'pointermove',
      (event) => {
        if (start === undefined) return;
        at = { x: event.clientX, y: event.clientY };
        if (isDragging || Math.hypot(at.x - start.x, at.y - start.y) < FAR_PX) return;
        isDragging = true;
        element.dataset.dragging = '';
        document.body.append(mark);
        frame = requestAnimationFrame(draw);
      },
      { signal },
    );
    window.addEventListener(
      'pointerup',
      () => {
        const found = isDragging ? target() : undefined;
        const from = start?.id;
        wasDragged = isDragging;
        end();
        if (found === undefined || from === undefined) return;
        const { selection } = store.getState();
        void engine.moveInAlbum(selection.has(from) ? [...selection] : [from], found.before);
      },
      { signal },
    );
    window.addEventListener('pointercancel', end, { signal });
    window.addEventListener('blur', end, { signal });
    window.addEventListener(
      'keydown',
      (event) => {
        if (!isDragging || event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        end();
        wasDragged = true;
      },
      { signal, capture: true },
    );
    // The end of a drag is no click.
    element.addEventListener(
      'click',
      (event) => {
        if (!wasDragged) return;
        wasDragged = false;
        event.stopPropagation();
        event.preventDefault();
      },
      { signal, capture: true },
    );
    // Pictures are not dragged out by the browser meanwhile.
    element.addEventListener('dragstart', (event) => event.preventDefault(), { signal });
    return () => {
      end();
      listening.abort();
    };
  }, [ref, store, engine, isArranged]);
}
