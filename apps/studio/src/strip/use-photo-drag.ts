import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';

/** A pointer that went less far has pressed, not dragged, in CSS pixels. */
const STILL_PX = 6;
/** By touch a drag scrolls the list, unless the finger has rested on the photo so long before. */
const HOLD_MS = 350;

export interface PhotoDrag {
  readonly isDragged: boolean;
  /** Whether the pointer that was last down dragged: its click is none. */
  readonly wasDragged: () => boolean;
  readonly onPointerDown: (event: PointerEvent) => void;
}

/**
 * Moves a photo of the list by mouse, pen or, after holding it, by touch.
 * @param move takes the photo to this place among the others
 */
export function usePhotoDrag(
  id: number,
  list: RefObject<HTMLOListElement | null>,
  move: (index: number) => void,
): PhotoDrag {
  const [isDragged, setDragged] = useState(false);
  const moved = useRef(false);
  const end = useRef<() => void>(undefined);
  useEffect(() => () => end.current?.(), []);

  const onPointerDown = (event: PointerEvent): void => {
    moved.current = false;
    if (event.button !== 0) return;
    const { pointerId, pointerType, clientX, clientY } = event;
    const isTouch = pointerType === 'touch';
    let isHeld = !isTouch;
    const hold = window.setTimeout(() => {
      isHeld = true;
      if (isTouch) setDragged(true);
    }, HOLD_MS);
    const onMove = (to: globalThis.PointerEvent): void => {
      if (to.pointerId !== pointerId) return;
      const isStill = Math.hypot(to.clientX - clientX, to.clientY - clientY) < STILL_PX;
      if (!moved.current && isStill) return;
      if (!isHeld) return onEnd(to);
      moved.current = true;
      setDragged(true);
      move(placeOf(list.current, id, to));
    };
    const onEnd = (ended: globalThis.PointerEvent): void => {
      if (ended.pointerId === pointerId) end.current?.();
    };
    // What scrolls on touch is told early that a finger moves a photo; what would open a menu on holding, too.
    const keep = (touch: Event): void => {
      if (isHeld) touch.preventDefault();
    };
    const element = event.currentTarget;
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener('pointermove', onMove, { signal });
    addEventListener('pointerup', onEnd, { signal });
    addEventListener('pointercancel', onEnd, { signal });
    if (isTouch) {
      element.addEventListener('touchmove', keep, { signal, passive: false });
      element.addEventListener('contextmenu', (menu) => menu.preventDefault(), { signal });
    }
    end.current = () => {
      clearTimeout(hold);
      stop.abort();
      setDragged(false);
      end.current = undefined;
    };
  };
  return { isDragged, wasDragged: () => moved.current, onPointerDown };
}

/** How many of the other photos lie before a point: above it, or left of it where the list is a row. */
function placeOf(list: HTMLElement | null, id: number, point: { readonly clientX: number; readonly clientY: number }) {
  const isRow = list !== null && list.scrollWidth > list.clientHeight * 2;
  const others = [...(list?.querySelectorAll<HTMLElement>(':scope > li') ?? [])].filter(
    ({ dataset }) => dataset.photo !== String(id),
  );
  return others.filter((item) => {
    const { top, left, width, height } = item.getBoundingClientRect();
    return isRow ? point.clientX > left + width / 2 : point.clientY > top + height / 2;
  }).length;
}
