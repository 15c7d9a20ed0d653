import { useEffect } from 'react';
import { useStudioParts } from '../ui/context.tsx';
import { shortcuts, toKeyName } from './shortcuts.ts';

/** Runs the page's shortcuts, but never while text is typed or a dialog is open. */
export function useShortcuts(): void {
  const parts = useStudioParts();
  useEffect(() => {
    const byKey = new Map(shortcuts.flatMap((shortcut) => shortcut.keys.map((key) => [key, shortcut] as const)));
    const onKeyDown = (event: KeyboardEvent) => {
      const name = toKeyName(event);
      const shortcut = byKey.get(name);
      if (shortcut === undefined || event.defaultPrevented || isElsewhere(event, name)) return;
      if (event.repeat && name === 'b') return;
      event.preventDefault();
      shortcut.run(parts);
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'b') parts.store.setState({ isHoldingBefore: false });
    };
    const onBlur = () => parts.store.setState({ isHoldingBefore: false });
    addEventListener('keydown', onKeyDown);
    addEventListener('keyup', onKeyUp);
    addEventListener('blur', onBlur);
    return () => {
      removeEventListener('keydown', onKeyDown);
      removeEventListener('keyup', onKeyUp);
      removeEventListener('blur', onBlur);
    };
  }, [parts]);
}

/** Whether the key is meant for something else: a dialog, a text field, selected text to copy. */
function isElsewhere(event: KeyboardEvent, name: string): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  if (name === 'mod+c' && !(getSelection()?.isCollapsed ?? true)) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const isText = target instanceof HTMLInputElement && !['range', 'radio', 'checkbox', 'color'].includes(target.type);
  // Undo inside a text field is the field's own.
  return (
    isText || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}
