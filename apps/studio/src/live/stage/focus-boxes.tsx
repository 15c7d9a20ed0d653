import type { Box } from '@focal/core';
import { useEffect, useRef } from 'react';
import { canLock } from '../state/live-settings.ts';
import { useLive, useLiveEngine } from '../ui/live-context.tsx';

/** The green box of what is locked, moved without React as often as frames come, and the amber one under the pointer. */
export function FocusBoxes() {
  const engine = useLiveEngine();
  const lock = useRef<HTMLDivElement>(null);
  const lit = useLive((state) => state.lit);
  const label = useLive((state) => state.focus.label);
  const focusState = useLive((state) => state.focus.state);
  const showsBox = useLive((state) => state.settings.showsBox && canLock(state.settings));

  useEffect(
    () =>
      engine.onShown((followed) => {
        const element = lock.current;
        if (element === null) return;
        const box = followed?.view.box;
        element.hidden = box === undefined;
        if (box !== undefined) placeBox(element, box);
      }),
    [engine],
  );

  return (
    <div className="focus-boxes" aria-hidden="true">
      {lit !== undefined && (
        <div className="lit-box" ref={(element) => placeBox(element, lit.box)}>
          <span className="box-name">{toName(lit.label)}</span>
        </div>
      )}
      <div className="lock-frame" data-off={!showsBox || undefined}>
        <div className="lock-box" ref={lock} hidden data-state={focusState}>
          {label !== undefined && <span className="box-name">{toName(label)}</span>}
        </div>
      </div>
    </div>
  );
}

function placeBox(element: HTMLElement | null, { x, y, width, height }: Box): void {
  if (element === null) return;
  const { style } = element;
  style.left = `${x * 100}%`;
  style.top = `${y * 100}%`;
  style.width = `${width * 100}%`;
  style.height = `${height * 100}%`;
}

/** For people: `sports ball` → `Sports ball`. */
export function toName(label: string): string {
  if (label === 'tv') return 'TV';
  return label.charAt(0).toUpperCase() + label.slice(1);
}
