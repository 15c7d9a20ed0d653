import { alphaAt, isInBox, regionArea, type Subject } from '@focal/core';
import { type RefObject, useEffect } from 'react';
import { findEffect, findOpenStep } from '../state/look-actions.ts';
import type { StudioState, StudioStore } from '../state/store.ts';
import { toChosenIds } from '../steps/target-names.ts';
import { useStudioParts } from '../ui/context.tsx';
import { getShownView } from './view-actions.ts';

/** A pointer that went farther between down and up has moved the photo, in CSS pixels. */
const STILL_PX = 6;

/**
 * While it is being chosen whom the open step acts on: what the pointer is over lights up, a click chooses it alone,
 * with Shift or by touch it is added or taken away, Escape ends it.
 */
export function useChoose(ref: RefObject<HTMLElement | null>): void {
  const { store } = useStudioParts();
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let down: { readonly x: number; readonly y: number } | undefined;
    const find = (event: PointerEvent): Subject | undefined => {
      const box = element.getBoundingClientRect();
      return findSubject(store.getState(), event.clientX - box.left, event.clientY - box.top);
    };
    const isOurs = ({ target }: Event) => target instanceof Element && target.closest('[data-floating]') === null;
    const onMove = (event: PointerEvent) => {
      if (!store.getState().isChoosing || event.pointerType !== 'mouse' || event.buttons !== 0) return;
      const id = isOurs(event) ? find(event)?.id : undefined;
      if (store.getState().litId !== id) store.setState({ litId: id });
    };
    const onLeave = () => {
      if (store.getState().isChoosing) store.setState({ litId: undefined });
    };
    const onDown = (event: PointerEvent) => {
      down =
        event.isPrimary && event.button === 0 && isOurs(event) ? { x: event.clientX, y: event.clientY } : undefined;
    };
    const onUp = (event: PointerEvent) => {
      if (!store.getState().isChoosing || down === undefined) return;
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > STILL_PX) return;
      const subject = find(event);
      if (subject !== undefined) choose(store, subject.id, event.shiftKey || event.pointerType !== 'mouse');
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && store.getState().isChoosing)
        store.setState({ isChoosing: false, litId: undefined });
    };
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointerup', onUp);
    addEventListener('keydown', onKey);
    return () => {
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointerup', onUp);
      removeEventListener('keydown', onKey);
    };
  }, [ref, store]);
}

/** The smallest subject that is seen at a place on the stage. */
function findSubject(state: StudioState, stageX: number, stageY: number): Subject | undefined {
  const view = getShownView(state);
  if (view === undefined || state.photo === undefined || state.scene.phase !== 'ready') return undefined;
  const point = {
    x: (stageX - view.x) / (state.photo.width * view.scale),
    y: (stageY - view.y) / (state.photo.height * view.scale),
  };
  const there = (state.scene.scene.subjects?.subjects ?? []).filter(
    ({ box, matte }) => isInBox(point, box) && alphaAt(matte, point) >= 128,
  );
  return there.sort((a, b) => regionArea(a.matte) - regionArea(b.matte))[0];
}

function choose(store: StudioStore, id: string, isAdded: boolean): void {
  const state = store.getState();
  const step = findOpenStep(state);
  if (step === undefined) return;
  const chosen = toChosenIds(step.on ?? findEffect(state, step)?.on);
  const others = isAdded ? chosen.filter((each) => each !== id) : [];
  const next = isAdded && chosen.includes(id) ? others : [...others, id];
  state.setOn(next.length === 0 ? undefined : next.join(','));
  store.setState({ litId: undefined });
}
