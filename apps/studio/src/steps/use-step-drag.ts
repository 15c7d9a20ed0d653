import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { useStudioParts } from '../ui/context.tsx';

/** Reorders steps by their handles: the list follows the pointer, and letting go ends one step of the history. */
export function useStepDrag(): {
  readonly list: RefObject<HTMLOListElement | null>;
  readonly draggedId: string | undefined;
  readonly startDrag: (id: string, event: PointerEvent) => void;
} {
  const { store } = useStudioParts();
  const list = useRef<HTMLOListElement>(null);
  const [draggedId, setDraggedId] = useState<string>();

  const startDrag = (id: string, event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const { setDragging, moveStep } = store.getState();
    setDraggedId(id);
    setDragging(true);
    const pointer = event.pointerId;
    // On the window: the element that was taken may be put elsewhere in the document meanwhile.
    const onMove = (moved: globalThis.PointerEvent) => {
      if (moved.pointerId !== pointer) return;
      const cards = [...(list.current?.querySelectorAll<HTMLElement>(':scope > li') ?? [])];
      const above = cards.filter((card) => {
        if (card.dataset.step === id) return false;
        const { top, height } = card.getBoundingClientRect();
        return moved.clientY > top + Math.min(height / 2, 40);
      });
      moveStep(id, above.length, `move ${id}`);
    };
    const onEnd = (ended: globalThis.PointerEvent) => {
      if (ended.pointerId !== pointer) return;
      removeEventListener('pointermove', onMove);
      removeEventListener('pointerup', onEnd);
      removeEventListener('pointercancel', onEnd);
      setDraggedId(undefined);
      setDragging(false);
    };
    addEventListener('pointermove', onMove);
    addEventListener('pointerup', onEnd);
    addEventListener('pointercancel', onEnd);
  };
  return { list, draggedId, startDrag };
}
