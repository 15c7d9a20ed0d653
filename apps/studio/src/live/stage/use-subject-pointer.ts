import { boxIou, type FocusDetection, type FocusView } from '@focal/core';
import { type PointerEvent, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { findLit } from '../engine/find-lit.ts';
import { canLock } from '../state/live-settings.ts';
import { useLiveParts } from '../ui/live-context.tsx';
import { toPicturePoint } from './picture-place.ts';

const LONG_PRESS_MS = 550;
/** A finger that moves farther does not press. */
const STILL_PX = 12;

/** What overlaps the locked subject by this much is it. */
const SAME = 0.5;

/** Hover lights what is there, a click locks it; Alt and a click, or a long press, takes whatever is there. */
export function useSubjectPointer(picture: RefObject<HTMLDivElement | null>) {
  const { engine, store } = useLiveParts();
  const known = useRef<{ detections: readonly FocusDetection[]; view?: FocusView | undefined }>({ detections: [] });
  /** Where the pointer hovers: subjects move below it. */
  const hovering = useRef<{ readonly clientX: number; readonly clientY: number } | undefined>(undefined);

  const light = useCallback(() => {
    const [at, element] = [hovering.current, picture.current];
    const { detections, view } = known.current;
    const isOn = at !== undefined && element !== null && canLock(store.getState().settings);
    const point = isOn ? toPicturePoint(at, element.getBoundingClientRect()) : undefined;
    const found = point === undefined ? undefined : findLit(detections, point);
    const isLocked = found !== undefined && view?.box !== undefined && boxIou(found.box, view.box) > SAME;
    const lit = isLocked ? undefined : found;
    if (lit !== store.getState().lit) store.setState({ lit });
  }, [picture, store]);

  useEffect(
    () =>
      engine.onShown((followed) => {
        known.current = { detections: followed?.detections ?? [], view: followed?.view };
        light();
      }),
    [engine, light],
  );
  return useMemo(() => {
    let pressed: { readonly x: number; readonly y: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;
    const pointOf = (event: PointerEvent) => {
      const element = picture.current;
      return element === null ? undefined : toPicturePoint(event, element.getBoundingClientRect());
    };
    const letGo = () => {
      clearTimeout(pressed?.timer);
      pressed = undefined;
    };
    const isLockable = () => canLock(store.getState().settings);
    return {
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0 || !isLockable()) return;
        const point = pointOf(event);
        if (point === undefined) return;
        letGo();
        const timer = setTimeout(() => {
          pressed = undefined;
          void engine.lockAt(point, true);
        }, LONG_PRESS_MS);
        pressed = { x: event.clientX, y: event.clientY, timer };
      },
      onPointerMove(event: PointerEvent) {
        if (pressed !== undefined && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL_PX)
          letGo();
        hovering.current =
          event.pointerType === 'touch' ? undefined : { clientX: event.clientX, clientY: event.clientY };
        light();
      },
      onPointerUp(event: PointerEvent) {
        if (pressed === undefined) return;
        letGo();
        const point = pointOf(event);
        if (point !== undefined) void engine.lockAt(point, event.altKey);
      },
      onPointerCancel: letGo,
      onPointerLeave() {
        letGo();
        hovering.current = undefined;
        light();
      },
      // A long press would open the menu of the browser.
      onContextMenu: (event: { preventDefault(): void }) => event.preventDefault(),
    };
  }, [engine, light, picture, store]);
}
