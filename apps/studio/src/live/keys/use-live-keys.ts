import { useEffect, useRef } from 'react';
import { toKeyName } from '../../help/shortcuts.ts';
import { useLiveParts } from '../ui/live-context.tsx';
import { liveKeys } from './live-keys.ts';

/** Runs the page's keys, but never while text is typed, a dialog is open or a control takes the key itself. */
export function useLiveKeys(pick: () => void): void {
  const parts = useLiveParts();
  const picking = useRef(pick);
  picking.current = pick;
  useEffect(() => {
    const byKey = new Map(liveKeys.flatMap((each) => each.keys.map((key) => [key, each] as const)));
    const onKeyDown = (event: KeyboardEvent) => {
      const found = byKey.get(toKeyName(event));
      if (found === undefined || event.defaultPrevented || isTaken(event)) return;
      if (event.repeat && !event.key.startsWith('Arrow')) return;
      event.preventDefault();
      found.run({ ...parts, pick: () => picking.current() });
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [parts]);
}

function isTaken({ key, target }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement) {
    const isText = !['range', 'radio', 'checkbox', 'color'].includes(target.type);
    return isText || key.startsWith('Arrow') || key === ' ';
  }
  // Space presses the button that has the focus, and arrows turn a dial.
  if (key === ' ') return target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return key.startsWith('Arrow') && target.getAttribute('role') === 'slider';
}
