import { type RefObject, useEffect, useState } from 'react';
import { useStudioParts } from '../ui/context.tsx';
import { fitStage, getShownView, panStage, zoomStage, zoomToActual } from './view-actions.ts';
import type { Point } from './viewport.ts';

const LINE_PX = 16;

/**
 * Wheel and pinch zoom to the cursor, drag and two fingers pan, a double click goes between fit and 100 %. A pointer that
 * paints does none of that.
 */
export function useGestures(
  ref: RefObject<HTMLElement | null>,
  isPainting: () => boolean,
): { readonly isPanning: boolean } {
  const { store } = useStudioParts();
  const [isPanning, setPanning] = useState(false);

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const pointers = new Map<number, Point>();
    const toStage = (event: MouseEvent): Point => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      // Two fingers on a trackpad move; a wheel, or a pinch (which comes with Ctrl), zooms.
      if (!event.ctrlKey && event.deltaX !== 0) return panStage(store, -event.deltaX * unit, -event.deltaY * unit);
      const strength = event.ctrlKey ? 0.01 : 0.0022;
      zoomStage(store, Math.exp(-event.deltaY * unit * strength), toStage(event));
    };
    const isOurs = (event: Event) =>
      event.target instanceof Element && event.target.closest('[data-floating]') === null;
    const onDown = (event: PointerEvent) => {
      if (!isOurs(event) || (event.pointerType === 'mouse' && event.button > 1)) return;
      pointers.set(event.pointerId, toStage(event));
      element.setPointerCapture(event.pointerId);
      if (!isPainting()) setPanning(true);
    };
    const onMove = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (before === undefined) return;
      const now = toStage(event);
      if (pointers.size > 1) pinch(event.pointerId, before, now);
      else if (!isPainting()) panStage(store, now.x - before.x, now.y - before.y);
      pointers.set(event.pointerId, now);
    };
    const pinch = (id: number, before: Point, now: Point) => {
      const other = [...pointers].find(([each]) => each !== id)?.[1];
      if (other === undefined) return;
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      const factor = distance(now, other) / Math.max(1, distance(before, other));
      zoomStage(store, factor, middle);
      panStage(store, (now.x - before.x) / 2, (now.y - before.y) / 2);
    };
    const onUp = (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) setPanning(false);
    };
    const onDouble = (event: MouseEvent) => {
      // Two quick dabs of a brush are no double click.
      if (!isOurs(event) || store.getState().refining !== undefined) return;
      const isFit = store.getState().view === undefined;
      if (isFit) zoomToActual(store, toStage(event));
      else fitStage(store);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.target !== element) return;
      const step = event.shiftKey ? 160 : 40;
      const moves: Record<string, Point> = {
        ArrowLeft: { x: step, y: 0 },
        ArrowRight: { x: -step, y: 0 },
        ArrowUp: { x: 0, y: step },
        ArrowDown: { x: 0, y: -step },
      };
      const move = moves[event.key];
      if (move === undefined || getShownView(store.getState()) === undefined) return;
      event.preventDefault();
      panStage(store, move.x, move.y);
    };

    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('dblclick', onDouble);
    element.addEventListener('keydown', onKey);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('dblclick', onDouble);
      element.removeEventListener('keydown', onKey);
    };
  }, [ref, store, isPainting]);

  return { isPanning };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
