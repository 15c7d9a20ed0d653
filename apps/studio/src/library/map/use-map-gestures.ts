import { type RefObject, useEffect, useRef } from 'react';
import { type MapSize, type MapView, panMap, zoomMap } from './mercator.ts';

const LINE_PX = 16;
/** A press that moves farther is no click. */
const CLICK_PX = 5;

/** Drag, wheel, pinch and double click move the map. */
export function useMapGestures(
  ref: RefObject<HTMLElement | null>,
  size: MapSize,
  move: (change: (view: MapView) => MapView) => void,
): void {
  const now = useRef({ size, move });
  now.current = { size, move };
  useEffect(() => {
    const stage = ref.current;
    if (stage === null) return undefined;
    const pointers = new Map<number, { readonly x: number; readonly y: number }>();
    let hasMoved = false;
    const placeOf = (event: { readonly clientX: number; readonly clientY: number }) => {
      const { left, top } = stage.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const middle = () => {
      const all = [...pointers.values()];
      const [first, second = first] = all;
      if (first === undefined || second === undefined) return undefined;
      const apart = Math.hypot(first.x - second.x, first.y - second.y);
      return { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2, apart };
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest('.map-panel, .map-tools, .map-places') !== null)
        return;
      if (pointers.size === 0) hasMoved = false;
      pointers.set(event.pointerId, placeOf(event));
    };
    const onMove = (event: PointerEvent) => {
      const before = middle();
      const last = pointers.get(event.pointerId);
      if (before === undefined || last === undefined) return;
      const place = placeOf(event);
      if (!hasMoved && pointers.size === 1 && Math.hypot(place.x - last.x, place.y - last.y) < CLICK_PX) return;
      if (!hasMoved) stage.setPointerCapture(event.pointerId);
      hasMoved = true;
      pointers.set(event.pointerId, place);
      const after = middle() ?? before;
      const by = pointers.size > 1 && before.apart > 0 ? Math.log2(after.apart / before.apart) : 0;
      now.current.move((view) => {
        const panned = panMap(view, now.current.size, after.x - before.x, after.y - before.y);
        return by === 0 ? panned : zoomMap(panned, now.current.size, by, after);
      });
    };
    const onUp = (event: PointerEvent) => void pointers.delete(event.pointerId);
    /** What ends a drag is no click on what lies below. */
    const onClick = (event: MouseEvent) => {
      if (!hasMoved) return;
      hasMoved = false;
      event.stopPropagation();
      event.preventDefault();
    };
    const onWheel = (event: WheelEvent) => {
      if ((event.target as Element).closest('.map-panel, .map-places') !== null) return;
      event.preventDefault();
      const down = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1);
      const at = placeOf(event);
      const by = Math.max(-1, Math.min(1, -down / (event.ctrlKey ? 80 : 300)));
      now.current.move((view) => zoomMap(view, now.current.size, by, at));
    };
    const onDouble = (event: MouseEvent) => {
      if ((event.target as Element).closest('button, .map-panel') !== null) return;
      const at = placeOf(event);
      now.current.move((view) => zoomMap(view, now.current.size, event.shiftKey ? -1 : 1, at));
    };
    const listeners = new AbortController();
    const { signal } = listeners;
    stage.addEventListener('pointerdown', onDown, { signal });
    stage.addEventListener('pointermove', onMove, { signal });
    stage.addEventListener('pointerup', onUp, { signal });
    stage.addEventListener('pointercancel', onUp, { signal });
    stage.addEventListener('click', onClick, { signal, capture: true });
    stage.addEventListener('wheel', onWheel, { signal, passive: false });
    stage.addEventListener('dblclick', onDouble, { signal });
    return () => listeners.abort();
  }, [ref]);
}
