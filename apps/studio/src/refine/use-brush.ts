import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { getShownView, toFractions } from '../stage/view-actions.ts';
import type { StudioState } from '../state/store.ts';
import type { Refining } from '../state/types.ts';
import { useStudioParts } from '../ui/context.tsx';
import type { StrokePoint } from './simplify.ts';

/** A second finger within this time means that two were meant to zoom: what the first one painted goes. */
const PINCH_MS = 350;
/** A pointer that went farther between down and up has moved the photo, in CSS pixels. */
const STILL_PX = 6;
/** The least radius of a pen's lightest touch, as a share of the brush's. */
const LEAST_PRESSURE = 0.05;
/** The eraser at the end of a pen, as a button. */
const ERASER = 5;

interface Painting {
  readonly pointer: number;
  readonly isTouch: boolean;
  readonly at: number;
}

/**
 * Paints corrections while an edge is refined: by mouse, pen or one finger; Alt or a pen's eraser does the opposite. With
 * Space held, the middle button or two fingers the photo is moved. The ring is kept at the brush's true size under the
 * pointer. Gives whether a pointer paints.
 */
export function useBrush(ref: RefObject<HTMLElement | null>, ring: RefObject<HTMLElement | null>): () => boolean {
  const { store, engine } = useStudioParts();
  const painting = useRef<Painting>(undefined);
  const isPainting = useCallback(() => painting.current !== undefined, []);

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let isSpaceHeld = false;
    let isOver = false;
    let down: { readonly x: number; readonly y: number } | undefined;

    const isOurs = ({ target }: Event) => target instanceof Element && target.closest('[data-floating]') === null;
    const toPoint = (event: PointerEvent): StrokePoint | undefined => {
      const box = element.getBoundingClientRect();
      const state = store.getState();
      const point = toFractions(state, { x: event.clientX - box.left, y: event.clientY - box.top });
      if (point === undefined) return undefined;
      const hasPressure = event.pointerType === 'pen' && state.brush.usesPressure;
      return hasPressure ? { ...point, pressure: Math.max(LEAST_PRESSURE, event.pressure) } : point;
    };
    const modeOf = (event: PointerEvent, { mode }: Refining): Refining['mode'] => {
      const isOpposite = event.altKey || event.button === ERASER;
      return isOpposite ? (mode === 'add' ? 'remove' : 'add') : mode;
    };
    const extend = (events: readonly PointerEvent[]): void => {
      engine.extendStroke(events.map(toPoint).filter((point) => point !== undefined));
    };
    const end = (isKept: boolean): void => {
      painting.current = undefined;
      engine.endStroke(isKept);
    };

    const onDown = (event: PointerEvent) => {
      const { refining } = store.getState();
      if (refining === undefined || !isOurs(event)) return;
      down = { x: event.clientX, y: event.clientY };
      const under = painting.current;
      if (under !== undefined) {
        // A palm beside the pen paints nothing; a second finger zooms.
        if (under.isTouch && event.pointerType === 'touch') end(event.timeStamp - under.at > PINCH_MS);
        return;
      }
      const paints = event.button === 0 || event.button === ERASER;
      if (refining.tool !== 'brush' || !paints || isSpaceHeld || !event.isPrimary) return;
      painting.current = { pointer: event.pointerId, isTouch: event.pointerType === 'touch', at: event.timeStamp };
      moveRing(event);
      engine.beginStroke(modeOf(event, refining));
      extend([event]);
    };
    const onMove = (event: PointerEvent) => {
      if (store.getState().refining === undefined) return;
      isOver = isOurs(event);
      moveRing(event);
      if (painting.current?.pointer !== event.pointerId) return;
      const all = event.getCoalescedEvents();
      extend(all.length === 0 ? [event] : all);
    };
    const onUp = (event: PointerEvent) => {
      if (painting.current?.pointer === event.pointerId) {
        end(true);
        if (event.pointerType === 'touch') hideRing();
        return;
      }
      const { refining } = store.getState();
      if (refining?.tool !== 'region' || down === undefined || !isOurs(event) || event.button !== 0) return;
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > STILL_PX) return;
      const point = toPoint(event);
      const isInside = point !== undefined && point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1;
      if (isInside) void engine.refineAt(point, modeOf(event, refining));
    };
    const onCancel = (event: PointerEvent) => {
      if (painting.current?.pointer === event.pointerId) end(false);
    };
    const onLeave = () => {
      isOver = false;
      if (painting.current === undefined) hideRing();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ') return;
      const isHeld = event.type === 'keydown';
      if (isHeld && (store.getState().refining === undefined || !isOver)) return;
      if (isHeld) event.preventDefault();
      isSpaceHeld = isHeld;
      element.toggleAttribute('data-moves', isHeld);
    };

    const sizeRing = (state: StudioState): number => {
      const view = getShownView(state);
      const { photo, brush } = state;
      if (view === undefined || photo === undefined) return 0;
      return 2 * brush.radius * Math.max(photo.width, photo.height) * view.scale;
    };
    const placeRing = (x: number, y: number, size: number, softness: number): void => {
      const { current } = ring;
      if (current === null) return;
      current.style.width = current.style.height = `${size}px`;
      current.style.transform = `translate(${x - size / 2}px, ${y - size / 2}px)`;
      current.style.setProperty('--core', `${(1 - softness) * 100}%`);
      current.dataset.seen = '';
    };
    const hideRing = (): void => {
      delete ring.current?.dataset.seen;
    };
    let place = { x: 0, y: 0 };
    const moveRing = (event: PointerEvent): void => {
      const state = store.getState();
      if (state.refining?.tool !== 'brush' || !isOurs(event) || (event.pointerType === 'touch' && !isPainting())) {
        return hideRing();
      }
      const box = element.getBoundingClientRect();
      place = { x: event.clientX - box.left, y: event.clientY - box.top };
      placeRing(place.x, place.y, sizeRing(state), state.brush.softness);
    };
    let hiding: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = store.subscribe((state, before) => {
      if (state.refining?.tool !== 'brush') return hideRing();
      if (state.view !== before.view && ring.current?.dataset.seen !== undefined) {
        placeRing(place.x, place.y, sizeRing(state), state.brush.softness);
      }
      if (state.brush === before.brush) return;
      // The brush is seen where it would paint, or else in the middle for a moment.
      const { width, height } = state.stage;
      const { x, y } = isOver ? place : { x: width / 2, y: height / 2 };
      placeRing(x, y, sizeRing(state), state.brush.softness);
      clearTimeout(hiding);
      if (!isOver) hiding = setTimeout(hideRing, 900);
    });

    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onCancel);
    element.addEventListener('pointerleave', onLeave);
    addEventListener('keydown', onKey);
    addEventListener('keyup', onKey);
    return () => {
      clearTimeout(hiding);
      unsubscribe();
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onCancel);
      element.removeEventListener('pointerleave', onLeave);
      removeEventListener('keydown', onKey);
      removeEventListener('keyup', onKey);
    };
  }, [ref, ring, store, engine, isPainting]);

  return isPainting;
}
