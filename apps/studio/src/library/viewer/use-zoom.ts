import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { fitViewport, type Point, panBy, type Size, type Viewport, zoomAt } from '../../stage/viewport.ts';

export interface Zoom {
  /** Where the photo stands; undefined until the stage is measured. */
  readonly view: Viewport | undefined;
  readonly isFit: boolean;
  readonly isPanning: boolean;
  /** How far the photo is dragged aside, in CSS pixels, on its way to the next one. */
  readonly swipe: number;
  readonly zoom: (factor: number, point?: Point) => void;
  readonly fit: () => void;
  /** One pixel of the photo to one of the screen. */
  readonly actual: (point?: Point) => void;
}

const LINE_PX = 16;
const SWIPE_PX = 60;

/**
 * Zoom and pan of a photo by wheel, pinch, drag and double click. A fitted photo that is dragged aside goes to the next one.
 *
 * @param key another one begins fitted
 */
export function useZoom(
  ref: RefObject<HTMLElement | null>,
  picture: Size,
  key: number,
  onSwipe: (by: 1 | -1) => void,
): Zoom {
  const [stage, setStage] = useState<Size | undefined>(undefined);
  const [held, setHeld] = useState<{ readonly key: number; readonly view: Viewport } | undefined>(undefined);
  const [isPanning, setPanning] = useState(false);
  const [swipe, setSwipe] = useState(0);
  const fitted =
    stage === undefined ? undefined : fitViewport(stage, picture, globalThis.devicePixelRatio, insetsOf(stage));
  const isFit = held?.key !== key;
  const view = isFit ? fitted : held.view;
  const now = useRef({ stage, view, fitted, isFit, picture, onSwipe });
  now.current = { stage, view, fitted, isFit, picture, onSwipe };

  const set = useCallback(
    (next: Viewport | undefined) => setHeld(next === undefined ? undefined : { key, view: next }),
    [key],
  );
  const zoom = useCallback(
    (factor: number, point?: Point) => {
      const { stage: size, view: from, fitted: whole, picture: photo } = now.current;
      if (size === undefined || from === undefined || whole === undefined) return;
      const at = point ?? { x: size.width / 2, y: size.height / 2 };
      const next = zoomAt(from, at, factor, size, photo);
      set(next.scale <= whole.scale * 1.01 ? undefined : next);
    },
    [set],
  );
  const actual = useCallback(
    (point?: Point) => {
      const { view: from } = now.current;
      if (from !== undefined) zoom(1 / globalThis.devicePixelRatio / from.scale, point);
    },
    [zoom],
  );
  const fit = useCallback(() => set(undefined), [set]);

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setStage({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const listening = new AbortController();
    const { signal } = listening;
    const pointers = new Map<number, Point>();
    let start: Point | undefined;
    let dragged = 0;
    const toStage = (event: MouseEvent): Point => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const pan = (dx: number, dy: number): void => {
      const { stage: size, view: from, isFit: whole, picture: photo } = now.current;
      if (size !== undefined && from !== undefined && !whole) set(panBy(from, dx, dy, size, photo));
    };
    const isOurs = (event: Event): boolean =>
      event.target instanceof Element && event.target.closest('button, a, video, [data-floating]') === null;
    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
        if (!event.ctrlKey && event.deltaX !== 0) return pan(-event.deltaX * unit, -event.deltaY * unit);
        zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0022)), toStage(event));
      },
      { signal, passive: false },
    );
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (!isOurs(event) || (event.pointerType === 'mouse' && event.button > 0)) return;
        pointers.set(event.pointerId, toStage(event));
        element.setPointerCapture(event.pointerId);
        start = pointers.size === 1 ? toStage(event) : undefined;
        dragged = 0;
        setPanning(true);
      },
      { signal },
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        const before = pointers.get(event.pointerId);
        if (before === undefined) return;
        const point = toStage(event);
        const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
        if (other !== undefined) {
          const middle = { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 };
          zoom(distance(point, other) / Math.max(1, distance(before, other)), middle);
          pan((point.x - before.x) / 2, (point.y - before.y) / 2);
        } else if (!now.current.isFit) pan(point.x - before.x, point.y - before.y);
        else if (start !== undefined) {
          dragged = point.x - start.x;
          setSwipe(dragged);
        }
        pointers.set(event.pointerId, point);
      },
      { signal },
    );
    const end = (event: PointerEvent): void => {
      if (!pointers.delete(event.pointerId) || pointers.size > 0) return;
      setPanning(false);
      setSwipe(0);
      if (event.type === 'pointerup' && now.current.isFit && Math.abs(dragged) > SWIPE_PX) {
        now.current.onSwipe(dragged < 0 ? 1 : -1);
      }
      dragged = 0;
    };
    element.addEventListener('pointerup', end, { signal });
    element.addEventListener('pointercancel', end, { signal });
    element.addEventListener(
      'dblclick',
      (event) => {
        if (!isOurs(event)) return;
        const { isFit: whole, fitted: fit_ } = now.current;
        if (!whole || fit_ === undefined) return set(undefined);
        // What is shown in full already is enlarged all the same.
        const full = 1 / globalThis.devicePixelRatio / fit_.scale;
        zoom(Math.max(2, full), toStage(event));
      },
      { signal },
    );
    return () => listening.abort();
  }, [ref, set, zoom]);

  return { view, isFit, isPanning, swipe, zoom, fit, actual };
}

/** Bars stand above and below the photo where there is room. */
function insetsOf({ width }: Size) {
  return width < 760 ? { top: 0, side: 0, bottom: 0 } : { top: 8, side: 72, bottom: 8 };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
