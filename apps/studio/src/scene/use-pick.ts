import { isInBox, type Point } from '@focal/core';
import { type RefObject, useEffect } from 'react';
import { toFractions } from '../stage/view-actions.ts';
import type { StudioState, StudioStore } from '../state/store.ts';
import { useStudioParts } from '../ui/context.tsx';

/** A pointer that went farther between down and up has moved the photo, in CSS pixels. */
const STILL_PX = 6;
/** A second click within this time zooms; the first is then no pick. */
const DOUBLE_MS = 240;

/**
 * Picks by a click or tap on the photo while the list of what is in it is open, by Alt and a click at any time, and by
 * the keyboard: once the cross is there (P), arrows move it, Enter picks, Escape puts it away.
 */
export function usePick(ref: RefObject<HTMLElement | null>): void {
  const { store, engine } = useStudioParts();
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let down: Point | undefined;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const isOurs = ({ target }: Event) => target instanceof Element && target.closest('[data-floating]') === null;
    const onDown = (event: PointerEvent) => {
      down =
        event.isPrimary && event.button === 0 && isOurs(event) ? { x: event.clientX, y: event.clientY } : undefined;
    };
    const onClick = (event: MouseEvent) => {
      clearTimeout(waiting);
      if (down === undefined || Math.hypot(event.clientX - down.x, event.clientY - down.y) > STILL_PX) return;
      const state = store.getState();
      if (state.refining !== undefined) return;
      // While it is being chosen whom a step acts on, clicks say that.
      const isOpen = state.photo !== undefined && state.sceneOpenFor === state.photo.id && !state.isChoosing;
      if (!(event.altKey || (isOpen && event.detail < 2))) return;
      const stage = element.getBoundingClientRect();
      const point = toPhoto(state, { x: event.clientX - stage.left, y: event.clientY - stage.top });
      if (point === undefined) return;
      if (event.altKey) void engine.pick(point);
      else waiting = setTimeout(() => void engine.pick(point), DOUBLE_MS);
    };
    const onKey = (event: KeyboardEvent) => {
      const { aim, litId, refining } = store.getState();
      if (event.target !== element) return;
      if (event.key === 'Escape' && (aim ?? litId) !== undefined) {
        store.setState({ aim: undefined, litId: undefined });
        event.stopImmediatePropagation();
      }
      if (aim === undefined) return;
      const moved = moveAim(aim, event);
      if (event.key !== 'Enter' && moved === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (moved === undefined) void (refining === undefined ? engine.pick(aim) : engine.refineAt(aim, refining.mode));
      else store.setState({ aim: moved });
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('click', onClick);
    // Before the keys that move the photo.
    element.addEventListener('keydown', onKey, { capture: true });
    return () => {
      clearTimeout(waiting);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('click', onClick);
      element.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [ref, store, engine]);
}

/** Puts the cross on the middle of what is seen of the photo, and the keyboard's focus on the photo. */
export function startAim(store: StudioStore): void {
  const state = store.getState();
  const { stage } = state;
  const middle = toPhoto(state, { x: stage.width / 2, y: stage.height / 2 });
  if (state.photo === undefined) return;
  store.setState({ aim: middle ?? { x: 0.5, y: 0.5 }, pickNote: undefined });
  document.querySelector<HTMLElement>('.stage')?.focus();
}

function moveAim({ x, y }: Point, { key, shiftKey }: KeyboardEvent): Point | undefined {
  const step = shiftKey ? 0.1 : 0.02;
  const within = (value: number) => Math.min(1, Math.max(0, value));
  switch (key) {
    case 'ArrowLeft':
      return { x: within(x - step), y };
    case 'ArrowRight':
      return { x: within(x + step), y };
    case 'ArrowUp':
      return { x, y: within(y - step) };
    case 'ArrowDown':
      return { x, y: within(y + step) };
    default:
      return undefined;
  }
}

/** A place on the stage in fractions of the photo; nothing beside it. */
function toPhoto(state: StudioState, at: Point): Point | undefined {
  const point = toFractions(state, at);
  return point !== undefined && isInBox(point, { x: 0, y: 0, width: 1, height: 1 }) ? point : undefined;
}
